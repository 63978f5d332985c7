<?php

declare(strict_types=1);

namespace Apisig;

/**
 * ImbaChat: user tokens, and the API login and password of ImbaChat's own requests.
 *
 * A token holds for whoever has it until it expires.
 * new ImbaChat($secret, $previousSecrets): the widget's Secret key;
 * checks accept up to three previous ones.
 * Source: the vendor's page "ImbaChat-docs, API".
 */
final class ImbaChat extends Room
{
    protected const NAME = 'imbachat';

    /**
     * Makes the token of a user, byte for byte as the page's getJWT() does.
     *
     * @param int $userId the user's id on your site, 1 or more
     * @param int $ttl for how many seconds the token holds; a token of 0 or less is expired from the start
     * @param ?int $now Unix seconds; the clock's if null
     * @throws InvalidArgument
     */
    public function sign(int $userId, int $ttl = 3600, ?int $now = null): string
    {
        $expiresAt = ($now ?? \time()) + $ttl;
        if (!\is_int($expiresAt)) {
            throw Exception::of(Status::Argument);
        }
        return $this->library->apisig_imbachat_sign($this->handle, $userId, $expiresAt, $this->out, Native::SIZE)
            ?? throw Exception::of(Status::Argument);
    }

    /**
     * Whether a token is signed with the secret, by HS256, and holds now.
     *
     * @param ?string $token as received, at most 4096 bytes
     * @param ?int $now Unix seconds; the clock's if null
     * @param int $leeway for how many seconds the clocks may differ, 0 or more
     * @throws InvalidArgument if $now or $leeway is out of range; never for what was presented
     */
    public function verify(?string $token, ?int $now = null, int $leeway = 0): bool
    {
        $now ??= \time();
        if ($this->holds(null, $token, $now, $leeway)) {
            return true;
        }
        // Only why it does not hold needs a place.
        $native = Native::take();
        return $native->verdict($this->holds($native, $token, $now, $leeway));
    }

    /**
     * As verify(), with the user, or the reason if it does not hold.
     *
     * @return int the user's id
     * @throws VerificationFailed
     * @throws InvalidArgument
     */
    public function check(?string $token, ?int $now = null, int $leeway = 0): int
    {
        $native = Native::take();
        return $native->checked($this->holds($native, $token, $now ?? \time(), $leeway), $native->userId);
    }

    private function holds(?Native $native, ?string $token, int $now, int $leeway): bool
    {
        $token ??= '';
        return $this->library->apisig_imbachat_verify(
            $this->handle,
            $token,
            \strlen($token),
            $now,
            $leeway,
            $native?->userId,
            $native?->why
        );
    }

    /**
     * Whether a request comes from ImbaChat: the login without regard to ASCII case, the password exactly, both in
     * constant time.
     *
     * @param string $login your API login, from the widget's settings; not empty
     * @param string $password your API password; not empty
     * @param ?string $presentedLogin as received: $_SERVER['PHP_AUTH_USER'] ?? null
     * @param ?string $presentedPassword as received: $_SERVER['PHP_AUTH_PW'] ?? null
     * @throws InvalidArgument if your own login or password is empty
     */
    public static function verifyLogin(
        string $login,
        #[\SensitiveParameter] string $password,
        ?string $presentedLogin,
        #[\SensitiveParameter] ?string $presentedPassword
    ): bool {
        $presentedLogin ??= '';
        $presentedPassword ??= '';
        $native = Native::take();
        return $native->verdict(Native::library(self::NAME)->apisig_imbachat_verify_login(
            $login,
            \strlen($login),
            $password,
            \strlen($password),
            $presentedLogin,
            \strlen($presentedLogin),
            $presentedPassword,
            \strlen($presentedPassword),
            $native->why
        ));
    }
}
