<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Why there is no result, or why a check does not hold: the `apisig_status` of include/apisig.h.
 */
enum Status: int
{
    case Argument = -1;
    case Malformed = -2;
    case Mismatch = -3;
    case Expired = -4;
    case NotYetValid = -5;
    case Body = -6;
    case Algorithm = -7;
    case Random = -8;
    case Memory = -9;
    case Url = -10;
    case Method = -11;

    /**
     * The status of a number; of one that only a later library knows, Mismatch: whatever it is, it does not hold.
     *
     * @internal
     */
    public static function known(int $number): self
    {
        return self::tryFrom($number) ?? self::Mismatch;
    }

    /** What it means and what to do about it. It never holds anything that was passed in. */
    public function text(): string
    {
        return Native::library('status')->apisig_status_text($this->value);
    }
}
