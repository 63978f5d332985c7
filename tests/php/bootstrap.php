<?php

/**
 * What the PHP tests share: the classes under test, and strings of random bytes.
 */

declare(strict_types=1);

namespace Apisig\Tests;

require __DIR__ . '/../../bindings/php/vendor/autoload.php';

/** Random bytes of a random length, NUL and high bytes among them. */
function bytes(int $min, int $max): string
{
    $length = \random_int($min, $max);
    return $length > 0 ? \random_bytes($length) : '';
}

/** Random bytes without control characters, spaces and what ends a path. */
function visible(int $min, int $max): string
{
    return \preg_replace('/[\x00-\x20\x7f?#]/', 'x', bytes($min, $max));
}
