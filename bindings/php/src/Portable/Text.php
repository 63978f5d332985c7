<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Status;
use SensitiveParameter as Secret;

/**
 * What the vendors share to read and to write texts. Nothing here goes by the locale, as strtolower(), \w and /i do.
 *
 * @internal
 */
final class Text
{
    public const UTF8 = '//u';
    public const WITHOUT_CONTROLS = '/^[^\x00-\x1f\x7f]*+\z/';
    /** Visible ASCII. */
    public const GRAPHIC = '/^[!-~]*+\z/';
    /** What means nothing but itself in a path, an attribute, a script or JSON. */
    public const WORD = '/^[A-Za-z0-9_-]++\z/';

    /** Starts a pattern. A system that refuses memory for compiled patterns is a warning whose trace has the text. */
    public const NO_JIT = '(*NO_JIT)';

    private const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    private const LOWER = 'abcdefghijklmnopqrstuvwxyz';

    /** Whether a text matches. */
    public static function is(string $pattern, #[Secret] string $text): bool
    {
        return self::matches($pattern, $text) === 1;
    }

    /** Whether the pattern matches nowhere. */
    public static function lacks(string $pattern, #[Secret] string $text): bool
    {
        return self::matches($pattern, $text) === 0;
    }

    /**
     * The groups of a pattern that matches, else null.
     *
     * @return ?array<string>
     */
    public static function groups(string $pattern, #[Secret] string $text): ?array
    {
        return self::matches($pattern, $text, $groups) === 1 ? $groups : null;
    }

    /** A text that PCRE gives up on, by its limits in php.ini, is refused: neither answer would be safe. */
    private static function matches(string $pattern, #[Secret] string $text, ?array &$groups = null): ?int
    {
        $matches = \preg_match(\substr_replace($pattern, self::NO_JIT, 1, 0), $text, $groups);
        if ($matches === false && \preg_last_error() !== \PREG_BAD_UTF8_ERROR) {
            throw new Refused(Status::Malformed);
        }
        return $matches === false ? null : $matches;
    }

    /** In constant time, and by digests: how long one's own text is does not show. */
    public static function equal(#[Secret] string $own, #[Secret] string $presented): bool
    {
        return \hash_equals(\hash('sha256', $own), \hash('sha256', $presented));
    }

    public static function lower(#[Secret] string $text): string
    {
        return \strtr($text, self::UPPER, self::LOWER);
    }

    public static function upper(string $text): string
    {
        return \strtr($text, self::LOWER, self::UPPER);
    }

    /** What comes before the first of some characters. */
    public static function before(string $characters, string $text): string
    {
        return \substr($text, 0, \strcspn($text, $characters));
    }

    /** A JSON string in its quotes; null if the text is not UTF-8. */
    public static function json(#[Secret] string $text, int $flags = \JSON_UNESCAPED_LINE_TERMINATORS): ?string
    {
        $flags |= \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES;
        return self::is(self::UTF8, $text) ? (string) \json_encode($text, $flags) : null;
    }

    public static function base64url(#[Secret] string $bytes): string
    {
        return \rtrim(\strtr(\base64_encode($bytes), '+/', '-_'), '=');
    }

    /** What is written so, in no other spelling. */
    public static function fromBase64url(#[Secret] string $text): ?string
    {
        $bytes = (string) \base64_decode(\strtr($text, '-_', '+/'), true);
        return self::base64url($bytes) === $text ? $bytes : null;
    }

    /** Base64 with its padding, likewise. */
    public static function fromBase64(#[Secret] string $text): ?string
    {
        $bytes = (string) \base64_decode($text, true);
        return \base64_encode($bytes) === $text ? $bytes : null;
    }

    /** What follows a scheme, which may be in any case. */
    public static function afterScheme(string $url, string $scheme): ?string
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
        $isSound = self::is(self::GRAPHIC, $url) && self::before('?#\\', $url) === $url;
        // Neither a path nor a port alone is a host.
        return $isSound && $behind !== '' && !\str_contains('/:', $behind[0]) ? [$url, $behind] : null;
    }
}
