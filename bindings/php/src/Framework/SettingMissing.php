<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\InvalidArgument;

/**
 * A setting that is not set is needed.
 *
 * @internal
 */
final class SettingMissing extends InvalidArgument
{
}
