<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;
use SensitiveParameter as Secret;

/**
 * A strict reader of JSON objects: two members of one name are malformed, which json_decode() takes.
 *
 * @internal
 */
final class Json
{
    private const TOKENS = '/[ \t\n\r]*+('
        . '"(?:[^"\\\\\x00-\x1f]++|\\\\.)*+"'
        . '|-?+(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+'
        . '|true|false|null|[][{}:,])/A';

    private int $at = 0;

    /** @param list<string> $tokens */
    private function __construct(#[Secret] private array $tokens)
    {
    }

    /**
     * The members of the object that a text is. A number without fraction and exponent is an integer, if it fits; what
     * is neither that nor a string nor a boolean is null.
     *
     * @return array<string|int|bool|null>
     */
    public static function members(#[Secret] string $text): array
    {
        \preg_match_all(self::TOKENS, $text, $found);
        $isAll = \strlen(\implode($found[0] ?? [])) === \strlen(\rtrim($text, " \t\n\r"));
        if (!$isAll || !Text::is(Text::UTF8, $text)) {
            throw new Refused(Status::Malformed);
        }
        $reader = new self($found[1]);
        $members = $reader->value(1);
        return \is_array($members) && $reader->next() === '' ? $members : throw new Refused(Status::Malformed);
    }

    /** The next token; '' behind the last one. */
    private function next(): string
    {
        return $this->tokens[$this->at++] ?? '';
    }

    /** Takes a value: the members of the outermost object; of other objects and of arrays only that they are sound. */
    private function value(int $depth): array|string|int|bool|null
    {
        $token = $this->next();
        $end = ['{' => '}', '[' => ']'][$token] ?? null;
        if ($end === null) {
            return self::scalar($token);
        }
        $members = [];
        $mark = ($this->tokens[$this->at] ?? '') === $end ? $this->next() : ',';
        for ($count = 0; $mark === ',' && $depth <= Abi::JSON_DEPTH_MAX; $count++) {
            $name = $end === '}' ? self::name($this->next(), $this->next()) : $count;
            $isOneMore = $count < Abi::JSON_MEMBERS_MAX && !\array_key_exists($name, $members);
            $isOneMore || $depth > 1 || throw new Refused(Status::Malformed);
            $members[$name] = $this->value($depth + 1);
            $mark = $this->next();
        }
        $isSound = $mark === $end && $depth <= Abi::JSON_DEPTH_MAX;
        $made = $depth > 1 || $end === ']' ? null : $members;
        return $isSound ? $made : throw new Refused(Status::Malformed);
    }

    private static function name(#[Secret] string $token, string $colon): string
    {
        $name = self::scalar($token);
        return \is_string($name) && $colon === ':' ? $name : throw new Refused(Status::Malformed);
    }

    private static function scalar(#[Secret] string $token): string|int|bool|null
    {
        // Of -0 PHP makes a float.
        $value = \json_decode($token === '-0' ? '0' : $token);
        $isSound = $value !== null || $token === 'null';
        return $isSound ? (\is_float($value) ? null : $value) : throw new Refused(Status::Malformed);
    }
}
