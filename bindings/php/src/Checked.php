<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What a middleware tells its callback about each request: nothing that was presented, and no secret.
 */
final class Checked
{
    /**
     * @param string $vendor the vendor's name, such as "kommo"
     * @param ?int $secret the index of the secret that matched, if one did: 0 is the current one
     */
    public function __construct(
        public readonly string $vendor,
        public readonly Outcome $outcome,
        public readonly ?int $secret = null
    ) {
    }
}
