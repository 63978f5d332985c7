<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Kommo (amoCRM) Chat API: the four headers of a request, webhooks, and what connects a channel.
 *
 * The signature of a request covers method, path, body, Content-Type and Date; not the host and not the query. That of
 * a webhook covers its body alone.
 * new Kommo($secret, $previousSecrets): the channel's secret: text, its 40 hex digits are not decoded;
 * checks accept up to three previous ones.
 * Source: the vendor's page "Connecting chat channel".
 */
final class Kommo extends Handle
{
    use KommoDiagnosis;

    protected const NAME = 'kommo';

    /** Where requests go. For amoCRM it is amojo.amocrm.ru (not part of the documentation). */
    public const HOST = 'amojo.kommo.com';

    /** The only content type that the vendor takes. */
    public const CONTENT_TYPE = 'application/json';

    /** For how many seconds a signature holds, before and after its Date: 15 minutes. */
    public const TOLERANCE = Abi::KOMMO_TOLERANCE;

    /**
     * Makes the headers of a request.
     *
     * @param string $method not empty, in any case; it is signed in upper case
     * @param string $url a whole URL with its scheme, or a path that starts with "/", percent-encoded as it is sent;
     *     only the path is signed
     * @param string $body the raw bytes, sent just as they are here; empty for GET
     * @param ?int $now Unix seconds; the clock's if null
     * @return array{'Date': string, 'Content-Type': string, 'Content-MD5': string, 'X-Signature': string}
     * @throws InvalidArgument if $now is out of range, $method is empty or holds a control character, $url is neither
     *     of these or holds a space, a control character or what is not ASCII, or clients send its path otherwise: it
     *     has dot segments, "/../", starts with "//", or is not in RFC 3986's normal form: "/{a}", "/%41", "/%c3"
     */
    public function sign(string $method, string $url, string $body = '', ?int $now = null): array
    {
        $native = Native::takeHeaders($this->library);
        return $native->headers($this->library->apisig_kommo_sign(
            $this->handle,
            $method,
            \strlen($method),
            $url,
            \strlen($url),
            $body,
            \strlen($body),
            $now ?? \time(),
            $native->headers
        ));
    }

    /**
     * Signs header values, and the path, as they are given.
     *
     * @param string $contentMd5 the values of the headers, byte for byte as they are sent; a missing header is ''
     * @return string X-Signature: 40 hex digits
     * @throws InvalidArgument
     */
    public function signDigest(
        string $method,
        string $url,
        string $contentMd5,
        string $contentType,
        string $date
    ): string {
        return $this->library->apisig_kommo_sign_digest(
            $this->handle,
            $method,
            \strlen($method),
            $url,
            \strlen($url),
            $contentMd5,
            \strlen($contentMd5),
            $contentType,
            \strlen($contentType),
            $date,
            \strlen($date),
            $this->out,
            Native::SIZE
        ) ?? throw Exception::of(Status::Argument);
    }

    /**
     * What signDigest() signs: method, Content-MD5, Content-Type, Date and path, with a line feed between them.
     *
     * @throws InvalidArgument
     */
    public static function stringToSign(
        string $method,
        string $url,
        string $contentMd5,
        string $contentType,
        string $date
    ): string {
        $function = 'apisig_kommo_string_to_sign';
        return Native::textOf(self::NAME, $function, $method, $url, $contentMd5, $contentType, $date);
    }

    /**
     * Whether a request is signed with the secret, has the body that was signed, and is not too old or from the future.
     * Within the tolerance the same request can come again. The webhooks that Kommo sends are signed in another way:
     * see verifyWebhook().
     *
     * @param string $method as received
     * @param string $url as received: $_SERVER['REQUEST_URI']
     * @param string $body as received: file_get_contents('php://input'), not a parsed and re-encoded copy
     * @param array<string, string|list<string>> $headers as received: getallheaders() or a PSR-7 message's
     *     getHeaders(); names in any case
     * @param ?int $now Unix seconds; the clock's if null
     * @param int $tolerance for how many seconds a signature holds, before and after its Date, 0 or more
     * @throws InvalidArgument if $now or $tolerance is out of range; never for what was presented
     */
    public function verify(
        string $method,
        string $url,
        string $body,
        array $headers,
        ?int $now = null,
        int $tolerance = self::TOLERANCE
    ): bool {
        $native = Native::take();
        return $native->verdict($this->holds($native, $method, $url, $body, $headers, $now, $tolerance));
    }

    /**
     * As verify(), with the reason if it does not hold.
     *
     * @param array<string, string|list<string>> $headers
     * @return int the index of the secret that matched: 0 is the current one
     * @throws VerificationFailed
     * @throws InvalidArgument
     */
    public function check(
        string $method,
        string $url,
        string $body,
        array $headers,
        ?int $now = null,
        int $tolerance = self::TOLERANCE
    ): int {
        $native = Native::take();
        $holds = $this->holds($native, $method, $url, $body, $headers, $now, $tolerance);
        return $native->checked($holds, $native->why);
    }

