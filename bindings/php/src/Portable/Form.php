<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use SensitiveParameter as Secret;

/**
 * Forms and query strings, as PHP reads them.
 *
 * @internal
 */
final class Form
{
    /**
     * The fields in their order, decoded, without empty ones.
     *
     * @return iterable<array{string, string}>
     */
    public static function fields(#[Secret] string $form): iterable
    {
        // One by one: an array of all would take fifty times the memory.
        for ($at = 0; $at < \strlen($form); $at += $length + 1) {
            $length = \strcspn($form, '&', $at);
            if ($length > 0) {
                [$name, $value] = \explode('=', \substr($form, $at, $length), 2) + [1 => ''];
                yield [\urldecode($name), $value];
            }
        }
    }

    /** What follows a text in a field's name as PHP reads it, without the spaces in front. */
    public static function after(string $name, string $text): ?string
    {
        $name = \ltrim($name, ' ');
        return \str_starts_with($name, $text) ? \substr($name, \strlen($text)) : null;
    }

    /** The only value of a name; null if there is none, false if there are two or only PHP reads the name so. */
    public static function only(#[Secret] string $form, string $name): string|false|null
    {
        $value = null;
        foreach (self::fields($form) as [$other, $encoded]) {
            $rest = self::after($other, $name);
            if ($rest === null || $rest !== '' && $rest[0] !== "\0" && $rest[0] !== '[') {
                continue;
            }
            if ($other !== $name || $value !== null) {
                return false;
            }
            $value = \urldecode($encoded);
        }
        return $value;
    }

    /** Whether every server reads the same fields: few enough, and none that could be a part of a multipart body. */
    public static function isReadAlike(#[Secret] string $form): bool
    {
        return Text::lacks('/^--|[\r\n]--/', $form) && self::count($form) <= Abi::FORM_FIELDS_MAX;
    }

    /** How many fields PHP counts: empty ones too, but none behind the last &. */
    public static function count(#[Secret] string $form): int
    {
        return \substr_count($form, '&') + (\str_ends_with($form, '&') ? 0 : 1);
    }

    /**
     * A form with some fields behind it.
     *
     * @param list<string> $names of the fields
     */
    public static function with(#[Secret] string $form, array $names, #[Secret] string $fields): string
    {
        if ($form === '') {
            return $fields;
        }
        foreach ($names as $name) {
            self::only($form, $name) === null || throw new Refused(Abi::ARGUMENT_FORM_NAME);
        }
        if (!self::isReadAlike($form) || self::count($form) + \count($names) > Abi::FORM_FIELDS_MAX) {
            throw new Refused(Abi::ARGUMENT_FORM_FIELDS);
        }
        return $form . (\str_ends_with($form, '&') ? '' : '&') . $fields;
    }
}
