<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What is wrong with something that was signed: for whoever holds the secret, and never for an answer to the sender.
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
     * By the number that the library gives.
     *
     * @internal
     * @throws InvalidArgument
     */
    public static function of(int $number): self
    {
        return match (true) {
            $number >= 0 => new self($number === 0, Mistake::tryFrom($number)),
            Status::known($number) === Status::Mismatch => new self(false, null),
            default => throw Exception::of(Status::known($number)),
        };
    }

    /** What was done wrong, and what to do instead. */
    public function text(): string
    {
        return $this->mistake?->text() ?? ($this->holds ? 'Nothing is wrong.' : Status::Mismatch->text());
    }
}
