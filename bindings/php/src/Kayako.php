<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Kayako REST API: a salt and its signature go with every request.
 *
 * The signature covers the salt alone: neither the API key nor the rest of the request, and for all time.
 * Source: the vendor's page on generating an API signature.
 */
final class Kayako extends Room
{
    protected const NAME = 'kayako';

    /**
     * A fresh salt: 16 random bytes as 32 hex digits. Use each one once.
     *
     * @throws Exception if the operating system gives no random bytes
     */
    public static function salt(): string
    {
        $out = Native::buffer('uint8_t[33]');
        return Native::text($out, Native::library()->apisig_kayako_salt($out, 33));
    }

    /**
     * Signs a salt.
     *
     * @param string $salt what is sent as `salt`, not URL-encoded; not empty and not "0"
     * @return string the parameter `signature`: base64, 44 characters, not URL-encoded. Encode it once, together with
     *     the other parameters: http_build_query() does.
     * @throws InvalidArgument
     */
    public function sign(string $salt): string
    {
        $out = Native::buffer('uint8_t[45]');
        return Native::text($out, $this->library->apisig_kayako_sign($this->handle, $salt, \strlen($salt), $out, 45));
    }

    /**
     * Whether a signature is the salt's. Both as received, URL-decoded once: $_GET and $_POST are.
     */
    public function verify(string $salt, string $signature): bool
    {
        return $this->verdict($this->holds($salt, $signature));
    }

    /**
     * As verify(), with the reason if it does not hold.
     *
     * @return int the index of the secret that matched: 0 is the current one
     * @throws VerificationFailed
     */
    public function check(string $salt, string $signature): int
    {
        return $this->index($this->holds($salt, $signature));
    }

    private function holds(string $salt, string $signature): bool
    {
        return $this->library->apisig_kayako_verify(
            $this->handle,
            $salt,
            \strlen($salt),
            $signature,
            \strlen($signature),
            $this->why
        );
    }
}
