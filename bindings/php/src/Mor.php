<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Kolmisoft MOR API: the hash that goes with every request.
 *
 * Nothing shows where one value ends: "123" and "456" have the hash of "1234" and "56".
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
        $out = Native::buffer('uint8_t[41]');
        return Native::text($out, $this->library->apisig_mor_sign($this->handle, $joined, \strlen($joined), $out, 41));
    }

    /**
     * Whether a hash is the one of these values. Its hex may be of either case.
     */
    public function verify(string $hash, string|int ...$values): bool
    {
        return $this->verdict($this->holds($hash, \implode('', $values)));
    }

    /**
     * As verify(), with the reason if it does not hold.
     *
     * @return int the index of the secret that matched: 0 is the current one
     * @throws VerificationFailed
     */
    public function check(string $hash, string|int ...$values): int
    {
        return $this->index($this->holds($hash, \implode('', $values)));
    }

    private function holds(string $hash, string $values): bool
    {
        return $this->library->apisig_mor_verify(
            $this->handle,
            $values,
            \strlen($values),
            $hash,
            \strlen($hash),
            $this->why
        );
    }
}
