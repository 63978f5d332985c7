<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Checked;

/**
 * The event of a request of a vendor that was refused, before it is answered: for Laravel's and Symfony's listeners.
 */
final class Refused
{
    public function __construct(public readonly Checked $checked)
    {
    }
}
