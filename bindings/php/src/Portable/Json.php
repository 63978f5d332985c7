<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;
use SensitiveParameter as Secret;

/**
 * A strict reader of JSON objects: json_decode() takes two members of one name, and of -0 it makes a float.
 *
 * @internal
 */
final class Json
{
    private const STRING = Text::NO_JIT . '"(?:[^"\\\\]++|\\\\.)*+"';

    /**
     * The members of the object that a text is. A number without fraction and exponent is an integer, if it fits; what
     * is neither that nor a string nor a boolean is null.
     *
     * @return array<string|int|bool|null>
     */
    public static function members(#[Secret] string $text): array
    {
        $json = \preg_replace('/' . self::STRING . '(*SKIP)(*FAIL)|(?<![-0-9A-Za-z.])-0(?![0-9A-Za-z.])/s', '0', $text);
        // json_decode() accepts one level less than its argument.
        $members = \json_decode((string) $json, true, Abi::JSON_DEPTH_MAX + 1);
        $isObject = \is_array($members) && \ltrim($text, " \t\n\r")[0] === '{';
        if (!$isObject || \count($members) > Abi::JSON_MEMBERS_MAX || self::count($text) !== \count($members)) {
            throw new Refused(Status::Malformed);
        }
        $isWanted = static fn (#[Secret] mixed $value): bool => \is_scalar($value) && !\is_float($value);
        return \array_map(static fn (#[Secret] mixed $value): mixed => $isWanted($value) ? $value : null, $members);
    }

    /** How many members there are in the outermost object, also of the same name. */
    private static function count(#[Secret] string $text): int
    {
        if (\preg_match_all('/' . self::STRING . '|[][{}:]/s', $text, $tokens) === false) {
            throw new Refused(Status::Malformed);
        }
        $depth = $count = 0;
        foreach ($tokens[0] ?? [] as $token) {
            $depth += ['{' => 1, '[' => 1, '}' => -1, ']' => -1][$token] ?? 0;
            $count += $token === ':' && $depth === 1 ? 1 : 0;
        }
        return $count;
    }
}
