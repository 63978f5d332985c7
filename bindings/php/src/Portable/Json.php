<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;

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
    private function __construct(#[\SensitiveParameter] private array $tokens)
    {
    }

    /**
     * The members of the object that a text is. A number without fraction and exponent is an integer, if it fits; what
     * is neither that nor a string nor a boolean is null.
     *
     * @return array<string|int|bool|null>
     */
    public static function members(#[\SensitiveParameter] string $text): array
    {
        \preg_match_all(self::TOKENS, $text, $found);
        $isAll = \strlen(\implode($found[0] ?? [])) === \strlen(\rtrim($text, " \t\n\r"));
        if (!$isAll || !Text::isUtf8($text)) {
            throw new Refused(Status::Malformed);
        }
        $reader = new self($found[1]);
        $reader->expect('{');
        $members = $reader->object(1);
        return $reader->next() === '' ? $members : throw new Refused(Status::Malformed);
    }

    /** The next token; '' behind the last one. */
    private function next(): string
    {
        return $this->tokens[$this->at++] ?? '';
    }

    private function expect(string $mark): void
    {
        $this->next() === $mark || throw new Refused(Status::Malformed);
    }

    /** What follows a brace, its closing one included. The members of the outermost object are few, none repeated. */
    private function object(int $depth): array
    {
        $members = [];
        if (($this->tokens[$this->at] ?? '') === '}') {
            $this->at++;
            return [];
        }
        do {
            $name = self::string($this->next());
            $this->expect(':');
            $isOneMore = !\array_key_exists($name, $members) && \count($members) < Abi::JSON_MEMBERS_MAX;
            $isOneMore || $depth > 1 || throw new Refused(Status::Malformed);
            $members[$name] = $this->value($depth);
        } while (($mark = $this->next()) === ',');
        return $mark === '}' ? $members : throw new Refused(Status::Malformed);
    }

    private function list(int $depth): void
    {
        if (($this->tokens[$this->at] ?? '') === ']') {
            $this->at++;
            return;
        }
        do {
            $this->value($depth);
        } while (($mark = $this->next()) === ',');
        $mark === ']' || throw new Refused(Status::Malformed);
    }

    private function value(int $depth): string|int|bool|null
    {
        $token = $this->next();
        $first = $token[0] ?? '';
        if ($first === '{' || $first === '[') {
            $depth < Abi::JSON_DEPTH_MAX || throw new Refused(Status::Malformed);
            $first === '{' ? $this->object($depth + 1) : $this->list($depth + 1);
            return null;
        }
        return match (true) {
            $first === '"' => self::string($token),
            $first === 't', $first === 'f' => $token === 'true',
            $first === 'n' => null,
            \preg_match('/^-?+[0-9]/', $token) === 1 => self::integer($token),
            default => throw new Refused(Status::Malformed),
        };
    }

    private static function string(#[\SensitiveParameter] string $token): string
    {
        $string = ($token[0] ?? '') === '"' ? \json_decode($token) : null;
        return \is_string($string) ? $string : throw new Refused(Status::Malformed);
    }

    private static function integer(#[\SensitiveParameter] string $token): ?int
    {
        $number = (int) $token;
        return (string) $number === $token || $token === '-0' ? $number : null;
    }
}
