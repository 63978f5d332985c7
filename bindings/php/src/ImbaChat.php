<?php

declare(strict_types=1);

namespace Apisig;

/**
 * ImbaChat: user tokens, a site's answers to ImbaChat's own requests, and the chat widget of a page.
 *
 * Until it expires, a token is valid for everyone who has it.
 * new ImbaChat($secret, $previousSecrets): the widget's Secret key;
 * checks accept up to three previous ones.
 * Source: the vendor's page "ImbaChat-docs, API".
 *
 * @final except for mocks: createMock() replaces it in your tests.
 */
class ImbaChat extends Handle
{
    protected const NAME = 'imbachat';

    /** The bytes that Python's json.dumps() makes without ensure_ascii. */
    private const JSON = \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES | \JSON_UNESCAPED_LINE_TERMINATORS
        | \JSON_THROW_ON_ERROR;

    /**
     * Returns the token of a user, byte for byte that of the page's getJWT().
     *
     * @param int $userId the user's id on your site, 1 or more
     * @param int $ttl for how many seconds the token is valid; with 0 or less it is expired from the start
     * @param ?int $now Unix seconds; the clock's if null
     * @throws InvalidArgument if the user id is below 1, or the time is out of range
     */
    public function sign(int $userId, int $ttl = 3600, ?int $now = null): string
    {
        $expiresAt = ($now ?? \time()) + $ttl;
        if (!\is_int($expiresAt)) {
            throw Exception::of(Abi::ARGUMENT_TIME);
        }
        return $this->library->apisig_imbachat_sign($this->handle, $userId, $expiresAt, $this->out, self::SIZE)
            ?? throw $this->refusal($userId < 1 ? Abi::ARGUMENT_USER_ID : Abi::ARGUMENT_TIME);
    }

