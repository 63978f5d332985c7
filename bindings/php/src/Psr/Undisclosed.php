<?php

declare(strict_types=1);

namespace Apisig\Psr;

/**
 * An object that shows nothing of what it holds, and is not written anywhere.
 *
 * @internal
 */
trait Undisclosed
{
    /** @return array<string, mixed> nothing: var_dump() and the like see no inside */
    public function __debugInfo(): array
    {
        return [];
    }

    /** @throws \LogicException always */
    public function __serialize(): array
    {
        throw new \LogicException(static::class . ' holds a secret and cannot be serialized.');
    }
}
