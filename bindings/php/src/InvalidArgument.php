<?php

declare(strict_types=1);

namespace Apisig;

/**
 * The caller's own mistake: an empty secret, a value out of range, a control character in a URL or header. The message
 * names the argument.
 */
class InvalidArgument extends Exception
{
    public function __construct(string $message)
    {
        parent::__construct($message, Status::Argument);
    }
}
