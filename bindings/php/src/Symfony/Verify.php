<?php

declare(strict_types=1);

namespace Apisig\Symfony;

/**
 * Only requests of this vendor reach the controller: #[Verify('imbachat')] on its class or method. Others get the
 * vendor's refusal, 401 or 413.
 */
#[\Attribute(\Attribute::TARGET_CLASS | \Attribute::TARGET_METHOD | \Attribute::TARGET_FUNCTION)]
final class Verify
{
    /** @param string $vendor the vendor's name, such as "kommo" */
    public function __construct(public readonly string $vendor)
    {
    }
}
