<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Reads members of a payload by their path. What is missing, or of another type than expected, is null.
 *
 * @internal
 */
final class Payload
{
    /** @param array<mixed> $raw */
    public static function text(#[\SensitiveParameter] array $raw, string ...$path): ?string
    {
        $value = self::value($raw, $path);
        return \is_string($value) || \is_int($value) ? (string) $value : null;
    }

    /** @param array<mixed> $raw */
    public static function integer(#[\SensitiveParameter] array $raw, string ...$path): ?int
    {
        $value = self::value($raw, $path);
        return \is_int($value) ? $value : null;
    }

    /**
     * Returns an object that has members: json_decode() makes the same array of {} and of [].
     *
     * @param array<mixed> $raw
     * @return ?array<mixed>
     */
    public static function object(#[\SensitiveParameter] array $raw, string ...$path): ?array
    {
        $value = self::value($raw, $path);
        return \is_array($value) && !\array_is_list($value) ? $value : null;
    }

    private static function value(#[\SensitiveParameter] mixed $value, array $path): mixed
    {
        foreach ($path as $name) {
            $value = \is_array($value) ? $value[$name] ?? null : null;
        }
        return $value;
    }
}
