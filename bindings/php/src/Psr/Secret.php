<?php

declare(strict_types=1);

namespace Apisig\Psr;

/**
 * A secret that an object keeps, which neither var_dump() nor serialize() shows of it.
 *
 * @internal
 */
final class Secret
{
    /** @var ?\WeakMap<self, string> apart from the objects: var_export() and casts to an array see every property */
    private static ?\WeakMap $texts = null;

    public function __construct(#[\SensitiveParameter] string $secret)
    {
        self::$texts ??= new \WeakMap();
        self::$texts[$this] = $secret;
    }

    public function text(): string
    {
        return self::$texts[$this];
    }

    /** @throws \LogicException always: a secret is not written anywhere */
    public function __serialize(): array
    {
        throw new \LogicException('A secret cannot be serialized.');
    }
}
