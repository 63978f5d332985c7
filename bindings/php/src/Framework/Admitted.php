<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Checked;

/**
 * The event of a request of a vendor that was admitted, before it is answered: for Laravel's and Symfony's listeners.
 */
final class Admitted
{
    public function __construct(public readonly Checked $checked)
    {
    }
}
