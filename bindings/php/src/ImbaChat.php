<?php

declare(strict_types=1);

namespace Apisig;

/**
 * ImbaChat: user tokens, and the API login and password of ImbaChat's own requests.
 *
 * A token holds for whoever has it until it expires.
 * Source: the vendor's page "ImbaChat-docs, API".
 */
final class ImbaChat extends Room
{
    protected const NAME = 'imbachat';

    /**
     * Makes the token of a user, byte for byte as the page's getJWT() does.
     *
     * @param int $userId the user's id on your site, 1 or more
     * @param int $ttl for how many seconds the token holds
     * @param ?int $now Unix seconds; the clock's if null
     * @throws InvalidArgument
     */
    public function sign(int $userId, int $ttl = 3600, ?int $now = null): string
    {
        $expiresAt = ($now ?? \time()) + $ttl;
        if (!\is_int($expiresAt)) {
            throw Exception::of(Status::Argument->value);
        }
        $out = Native::buffer('uint8_t[160]');
        return Native::text($out, $this->library->apisig_imbachat_sign($this->handle, $userId, $expiresAt, $out, 160));
    }

    /**
     * Whether a token is signed with the secret, by HS256, and holds now.
     *
     * @param string $token as received, at most 4096 bytes
     * @param ?int $now Unix seconds; the clock's if null
     * @param int $leeway for how many seconds the clocks may differ, 0 or more
     * @throws InvalidArgument if $now or $leeway is out of range; never for what was presented
     */
    public function verify(string $token, ?int $now = null, int $leeway = 0): bool
    {
        return $this->verdict($this->holds($token, $now, $leeway));
    }

    /**
     * As verify(), with the user, or the reason if it does not hold.
     *
     * @return int the user's id
     * @throws VerificationFailed
     * @throws InvalidArgument
     */
    public function check(string $token, ?int $now = null, int $leeway = 0): int
    {
        $this->index($this->holds($token, $now, $leeway));
        return Native::buffer('int64_t[1]')[0];
    }

    private function holds(string $token, ?int $now, int $leeway): bool
    {
        return $this->library->apisig_imbachat_verify(
            $this->handle,
            $token,
            \strlen($token),
            $now ?? \time(),
            $leeway,
            Native::buffer('int64_t[1]'),
            $this->why
        );
    }

    /**
     * Whether a request comes from ImbaChat: the login without regard to ASCII case, the password exactly, both in
     * constant time.
     *
     * @param string $login your API login, from the widget's settings; not empty
     * @param string $password your API password; not empty
     * @param string $presentedLogin as received: $_SERVER['PHP_AUTH_USER']
     * @param string $presentedPassword as received: $_SERVER['PHP_AUTH_PW']
     * @throws InvalidArgument if your own login or password is empty
     */
    public static function verifyLogin(
        string $login,
        #[\SensitiveParameter] string $password,
        string $presentedLogin,
        #[\SensitiveParameter] string $presentedPassword
    ): bool {
        $why = Native::buffer('int32_t[1]');
        $holds = Native::library()->apisig_imbachat_verify_login(
            $login,
            \strlen($login),
            $password,
            \strlen($password),
            $presentedLogin,
            \strlen($presentedLogin),
            $presentedPassword,
            \strlen($presentedPassword),
            $why
        );
        return $holds || $why[0] !== Status::Argument->value ? $holds : throw Exception::of($why[0]);
    }
}
