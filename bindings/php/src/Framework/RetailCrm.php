<?php

declare(strict_types=1);

namespace Apisig\Framework;

/**
 * The module's secret. Its register request is read where it is handled, by RetailCrm::register().
 *
 * @internal
 */
final class RetailCrm extends Vendor
{
    public const SERVICE = \Apisig\RetailCrm::class;
}
