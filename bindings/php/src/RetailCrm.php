<?php

declare(strict_types=1);

namespace Apisig;

/**
 * RetailCRM (Simla) simple connection: the token of a register request.
 *
 * The token covers the API key alone: not the system URL that is sent beside it, and it never expires.
 * new RetailCrm($secret, $previousSecrets): the module's secret string from the partner account;
 * checks accept up to three previous ones.
 * Source: the vendor's page "The procedure of simple connection of the module".
 */
final class RetailCrm extends Room
{
    protected const NAME = 'retailcrm';

    /**
     * Makes the token of an API key: 64 hex digits.
     *
     * @throws InvalidArgument if the API key is empty
     */
    public function sign(string $apiKey): string
    {
        return $this->library->apisig_retailcrm_sign(
            $this->handle,
            $apiKey,
            \strlen($apiKey),
            $this->out,
            Native::SIZE
        ) ?? throw Exception::of(Status::Argument);
    }

    /**
     * Whether a token is the API key's. The token's hex may be of either case.
     */
    public function verify(?string $apiKey, ?string $token): bool
    {
        $apiKey ??= '';
        $token ??= '';
        $length = \strlen($apiKey);
        return $this->library->apisig_retailcrm_verify($this->handle, $apiKey, $length, $token, \strlen($token), null);
    }

    /**
     * As verify(), with the reason if it does not hold.
     *
     * @return int the index of the secret that matched: 0 is the current one
     * @throws VerificationFailed
     */
    public function check(?string $apiKey, ?string $token): int
    {
        $apiKey ??= '';
        $token ??= '';
        $native = Native::take();
        $why = $native->why;
        $holds = $this->library->apisig_retailcrm_verify(
            $this->handle,
            $apiKey,
            \strlen($apiKey),
            $token,
            \strlen($token),
            $why
        );
        return $native->checked($holds, $why);
    }
}
