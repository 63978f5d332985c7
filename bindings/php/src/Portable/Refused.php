<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Status;

/**
 * Why a function has no result: its code is the status. Library catches it.
 *
 * @internal
 */
final class Refused extends \Exception
{
    public function __construct(Status|int $status)
    {
        parent::__construct('', \is_int($status) ? $status : $status->value);
    }
}
