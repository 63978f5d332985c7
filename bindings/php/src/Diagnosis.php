<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What is wrong with something that was signed. Log it; never return it to the sender, who would learn how to sign.
 */
final class Diagnosis
{
    /**
     * @param bool $holds nothing is wrong
     * @param ?Mistake $mistake the one that makes what was presented; null if nothing is wrong, or if none is known
     */
    private function __construct(public readonly bool $holds, public readonly ?Mistake $mistake)
    {
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
        $number = Native::call($declaration, ...$arguments);
        return match (true) {
            $number >= 0 => new self($number === 0, Mistake::tryFrom($number)),
            Status::known($number) === Status::Mismatch => new self(false, null),
            default => throw Exception::of($number),
        };
    }

    /** What was done wrong, and what to do instead. */
    public function text(): string
    {
        return $this->mistake?->text() ?? ($this->holds ? 'Nothing is wrong.' : Status::Mismatch->text());
    }
}
