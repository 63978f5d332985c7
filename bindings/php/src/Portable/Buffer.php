<?php

declare(strict_types=1);

namespace Apisig\Portable;

use SensitiveParameter as Secret;

/**
 * Bytes that a function writes to: what an array of uint8_t is to FFI.
 *
 * @internal
 */
final class Buffer
{
    /** @var ?\WeakMap<self, string> of each buffer: here no dump of an object shows them */
    private static ?\WeakMap $bytes = null;

    public function __construct(int $size)
    {
        self::$bytes ??= new \WeakMap();
        self::$bytes[$this] = \str_repeat("\0", $size);
    }

    public function write(#[Secret] string $text): void
    {
        self::$bytes[$this] = $text . \substr(self::$bytes[$this], \strlen($text));
    }

    public function string(int $length): string
    {
        return \substr(self::$bytes[$this], 0, $length);
    }
}
