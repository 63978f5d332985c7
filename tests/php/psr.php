<?php

/**
 * The interfaces of PSR-7, 15, 17 and 18 and what implements them, from Debian's packages; for the tests of Apisig\Psr alone.
 */

declare(strict_types=1);

namespace Apisig\Tests;

/** Loads them, or skips the test that asks. */
function needPsr(string ...$names): void
{
    foreach ($names as $name) {
        $file = \stream_resolve_include_path("$name/autoload.php");
        if ($file === false) {
            missing("$name is not installed: see tests/lib/deps.sh.");
        }
        require_once $file;
    }
    if (!\interface_exists(\Psr\Http\Server\MiddlewareInterface::class)) {
        require __DIR__ . '/psr_server.php';
    }
}
