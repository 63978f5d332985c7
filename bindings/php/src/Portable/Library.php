<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\LibraryUnavailable;
use Apisig\Status;
use SensitiveParameter as Secret;

/**
 * A section of the C interface in PHP, for hosts without FFI. It is called as FFI is, and answers as the C functions
 * do.
 *
 * The rules of include/apisig.h about handles, strings and buffers are here. The class of a vendor has its functions:
 * they take a handle, strings and numbers, and return a text, a number, a list or a record, or throw Refused.
 *
 * @internal
 */
abstract class Library
{
    /** Bytes of the longest secret. */
    protected const SECRET_MAX = \PHP_INT_MAX;

    /** The bytes of each text of the vendor's record, with its NUL. */
    protected const RECORD = [];

    /** @var ?\WeakMap<object, list<string>> the secrets of each handle: here no dump of an object shows them */
    private static ?\WeakMap $secrets = null;

    /** As FFI::new(): for bytes and for numbers. */
    final public function new(string $type): object
    {
        [$of, $size] = \explode('[', $type);
        return $of === 'uint8_t' ? new Buffer((int) $size) : new \SplFixedArray((int) $size);
    }

    /** Calls the function of this name in C. */
    final public function __call(string $name, #[Secret] array $arguments): mixed
    {
        [$method, $letters] = Abi::IN_PHP[$name];
        if ($letters === '') {
            return $this->$method(...$arguments);
        }
        \method_exists($this, $method) || throw LibraryUnavailable::onlyNative($name);
        $given = $letters[-1];
        [$out, $size] = match ($given) {
            'k', 't', 'i' => \array_slice($arguments, -2),
            'r' => [\end($arguments), 1],
            default => [null, 0],
        };
        try {
            $isMissing = $out === null && $size > 0;
            $made = $isMissing ? Status::Argument->value : $this->$method(...self::taken($letters, $arguments));
        } catch (Refused $refused) {
            $made = $refused->getCode();
        }
        return match ($given) {
            'k', 't' => self::written($out, $size, $made, $given === 'k'),
            'i' => self::listed($out, $size, $made),
            'r' => self::recorded($out, $made),
            'b' => $made === true || \is_int($made) && $made >= 0,
            'v' => $made,
        };
    }

    private function newHandle(#[Secret] ?string $secret, int $length, ?\ArrayAccess $why): ?object
    {
        self::$secrets ??= new \WeakMap();
        self::$secrets[$handle = new \stdClass()] = [];
        return $this->addSecretHandle($handle, $secret, $length, $why) ? $handle : null;
    }

    private function addSecretHandle(?object $handle, #[Secret] ?string $secret, int $length, ?\ArrayAccess $why): bool
    {
        try {
            // A handle, a string with its length; the last letter is not used here.
            [, $secret] = self::taken('hsv', [$handle, $secret, $length]);
            $secrets = self::of($handle);
            $status = match (true) {
                $secret === '' => Abi::ARGUMENT_SECRET,
                \count($secrets) === Abi::SECRETS_MAX => Abi::ARGUMENT_SECRET_COUNT,
                $length > static::SECRET_MAX => Abi::ARGUMENT_SECRET_LENGTH,
                default => 0,
            };
            self::$secrets[$handle] = $status === 0 ? [...$secrets, $secret] : $secrets;
        } catch (Refused $refused) {
            $status = $refused->getCode();
        }
        if ($why !== null) {
            $why[0] = $status;
        }
        return $status === 0;
    }

    /** @return list<string> */
    private static function of(object $handle): array
    {
        return self::$secrets[$handle] ?? throw new Refused(Abi::ARGUMENT_HANDLE);
    }

    private function freeHandle(?object $handle): void
    {
        if ($handle !== null) {
            unset(self::$secrets[$handle]);
        }
    }

    /** The arguments without lengths and without what is written to. */
    private static function taken(string $letters, #[Secret] array $arguments): array
    {
        $taken = [];
        for ($at = $letter = 0; $letter < \strlen($letters) - 1; $letter++) {
            $argument = $arguments[$at++];
            if ($letters[$letter] === 's') {
                $length = $arguments[$at++];
                $isWithin = $length >= 0 && $length <= \strlen((string) $argument);
                $argument = $isWithin ? \substr((string) $argument, 0, $length) : throw new Refused(Status::Argument);
            }
            $taken[] = $argument ?? throw new Refused(Abi::ARGUMENT_HANDLE);
        }
        return $taken;
    }

    /** Writes a text and its NUL if both fit, else the NUL alone. Returns what C does. */
    private static function written(?Buffer $out, int $size, #[Secret] string|int $made, bool $isKnown): mixed
    {
        $fits = \is_string($made) && \strlen($made) < $size;
        if ($out !== null && $size > 0) {
            $out->write($fits ? "$made\0" : "\0");
        }
        if ($isKnown) {
            return $fits ? $made : null;
        }
        return \is_string($made) ? \strlen($made) : $made;
    }

    /** Writes integers if all of them fit. */
    private static function listed(?\ArrayAccess $out, int $size, array|int $made): int
    {
        foreach (\is_array($made) && \count($made) <= $size ? $made : [] as $at => $integer) {
            $out[$at] = $integer;
        }
        return \is_array($made) ? \count($made) : $made;
    }

    /** Writes a record; after an error its texts are empty. */
    private static function recorded(?Buffer $out, #[Secret] array|int $made): int
    {
        [$number, $texts] = \is_array($made) ? $made : [$made, []];
        $record = '';
        foreach (static::RECORD as $at => $size) {
            $record .= \str_pad($texts[$at] ?? '', $size, "\0");
        }
        $out?->write($record);
        return $number;
    }

    /** Unix seconds within the years 0000 to 9999. */
    final protected static function time(int $seconds): int
    {
        $isWithin = $seconds >= Abi::TIME_FIRST && $seconds < Abi::TIME_END;
        return $isWithin ? $seconds : throw new Refused(Abi::ARGUMENT_TIME);
    }

    /** The vendor's signature of a text. */
    protected static function signature(#[Secret] string $text, #[Secret] string $secret): string
    {
        throw new \LogicException('This section signs nothing.');
    }

    /** That of the current secret. */
    final protected static function signed(object $handle, #[Secret] string $text): string
    {
        return static::signature($text, self::of($handle)[0]);
    }

    /** The index of the secret that makes this signature of one of the texts; compared in constant time. */
    final protected static function find(object $handle, #[Secret] string $signature, #[Secret] string ...$texts): int
    {
        foreach (self::of($handle) as $index => $secret) {
            foreach ($texts as $text) {
                if (\hash_equals(static::signature($text, $secret), $signature)) {
                    return $index;
                }
            }
        }
        throw new Refused(Status::Mismatch);
    }
}
