<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What every exception of apisig is. Its message never holds a secret, nor anything else that was passed in.
 */
class Exception extends \RuntimeException
{
    /** @param ?Status $status the reason, where the library gave one */
    public function __construct(string $message, public readonly ?Status $status = null)
    {
        parent::__construct($message, $status?->value ?? 0);
    }

    /** The exception for a status of the library that comes from the caller's side. */
    final public static function of(Status $status): self
    {
        return $status === Status::Argument
            ? new InvalidArgument($status->text(), $status)
            : new self($status->text(), $status);
    }
}
