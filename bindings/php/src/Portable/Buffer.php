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
    private string $bytes;

    public function __construct(int $size)
    {
        $this->bytes = \str_repeat("\0", $size);
    }

    public function write(#[Secret] string $text): void
    {
        $this->bytes = $text . \substr($this->bytes, \strlen($text));
    }

    public function string(int $length): string
    {
        return \substr($this->bytes, 0, $length);
    }

    public function __debugInfo(): array
    {
        return [];
    }
}
