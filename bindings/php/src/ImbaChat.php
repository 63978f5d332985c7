<?php

declare(strict_types=1);

namespace Apisig;

/**
 * ImbaChat: user tokens, what a site answers ImbaChat's own requests with, and the chat widget of a page.
 *
 * A token holds for whoever has it until it expires.
 * new ImbaChat($secret, $previousSecrets): the widget's Secret key;
 * checks accept up to three previous ones.
 * Source: the vendor's page "ImbaChat-docs, API".
 */
final class ImbaChat extends Handle
{
    protected const NAME = 'imbachat';

    /** The bytes that Python's json.dumps() makes without ensure_ascii. */
    private const JSON = \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES | \JSON_UNESCAPED_LINE_TERMINATORS
        | \JSON_THROW_ON_ERROR;

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
            throw Exception::of(Abi::ARGUMENT_TIME);
        }
        return $this->library->apisig_imbachat_sign($this->handle, $userId, $expiresAt, $this->out, self::SIZE)
            ?? throw $this->refusal($userId < 1 ? Abi::ARGUMENT_USER_ID : Abi::ARGUMENT_TIME);
    }

    /**
     * Whether a token is signed with the secret, by HS256, and holds now.
     *
     * @param mixed $token as received, at most 4096 bytes
     * @param ?int $now Unix seconds; the clock's if null
     * @param int $leeway for how many seconds the clocks may differ, 0 or more
     * @throws InvalidArgument if $now or $leeway is out of range; never for what was presented
     */
    public function verify(#[\SensitiveParameter] mixed $token, ?int $now = null, int $leeway = 0): bool
    {
        return self::verdict($this->user($token, $now, $leeway));
    }

    /**
     * As verify(), with the user, or the reason if it does not hold. To find out more, for your log:
     * if ($failed->status === Status::Mismatch) { $failed->diagnosis = ImbaChat::diagnose($secret, $token); }
     *
     * @return int the user's id
     * @throws VerificationFailed
     * @throws InvalidArgument
     */
    public function check(#[\SensitiveParameter] mixed $token, ?int $now = null, int $leeway = 0): int
    {
        return self::checked($this->user($token, $now, $leeway));
    }

    private function user(#[\SensitiveParameter] mixed $token, ?int $now, int $leeway): int
    {
        $token = \is_string($token) ? $token : self::presented($token);
        return $this->library->apisig_imbachat_check($this->handle, $token, \strlen($token), $now ?? \time(), $leeway);
    }

    /**
     * What a ReplayGuard remembers of a verified token, until it expires: for links that work once. The chat's own
     * tokens are meant to be used many times.
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
     * What is wrong with a token: for whoever holds the secret, and never for an answer to the sender.
     *
     * @param string $secret the widget's Secret key, not empty
     * @param mixed $token as received, at most 4096 bytes
     * @param ?int $now Unix seconds; the clock's if null
     * @param int $leeway for how many seconds the clocks may differ, 0 or more
     * @param string $devId the widget's id, to find out whether it stood behind the secret, as in an older version
     * @return Diagnosis no mistake is named that does not make this very signature
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
        return Diagnosis::by(Abi::IMBACHAT_DIAGNOSE, $secret, $devId, $token, $now ?? \time(), $leeway);
    }

    /**
     * A token, step by step, as lines of text for a person: its header and claims, its times, what is signed, the
     * signature that the secret makes and the one presented. Of the secret it shows the length and 8 digits of its
     * SHA-256; but the token and its right signature let in whoever reads them.
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
     * Whether a request comes from ImbaChat: the login without regard to ASCII case, the password exactly, both in
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
     * As verifyLogin(), for the Authorization header as it stands.
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
     * As verifyLogin(), for what PHP tells of a request: the login and password that it has decoded itself, or else the
     * header, which CGI and FastCGI hand over under one of two names, if the web server lets it through at all: Apache
     * does with `CGIPassAuth On`.
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
     * The answer to a request that is not authorized: 401, byte for byte as the page's PHP gives it.
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
     * Which users ImbaChat asks about.
     *
     * @param mixed $parameter $_GET['user_ids'] ?? null: numbers with a comma between each two,
     *     "1,2", at most 1000 of them. A number may have white space around it; nothing at all between two commas is
     *     passed over. An array, which is what PHP makes of user_ids[]=1, cannot be read.
     * @return list<int> the numbers, each 1 or more, in their order
     * @throws VerificationFailed with Status::Malformed if anything else stands there: answer with 400
     */
    public static function userIds(mixed $parameter): array
    {
        // What is no text becomes one that is no list.
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
     * The answer to ImbaChat's question about users: a JSON array, also of one user or none.
     *
     * @param array<ImbaChatUser> $users
     */
    public static function users(array $users): Response
    {
        // Each through a closure, so that anything else than a user is a TypeError.
        $list = \array_map(static fn (ImbaChatUser $user) => $user, \array_values($users));
        $body = \json_encode($list, self::JSON);
        return new Response(200, ['Content-Type' => 'application/json'], $body);
    }

    /**
     * The two script elements that show the chat on a page, as HTML. Nothing in the arguments can run as a script of
     * its own.
     *
     * @param string $devId the widget's id: letters, digits, - and _
     * @param int $userId who looks at the page, 1 or more
     * @param string $token that user's, from sign(): UTF-8, not empty
     * @param string $origin where the vendor's script comes from, such as "http://127.0.0.1:8000"; empty for
     *     "https://imbachat.com"
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
     * The JavaScript call that opens a dialog with a user, on a page with the widget: "window.imbaApi.openDialog(2)".
     * It may stand in an attribute: <button onclick="<?= ImbaChat::openDialog(2) ?>">.
     *
     * @param int $userId whom to write to, 1 or more
     * @throws InvalidArgument
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
