<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Kolmisoft MOR API: the hash that goes with every request.
 *
 * Nothing shows where one value ends: "123" and "456" have the hash of "1234" and "56".
 * new Mor($secret, $previousSecrets): the API secret key, at most 1024 bytes;
 * checks accept up to three previous ones.
 * Source: the vendor's page "MOR API hash construction".
 */
final class Mor extends Room
{
    protected const NAME = 'mor';

    /**
     * Makes the hash of a request.
     *
     * @param string|int ...$values the parameters' values in their right order, not URL-encoded
     * @return string the parameter `hash`: 40 hex digits
     */
    public function sign(string|int ...$values): string
    {
        $joined = \implode('', $values);
        return $this->library->apisig_mor_sign($this->handle, $joined, \strlen($joined), $this->out, Native::SIZE)
            ?? throw Exception::of(Status::Argument);
    }

    /**
     * Whether a hash, which comes first, is the one of these values. Its hex may be of either case.
     */
    public function verify(?string $hash, string|int ...$values): bool
    {
        return $this->holds($hash, \implode('', $values), null);
    }

    /**
     * As verify(), with the reason if it does not hold.
     *
     * @return int the index of the secret that matched: 0 is the current one
     * @throws VerificationFailed
     */
    public function check(?string $hash, string|int ...$values): int
    {
        $native = Native::take();
        return $native->checked($this->holds($hash, \implode('', $values), $native->why), $native->why);
    }

    private function holds(?string $hash, string $values, ?object $why): bool
    {
        $hash ??= '';
        return $this->library->apisig_mor_verify($this->handle, $values, \strlen($values), $hash, \strlen($hash), $why);
    }
}
