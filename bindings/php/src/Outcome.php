<?php

declare(strict_types=1);

namespace Apisig;

/**
 * How a middleware decided about a request. The value is the word in the log.
 */
enum Outcome: string
{
    case Admitted = 'admitted';
    /** The signature is missing, repeated, or not 40 hex digits: the body was not read. */
    case Malformed = 'malformed';
    /** The signature is not that of the body, or the login or password is wrong. */
    case Mismatch = 'mismatch';
    case TooLarge = 'too large';
    /** The signature is right, and was admitted before. */
    case Replayed = 'replayed';

    /** Returns the HTTP status of the answer: 200 if the request is admitted and your handler sets no other. */
    public function status(): int
    {
        return match ($this) {
            self::Admitted => 200,
            self::TooLarge => 413,
            default => 401,
        };
    }
}
