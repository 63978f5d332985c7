<?php

declare(strict_types=1);

namespace Apisig\Psr;

/**
 * An object that shows nothing of the secret that it holds, and is not written anywhere.
 *
 * @internal
 */
trait Undisclosed
{
    /** @var ?\WeakMap<self, string> apart from the objects: var_export() and casts to an array see every property */
    private static ?\WeakMap $secrets = null;

    private function keep(#[\SensitiveParameter] string $secret): void
    {
        self::$secrets ??= new \WeakMap();
        self::$secrets[$this] = $secret;
    }

    private function secret(): string
    {
        return self::$secrets[$this];
    }

    private function __clone()
    {
    }

    /** @return array<string, mixed> nothing: var_dump() and the like see no inside */
    public function __debugInfo(): array
    {
        return [];
    }

    /** @throws \LogicException always: a secret is not written anywhere */
    public function __serialize(): array
    {
        throw new \LogicException(static::class . ' holds a secret and cannot be serialized.');
    }

    /** @throws \LogicException always: an object without its secret is of no use */
    public function __unserialize(array $data): void
    {
        throw new \LogicException(static::class . ' cannot be unserialized.');
    }
}
