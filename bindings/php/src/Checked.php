<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What a middleware tells its callback about each request: nothing that was presented, and no secret.
 */
final class Checked
{
    /**
     * @param string $vendor "kommo" or "imbachat"
     * @param ?int $secret the index of the secret that matched, if one did: 0 is the current one
     */
    public function __construct(
        public readonly string $vendor,
        public readonly Outcome $outcome,
        public readonly ?int $secret = null
    ) {
    }
}
