<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What the classes of all vendors share: a handle that holds the secrets, and neither shows nor gives them away.
 *
 * @internal
 */
abstract class Handle
{
    /** The vendor's name in C. */
    protected const NAME = '';

    /** @var \FFI the C functions as methods */
    protected readonly object $library;

    /** @var \FFI\CData where texts of a known length are written */
    protected readonly object $out;

    /** @var ?\FFI\CData the handle; null once it is freed, which the library takes for a mistake of the caller's */
    protected ?object $handle = null;

    /**
     * @param string $secret the vendor's secret, as text: any bytes, not empty
     * @param list<string> $previousSecrets up to three more, which checks still accept; signing never uses them
     * @throws InvalidArgument if a secret is empty or too long, or there are too many
     * @throws LibraryUnavailable
     */
    final public function __construct(
        #[\SensitiveParameter] string $secret,
        #[\SensitiveParameter] array $previousSecrets = []
    ) {
        if ($this->handle !== null) {
            throw new \LogicException('An object takes its secrets once.');
        }
        $this->library = Native::library(static::NAME);
        $this->out = Native::out();
        $native = Native::take();
        $why = $native->why;
        $handle = $this->call('new', $secret, \strlen($secret), $why);
        if ($handle === null) {
            throw Exception::of(Status::known($why[0]));
        }
        foreach ($previousSecrets as $previous) {
            if (!\is_string($previous) || !$this->call('add_secret', $handle, $previous, \strlen($previous), $why)) {
                // PHP runs no destructor for an object whose constructor throws.
                $this->call('free', $handle);
                throw Exception::of(Status::Argument);
            }
        }
        $this->handle = $handle;
        $native->giveBack();
    }

    public function __destruct()
    {
        // What still calls this object afterwards, as destructors of others may, finds no handle.
        $handle = $this->handle;
        $this->handle = null;
        if ($handle !== null) {
            $this->call('free', $handle);
        }
    }

    private function __clone()
    {
    }

    /** @return array<string, mixed> nothing: var_dump() and the like see no inside */
    public function __debugInfo(): array
    {
        return [];
    }

    /** @throws \LogicException always: a secret is not written anywhere */
    public function __serialize(): array
    {
        throw new \LogicException(static::class . ' holds a secret and cannot be serialized.');
    }

    /** @throws \LogicException always: an object without a handle is of no use */
    public function __unserialize(array $data): void
    {
        throw new \LogicException(static::class . ' cannot be unserialized.');
    }

    /**
     * What a sender presented, as text: '' if it is missing or none, such as the array that PHP makes of salt[]=1. No
     * check accepts ''.
     */
    final protected static function presented(#[\SensitiveParameter] mixed $value): string
    {
        return \is_string($value) || \is_int($value) || $value instanceof \Stringable ? (string) $value : '';
    }

    /** Calls a function that every vendor has. */
    private function call(string $verb, #[\SensitiveParameter] mixed ...$arguments): mixed
    {
        return $this->library->{'apisig_' . static::NAME . "_$verb"}(...$arguments);
    }
}
