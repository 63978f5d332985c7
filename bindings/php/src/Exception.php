<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What every exception of apisig is. Its message has no secret in it, and no control characters.
 */
class Exception extends \RuntimeException
{
    /** @param ?Status $status the reason, where the library gave one */
    public function __construct(string $message, public readonly ?Status $status = null)
    {
        $escape = static fn (array $found): string => '\x' . \implode('\x', \str_split(\bin2hex($found[0]), 2));
        // What a terminal obeys or does not show: controls, line and direction marks; and bytes that are not UTF-8.
        $hidden = \preg_match('//u', $message) === 1
            ? '/[\x00-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]/'
            : '/[\x00-\x1f\x7f-\xff]/';
        $message = (string) \preg_replace_callback($hidden, $escape, $message);
        parent::__construct($message, $status?->value ?? 0);
    }

    /**
     * The exception for a status of the library: an InvalidArgument if it is the caller's own mistake, else one of this
     * class.
     *
     * @internal
     */
    final public static function of(int $number): self
    {
        $status = Status::known($number);
        $text = Handle::library(Abi::STATUS_TEXT)->apisig_status_text($number);
        return $status === Status::Argument ? new InvalidArgument($text) : new static($text, $status);
    }
}
