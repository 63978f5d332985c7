<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Checked;

/**
 * Dispatched when a vendor's request is admitted or refused, before it is answered: for Laravel's and Symfony's
 * listeners.
 */
final class RequestChecked
{
    public function __construct(public readonly Checked $checked)
    {
    }
}
