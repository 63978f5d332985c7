<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What is wrong with something that was signed. Log it; never return it to the sender, who would learn how to sign.
 * As a string it is all of it in words.
 */
final class Diagnosis implements \Stringable
{
    /** The mistake to mend first; null if nothing is wrong, or if none is known. */
    public readonly ?Mistake $mistake;

    /**
     * @param bool $isValid nothing is wrong
     * @param list<Mistake> $mistakes those that together make what was presented, in the order in which to mend them
     * @param list<string> $hints details of the mistakes; where none was found, what the form alone shows
     */
    private function __construct(
        public readonly bool $isValid,
        public readonly array $mistakes = [],
        public readonly array $hints = []
    ) {
        $this->mistake = $mistakes[0] ?? null;
    }

    /**
     * By a function of the library.
     *
     * @internal
     * @param string $declaration its constant of Abi
     * @throws Exception
     */
    public static function by(string $declaration, #[\SensitiveParameter] mixed ...$arguments): self
    {
        try {
            $text = Native::text($declaration, ...$arguments);
        } catch (Exception $exception) {
            return $exception->status === Status::Mismatch ? new self(false) : throw $exception;
        }
        \preg_match_all('/^found (\S+)/m', $text, $found);
        \preg_match_all('/^hint (.+)$/m', $text, $hints);
        // A later library may know more mistakes.
        $mistakes = \array_filter(\array_map(self::named(...), $found[1]));
        return new self($text === '', \array_values($mistakes), $hints[1]);
    }

    /** SECRET_NEWLINE as SecretNewline. */
    private static function named(string $name): ?Mistake
    {
        $case = Mistake::class . '::' . \str_replace('_', '', \ucwords(\strtolower($name), '_'));
        return \defined($case) ? \constant($case) : null;
    }

    /** What was done wrong, and what to do instead. */
    public function text(): string
    {
        $mistakes = \array_map(static fn (Mistake $mistake): string => $mistake->text(), $this->mistakes);
        $none = $this->isValid ? 'Nothing is wrong.' : Status::Mismatch->text();
        $hints = \array_map(static fn (string $hint): string => "hint: $hint", $this->hints);
        return \implode("\n", [...($mistakes ?: [$none]), ...$hints]);
    }

    public function __toString(): string
    {
        return $this->text();
    }
}