    /**
     * What a ReplayGuard remembers of a verified request: its signature, as long as it is valid.
     *
     * @param array<string, string|list<string>> $headers as for verify()
     * @param int $tolerance the same as for verify(): with a shorter one the id is forgotten before the signature
     *     expires
     * @throws InvalidArgument if $tolerance is out of range
     */
    public static function replayId(array $headers, int $tolerance): ReplayId
    {
        if ($tolerance < 0 || $tolerance > \intdiv(\PHP_INT_MAX, 4)) {
            throw new InvalidArgument('The tolerance is out of range.', Status::Argument);
        }
        // It may come first as much before its Date as it may come last behind it.
        return ReplayId::of(self::NAME, \strtolower(self::header($headers, 'X-Signature')), 2 * $tolerance + 1);
    }

    /**
     * Signs a body alone, every byte of it: what the vendor does with its webhooks, and what its older API took as
     * X-Signature of a request. Source: the vendor's page on webhooks.
     *
     * @return string X-Signature: 40 hex digits
     * @throws InvalidArgument
     */
    public function signWebhook(string $body): string
    {
        return $this->library->apisig_kommo_sign_webhook(
            $this->handle,
            $body,
            \strlen($body),
            $this->out,
            Native::SIZE
        ) ?? throw Exception::of(Status::Argument);
    }

    /**
     * Whether a webhook comes from Kommo. Its signature covers no time: the same one can come again, which the ids in
     * it tell. Only the webhooks of a chat channel are signed: JSON, with the header X-Signature. Those of the CRM are
     * forms (account[...], leads[...]) and carry no signature. Source: the vendor's page on webhooks.
     *
     * @param string $body as received: file_get_contents('php://input'), not a parsed and re-encoded copy; the CR and
     *     LF bytes at its end may be signed or not, as the vendor sends a line end that it does not sign
     * @param mixed $signature as received: $_SERVER['HTTP_X_SIGNATURE'] ?? null. If it is not 40 hex digits, no body
     *     has it
     */
    public function verifyWebhook(string $body, mixed $signature): bool
    {
        $native = Native::take();
        return $native->verdict($this->webhookHolds($native, $body, $signature));
    }

    /**
     * As verifyWebhook(), with the reason if it does not hold.
     *
     * @return int the index of the secret that matched: 0 is the current one
     * @throws VerificationFailed with Status::Malformed if $signature is not 40 hex digits, else Status::Mismatch
     */
    public function checkWebhook(string $body, mixed $signature): int
    {
        $native = Native::take();
        return $native->checked($this->webhookHolds($native, $body, $signature), $native->why);
    }

    /**
     * What a ReplayGuard remembers of a verified webhook: its signature. Two webhooks with the same bytes have the same
     * id.
     */
    public static function webhookReplayId(mixed $signature): ReplayId
    {
        return ReplayId::of(self::NAME . '-webhook', \strtolower(self::presented($signature)), null);
    }

    /**
     * The request that connects a channel to an account.
     *
     * @param string $channelId as registered by the vendor: letters, digits, "-" and "_"
     * @param string $accountId the account's amojo_id; likewise
     * @param string $title the channel's name, in UTF-8
     * @param string $hookApiVersion the form that webhooks shall have: "v1" or "v2"
     * @param string $host or a whole origin, such as "http://127.0.0.1:8080": without TLS for tests only
     * @param ?int $now Unix seconds; the clock's if null
     * @return Request connected() reads its answer
     * @throws InvalidArgument if one of these is of another form
     */
    public function connect(
        string $channelId,
        string $accountId,
        string $title,
        string $hookApiVersion = 'v2',
        string $host = self::HOST,
        ?int $now = null
    ): Request {
        $url = Native::textOf('kommo_channel', 'apisig_kommo_connect_url', $host, $channelId);
        $body = Native::textOf('kommo_channel', 'apisig_kommo_connect_body', $accountId, $title, $hookApiVersion);
        return $this->signed('POST', $url, $body, $now);
    }

    /**
     * The request that disconnects it. Source: the vendor's reference of the Chat API.
     *
     * @param string $channelId as for connect(), and so are the others
     * @return Request accepted() reads its answer
     * @throws InvalidArgument
     */
    public function disconnect(
        string $channelId,
        string $accountId,
        string $host = self::HOST,
        ?int $now = null
    ): Request {
        $url = Native::textOf('kommo_channel', 'apisig_kommo_disconnect_url', $host, $channelId);
        $body = Native::textOf('kommo_channel', 'apisig_kommo_disconnect_body', $accountId);
        return $this->signed('DELETE', $url, $body, $now);
    }

