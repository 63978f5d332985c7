<?php

declare(strict_types=1);

namespace Apisig\Portable;

/**
 * What the vendors share to read and to write texts. Nothing here goes by the locale, as strtolower(), \w and /i do.
 *
 * @internal
 */
final class Text
{
    private const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    private const LOWER = 'abcdefghijklmnopqrstuvwxyz';

    public static function lower(#[\SensitiveParameter] string $text): string
    {
        return \strtr($text, self::UPPER, self::LOWER);
    }

    public static function upper(string $text): string
    {
        return \strtr($text, self::LOWER, self::UPPER);
    }

    public static function isUtf8(#[\SensitiveParameter] string $text): bool
    {
        return \preg_match('//u', $text) === 1;
    }

    /** Whether all of it is visible ASCII. */
    public static function isGraphic(#[\SensitiveParameter] string $text): bool
    {
        return \preg_match('/[^!-~]/', $text) === 0;
    }

    public static function hasNoControl(#[\SensitiveParameter] string $text): bool
    {
        return \preg_match('/[\x00-\x1f\x7f]/', $text) === 0;
    }

    /** Whether it means nothing but itself in a path, an attribute, a script or JSON. */
    public static function isWord(string $text): bool
    {
        return \preg_match('/^[A-Za-z0-9_-]++\z/', $text) === 1;
    }

    /** A JSON string in its quotes; null if the text is not UTF-8. */
    public static function json(
        #[\SensitiveParameter] string $text,
        int $flags = \JSON_UNESCAPED_LINE_TERMINATORS
    ): ?string {
        $flags |= \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES;
        return self::isUtf8($text) ? (string) \json_encode($text, $flags) : null;
    }

    public static function base64url(#[\SensitiveParameter] string $bytes): string
    {
        return \rtrim(\strtr(\base64_encode($bytes), '+/', '-_'), '=');
    }

    /** What is written so, in no other spelling. */
    public static function fromBase64url(#[\SensitiveParameter] string $text): ?string
    {
        $bytes = \base64_decode(\strtr($text, '-_', '+/'), true);
        return $bytes !== false && self::base64url($bytes) === $text ? $bytes : null;
    }

    /** Base64 with its padding, likewise. */
    public static function fromBase64(#[\SensitiveParameter] string $text): ?string
    {
        $bytes = \base64_decode($text, true);
        return $bytes !== false && \base64_encode($bytes) === $text ? $bytes : null;
    }

    /** What follows a scheme, which may be in any case. */
    public static function afterScheme(#[\SensitiveParameter] string $url, string $scheme): ?string
    {
        $isSo = self::lower(\substr($url, 0, \strlen($scheme))) === $scheme;
        return $isSo ? \substr($url, \strlen($scheme)) : null;
    }

    /**
     * An address of http or https without query, without the slashes at its end: as a whole, and from its host on.
     *
     * @return ?array{string, string}
     */
    public static function base(string $url): ?array
    {
        $url = \rtrim($url, '/');
        $behind = self::afterScheme($url, 'https://') ?? self::afterScheme($url, 'http://') ?? '';
        $isSound = self::isGraphic($url) && \strpbrk($url, '?#\\') === false;
        return $isSound && $behind !== '' && $behind[0] !== '/' ? [$url, $behind] : null;
    }
}