    /**
     * Whether a token is signed with the secret, by HS256, and valid now.
     *
     * @param mixed $token as received, at most 4096 bytes
     * @param ?int $now Unix seconds; the clock's if null
     * @param int $leeway for how many seconds the clocks may differ, 0 or more
     * @throws InvalidArgument if $now or $leeway is out of range; never for what was presented
     */
    public function verify(#[\SensitiveParameter] mixed $token, ?int $now = null, int $leeway = 0): bool
    {
        // Written out in verify() and check(): a method between would cost each call time.
        $token = \is_string($token) ? $token : self::presented($token);
        $user = $this->library->apisig_imbachat_check($this->handle, $token, \strlen($token), $now ?? \time(), $leeway);
        return self::verdict($user);
    }

    /**
     * Returns the token's user, or throws with the reason. To find out more, for your log:
     * if ($failed->status === Status::Mismatch) { $failed->diagnosis = ImbaChat::diagnose($secret, $token); }
     *
     * @return int the user's id
     * @throws VerificationFailed
     * @throws InvalidArgument
     */
    public function check(#[\SensitiveParameter] mixed $token, ?int $now = null, int $leeway = 0): int
    {
        // Written out in verify() and check(): a method between would cost each call time.
        $token = \is_string($token) ? $token : self::presented($token);
        $user = $this->library->apisig_imbachat_check($this->handle, $token, \strlen($token), $now ?? \time(), $leeway);
        return $user >= 0 ? $user : throw VerificationFailed::of($user);
    }

    /**
     * Returns what a ReplayGuard remembers of a verified token, until it expires: for links that work once. The chat's
     * own tokens are used many times.
     *
     * @param mixed $token as for verify(), and so are the others
     * @throws InvalidArgument if $now or $leeway is out of range
     * @throws VerificationFailed if the token cannot be read, which verify() refuses too
     */
    public static function replayId(#[\SensitiveParameter] mixed $token, ?int $now = null, int $leeway = 0): ReplayId
    {
        $token = self::presented($token);
        $seconds = Native::call(Abi::IMBACHAT_SECONDS_LEFT, $token, $now ?? \time(), $leeway);
        return ReplayId::of(self::NAME, $token, self::checked($seconds));
    }

    /**
     * Returns what is wrong with a token. Log it; never return it to the sender, who would learn how to sign.
     *
     * @param string $secret the widget's Secret key, not empty
     * @param mixed $token as received, at most 4096 bytes
     * @param ?int $now Unix seconds; the clock's if null
     * @param int $leeway for how many seconds the clocks may differ, 0 or more
     * @param string $devId the widget's id, to find out whether it was appended to the secret, as in an older version
     * @return Diagnosis mistakes are reported only if they reproduce the signature exactly
     * @throws InvalidArgument if the secret is empty, or $now or $leeway out of range
     * @throws Exception with Status::Malformed if the token is not one: it has not two dots, or no header
     */
    public static function diagnose(
        #[\SensitiveParameter] string $secret,
        #[\SensitiveParameter] mixed $token,
        ?int $now = null,
        int $leeway = 0,
        string $devId = ''
    ): Diagnosis {
        $token = self::presented($token);
        return Diagnosis::by(Abi::IMBACHAT_DIAGNOSIS, $secret, $devId, $token, $now ?? \time(), $leeway);
    }

    /**
     * Returns an explanation of a token, a line for each step: its header and claims, its times, what is signed, the
     * right signature and the one presented. It shows of the secret only the length and 8 digits of its SHA-256. But
     * with the right signature everyone can log in: keep the text secret.
     *
     * @param string $secret the widget's Secret key, not empty
     * @param mixed $token as received, at most 4096 bytes
     * @param ?int $now Unix seconds; the clock's if null
     * @throws InvalidArgument if the secret is empty, or $now out of range
     * @throws Exception with Status::Malformed if the token has not two dots, or is too long
     */
    public static function explain(
        #[\SensitiveParameter] string $secret,
        #[\SensitiveParameter] mixed $token,
        ?int $now = null
    ): string {
        return Native::text(Abi::IMBACHAT_EXPLAIN, $secret, self::presented($token), $now ?? \time());
    }

    /**
     * Whether a request comes from ImbaChat. The login is compared case-insensitively, the password exactly, both in
     * constant time.
     *
     * @param string $login your API login, from the widget's settings; not empty
     * @param string $password your API password; not empty
     * @param mixed $presentedLogin as received: $_SERVER['PHP_AUTH_USER'] ?? null
     * @param mixed $presentedPassword as received: $_SERVER['PHP_AUTH_PW'] ?? null
     * @throws InvalidArgument if your own login or password is empty
     */
    public static function verifyLogin(
        string $login,
        #[\SensitiveParameter] string $password,
        mixed $presentedLogin,
        #[\SensitiveParameter] mixed $presentedPassword
    ): bool {
        $presented = [self::presented($presentedLogin), self::presented($presentedPassword)];
        return self::verdict(Native::call(Abi::IMBACHAT_CHECK_LOGIN, $login, $password, ...$presented));
    }

    /**
     * Whether the Authorization header has the login and the password, compared as in verifyLogin().
     *
     * @param string $login your API login: not empty, without a colon or control characters
     * @param string $password your API password: not empty, without control characters
     * @param mixed $authorization as received: "Basic cm9vdDphYmM="; at most 1024 bytes of login, colon and password
     * @throws InvalidArgument if your own login or password is empty
     */
    public static function verifyAuthorization(
        string $login,
        #[\SensitiveParameter] string $password,
        #[\SensitiveParameter] mixed $authorization
    ): bool {
        $authorization = self::presented($authorization);
        return self::verdict(Native::call(Abi::IMBACHAT_CHECK_AUTHORIZATION, $login, $password, $authorization));
    }

    /**
     * The same for $_SERVER: the login and password that PHP has decoded, or else the header, which CGI and FastCGI
     * pass under one of two names. Apache passes it only with `CGIPassAuth On`.
     *
     * @param string $login as in verifyAuthorization()
     * @param string $password as in verifyAuthorization()
     * @param array<string, mixed> $server $_SERVER
     * @throws InvalidArgument if your own login or password is empty
     */
    public static function verifyRequest(
        string $login,
        #[\SensitiveParameter] string $password,
        #[\SensitiveParameter] array $server
    ): bool {
        if (isset($server['PHP_AUTH_USER'])) {
            return self::verifyLogin($login, $password, $server['PHP_AUTH_USER'], $server['PHP_AUTH_PW'] ?? null);
        }
        $authorization = $server['HTTP_AUTHORIZATION'] ?? $server['REDIRECT_HTTP_AUTHORIZATION'] ?? null;
        return self::verifyAuthorization($login, $password, $authorization);
    }

    /**
     * Returns the answer to a request that is not authorized: 401, byte for byte that of the page's PHP.
     */
    public static function unauthorized(): Response
    {
        $headers = [
            'WWW-Authenticate' => Native::call(Abi::IMBACHAT_WWW_AUTHENTICATE),
            'Content-Type' => 'application/json',
        ];
        return new Response(401, $headers, Native::call(Abi::IMBACHAT_UNAUTHORIZED));
    }

    /**
     * Returns the ids of the users that ImbaChat asks about.
     *
     * @param mixed $parameter $_GET['user_ids'] ?? null: at most 1000 numbers, separated by commas, such as "1,2".
     *     White space around a number and empty entries are ignored. An array, which PHP makes of user_ids[]=1, is
     *     malformed.
     * @return list<int> the numbers, each 1 or more, in their order
     * @throws VerificationFailed with Status::Malformed: answer with 400
     */
    public static function userIds(mixed $parameter): array
    {
        // Anything else than text becomes a text that is malformed.
        $parameter = \is_string($parameter ??= '') || \is_int($parameter) ? (string) $parameter : '[]';
        $library = self::library(Abi::IMBACHAT_USER_IDS);
        $out = $library->new('int64_t[' . Abi::IMBACHAT_USER_IDS_MAX . ']');
        $number = $library->apisig_imbachat_user_ids($parameter, \strlen($parameter), $out, \count($out));
        $ids = [];
        for ($at = 0, $count = self::checked($number); $at < $count; $at++) {
            $ids[] = $out[$at];
        }
        return $ids;
    }

    /**
     * Returns the answer to ImbaChat's question about users: a JSON array, also of one user or none.
     *
     * @param array<ImbaChatUser> $users
     */
    public static function users(array $users): Response
    {
        // The closure makes anything else than a user a TypeError.
        $list = \array_map(static fn (ImbaChatUser $user) => $user, \array_values($users));
        $body = \json_encode($list, self::JSON);
        return new Response(200, ['Content-Type' => 'application/json'], $body);
    }

    /**
     * Returns the two script elements that show the chat on a page, as HTML. The arguments are escaped.
     *
     * @param string $devId the widget's id: letters, digits, - and _
     * @param int $userId the user who is logged in, 1 or more
     * @param string $token that user's, from sign(): UTF-8, not empty
     * @param string $origin of the vendor's script, such as "http://127.0.0.1:8000"; empty for "https://imbachat.com"
     * @throws InvalidArgument if an argument is not as above
     */
    public static function widget(
        string $devId,
        int $userId,
        #[\SensitiveParameter] string $token,
        string $origin = ''
    ): string {
        return Native::text(Abi::IMBACHAT_WIDGET, $devId, $userId, $token, $origin);
    }

    /**
     * Returns the JavaScript call that opens a dialog with a user, on a page with the widget. It needs no escaping:
     * <button onclick="<?= ImbaChat::openDialog(2) ?>">.
     *
     * @param int $userId the other user, 1 or more
     * @throws InvalidArgument if the user id is below 1
     */
    public static function openDialog(int $userId): string
    {
        return Native::shortText(Abi::IMBACHAT_OPEN_DIALOG, $userId) ?? throw Exception::of(Abi::ARGUMENT_USER_ID);
    }

    protected static function declarations(): string
    {
        return Abi::IMBACHAT_HANDLE . Abi::IMBACHAT_SIGN . Abi::IMBACHAT_CHECK;
    }
}
