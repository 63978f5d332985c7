<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What the classes of all vendors share: a handle that holds the secrets, which neither shows nor leaves this object.
 *
 * @internal
 */
abstract class Room
{
    /** The room's name in C. */
    protected const NAME = '';

    /** @var \FFI the C functions as methods */
    protected readonly object $library;

    /** @var \FFI\CData the handle */
    protected readonly object $handle;

    /** @var \FFI\CData where a check says why */
    protected readonly object $why;

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
        $this->library = Native::library();
        $this->why = Native::buffer('int32_t[1]');
        $handle = $this->library->{'apisig_' . static::NAME . '_new'}($secret, \strlen($secret), $this->why);
        $this->handle = $handle ?? throw Exception::of($this->why[0]);
        foreach ($previousSecrets as $previous) {
            $add = 'apisig_' . static::NAME . '_add_secret';
            if (!\is_string($previous) || !$this->library->$add($handle, $previous, \strlen($previous), $this->why)) {
                throw Exception::of(Status::Argument->value);
            }
        }
    }

    public function __destruct()
    {
        if (isset($this->handle)) {
            $this->library->{'apisig_' . static::NAME . '_free'}($this->handle);
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

    /** The answer of verify(): only a mistake of the caller's own is an exception. */
    protected function verdict(bool $holds): bool
    {
        if (!$holds && $this->why[0] === Status::Argument->value) {
            throw Exception::of($this->why[0]);
        }
        return $holds;
    }

    /** The answer of check(): the index of the secret that matched, or an exception with the reason. */
    protected function index(bool $holds): int
    {
        if (!$this->verdict($holds)) {
            $status = Status::from($this->why[0]);
            throw new VerificationFailed($status->text(), $status);
        }
        return $this->why[0];
    }
}
