<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Kayako REST API: a salt and its signature go with every request.
 *
 * The signature covers the salt alone: neither the API key nor the rest of the request, and it never expires.
 * new Kayako($secret, $previousSecrets): the helpdesk's secret key: text, not decoded although it looks like base64;
 * checks accept up to three previous ones.
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
        return Native::library(self::NAME)->apisig_kayako_salt(Native::out(), Native::SIZE)
            ?? throw Exception::of(Status::Random);
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
        return $this->library->apisig_kayako_sign($this->handle, $salt, \strlen($salt), $this->out, Native::SIZE)
            ?? throw Exception::of(Status::Argument);
    }

    /**
     * Whether a signature is the salt's. Both as received, URL-decoded once: $_GET['salt'] ?? null, for one.
     */
    public function verify(?string $salt, ?string $signature): bool
    {
        $salt ??= '';
        $signature ??= '';
        $length = \strlen($signature);
        return $this->library->apisig_kayako_verify($this->handle, $salt, \strlen($salt), $signature, $length, null);
    }

    /**
     * As verify(), with the reason if it does not hold.
     *
     * @return int the index of the secret that matched: 0 is the current one
     * @throws VerificationFailed
     */
    public function check(?string $salt, ?string $signature): int
    {
        $salt ??= '';
        $signature ??= '';
        $native = Native::take();
        $why = $native->why;
        $holds = $this->library->apisig_kayako_verify(
            $this->handle,
            $salt,
            \strlen($salt),
            $signature,
            \strlen($signature),
            $why
        );
        return $native->checked($holds, $why);
    }
}