    /**
     * Any other request of the Chat API.
     *
     * @param string $method such as "POST", in any case
     * @param string $path such as "/v2/origin/custom/$scopeId", with its query, of which nothing is signed. ASCII:
     *     what is put into it is escaped by rawurlencode()
     * @param string $body the raw bytes, such as json_encode() makes; empty for GET
     * @param string $host as for connect()
     * @param ?int $now Unix seconds; the clock's if null
     * @return Request accepted() reads its answer
     * @throws InvalidArgument if $path does not start with "/", or it or $method holds what no client sends as it is
     */
    public function request(
        string $method,
        string $path,
        string $body = '',
        string $host = self::HOST,
        ?int $now = null
    ): Request {
        $url = Native::textOf('kommo_channel', 'apisig_kommo_url', $host, $path);
        return $this->signed(\strtoupper($method), $url, $body, $now);
    }

    /**
     * The id of a channel in an account, which connected() gives too: it is in the path of every request but those that
     * connect and disconnect.
     *
     * @param string $channelId as for connect(), and so is the other
     * @throws InvalidArgument
     */
    public static function scopeId(string $channelId, string $accountId): string
    {
        return Native::textOf('kommo_channel', 'apisig_kommo_scope_id', $channelId, $accountId);
    }

    /**
     * Reads the answer to connect().
     *
     * @param int $status of HTTP, such as 200
     * @param string $body the answer's
     * @throws RequestRefused if the status is not one of success
     * @throws Exception if what the vendor answers with success is not what its page shows
     */
    public static function connected(int $status, string $body): KommoConnection
    {
        self::accepted($status, $body);
        return new KommoConnection(
            self::answer($body, 'account_id'),
            self::answer($body, 'scope_id'),
            self::answer($body, 'title'),
            self::answer($body, 'hook_api_version')
        );
    }

    /**
     * Reads the answer to any request: its body if the request was accepted. Not every one is JSON, or has a body.
     *
     * @param int $status of HTTP, such as 200
     * @throws RequestRefused if the status is not 200 to 299
     */
    public static function accepted(int $status, string $body): string
    {
        if ($status >= 200 && $status < 300) {
            return $body;
        }
        // The Chat API's own names, and those of what stands before it.
        throw new RequestRefused(
            $status,
            self::firstAnswer($body, 'error_type', 'title'),
            self::firstAnswer($body, 'error_description', 'detail')
        );
    }

    /**
     * The text of an answer's member that is a string: the answer's own, not one of an object within.
     *
     * @param string $answer a JSON object of at most 64 KiB and 32 members, no two of one name
     * @throws Exception if it is not like that, or has no such string
     */
    public static function answer(string $answer, string $name): string
    {
        return Native::textOf('kommo_channel', 'apisig_kommo_answer', $answer, $name);
    }

    /** The text of the first of these members that the answer has; '' if it has none. */
    private static function firstAnswer(string $answer, string ...$names): string
    {
        foreach ($names as $name) {
            try {
                return self::answer($answer, $name);
            } catch (Exception) {
                continue;
            }
        }
        return '';
    }

    private function signed(string $method, string $url, string $body, ?int $now): Request
    {
        return new Request($method, $url, $this->sign($method, $url, $body, $now), $body);
    }

    private function webhookHolds(Native $native, string $body, mixed $signature): bool
    {
        $signature = self::presented($signature);
        return $this->library->apisig_kommo_verify_webhook(
            $this->handle,
            $body,
            \strlen($body),
            $signature,
            \strlen($signature),
            $native->why
        );
    }

    private function holds(
        Native $native,
        string $method,
        string $url,
        string $body,
        array $headers,
        ?int $now,
        int $tolerance
    ): bool {
        $contentMd5 = self::header($headers, 'Content-MD5');
        $contentType = self::header($headers, 'Content-Type');
        $date = self::header($headers, 'Date');
        $signature = self::header($headers, 'X-Signature');
        return $this->library->apisig_kommo_verify(
            $this->handle,
            $method,
            \strlen($method),
            $url,
            \strlen($url),
            $body,
            \strlen($body),
            $contentMd5,
            \strlen($contentMd5),
            $contentType,
            \strlen($contentType),
            $date,
            \strlen($date),
            $signature,
            \strlen($signature),
            $now ?? \time(),
            $tolerance,
            $native->why
        );
    }

    /**
     * The header's only value; '' if it is missing. If it is there twice, or is no string, it becomes a character that
     * no header can hold: nobody can say what was meant.
     */
    private static function header(array $headers, string $name): string
    {
        $values = [];
        foreach ($headers as $key => $value) {
            if (\strcasecmp((string) $key, $name) === 0) {
                \array_push($values, ...\array_values((array) $value));
            }
        }
        $only = \count($values) === 1 ? $values[0] : null;
        return $values === [] ? '' : (\is_string($only) ? $only : "\0");
    }
}
