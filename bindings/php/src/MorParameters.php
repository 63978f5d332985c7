<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Which parameters of a request to MOR are hashed: see Mor::parameters().
 */
final class MorParameters
{
    /**
     * @param list<string> $hashed in the order in which their values are hashed; empty: the secret alone is hashed
     * @param list<string> $others those that add nothing to the hash
     */
    public function __construct(public readonly array $hashed, public readonly array $others)
    {
    }
}
