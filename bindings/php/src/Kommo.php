<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Kommo (amoCRM) Chat API: the four headers of a request, webhooks, and the requests that connect a channel.
 *
 * The signature of a request covers method, path, body, Content-Type and Date, but neither host nor query. That of a
 * webhook covers its body only.
 * new Kommo($secret, $previousSecrets): the channel's secret: text, its 40 hex digits are not decoded;
 * checks accept up to three previous ones.
 * Source: the vendor's page "Connecting chat channel".
 *
 * @final except for mocks: createMock() replaces it in your tests.
 */
class Kommo extends Handle
{
    protected const NAME = 'kommo';

    /** The host of requests. For amoCRM it is amojo.amocrm.ru (not part of the documentation). */
    public const HOST = 'amojo.kommo.com';

    /** The only content type that the vendor accepts. */
    public const CONTENT_TYPE = 'application/json';

    /** For how many seconds a signature is valid, before and after its Date: 15 minutes, Abi::KOMMO_TOLERANCE. */
    public const TOLERANCE = 900; // A constant of another class would cost each request a microsecond.

    /**
     * Returns the headers of a request.
     *
     * @param string $method not empty, case-insensitive; it is signed in upper case
     * @param string $url a whole URL with its scheme, or a path that starts with "/", percent-encoded as it is sent;
     *     only the path is signed
     * @param string $body the raw bytes, exactly as they are sent; empty for GET
     * @param ?int $now Unix seconds; the clock's if null
     * @return array{'Date': string, 'Content-Type': string, 'Content-MD5': string, 'X-Signature': string}
     * @throws InvalidArgument if $now is out of range, $method is empty or has a control character, or $url is not one
     *     that clients send as it is: percent-encoded, without spaces and dot segments ("/../"), in RFC 3986's normal
     *     form (not "/{a}", "/%41", "/%c3")
     */
    public function sign(string $method, string $url, string $body = '', ?int $now = null): array
    {
        $now ??= \time();
        $lines = $this->library->apisig_kommo_sign_lines(
            $this->handle,
            $method,
            \strlen($method),
            $url,
            \strlen($url),
            $body,
            \strlen($body),
            $now,
            $this->out,
            self::SIZE
        ) ?? throw Exception::of(
            // The same, but with a status.
            Native::record(Abi::KOMMO_SIGN, [self::SIZE], $this->handle, $method, $url, $body, $now)
        );
        return [
            'Date' => \substr($lines, 0, 31),
            'Content-Type' => self::CONTENT_TYPE,
            'Content-MD5' => \substr($lines, 32, 32),
            'X-Signature' => \substr($lines, 65),
        ];
    }

    /**
     * Returns the signature of header values and the path, exactly as they are given.
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
        $signed = [$method, $url, $contentMd5, $contentType, $date];
        return Native::shortText(Abi::KOMMO_SIGN_DIGEST, $this->handle, ...$signed)
            ?? throw $this->refusal(Native::call(Abi::KOMMO_STRING_TO_SIGN, ...[...$signed, null, 0]));
    }

    /**
     * Returns the text that signDigest() signs: method, Content-MD5, Content-Type, Date and path, separated by line
     * feeds.
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
        return Native::text(Abi::KOMMO_STRING_TO_SIGN, $method, $url, $contentMd5, $contentType, $date);
    }

    /**
     * Whether a request is signed with the secret, has the body that was signed, and is neither too old nor from the
     * future. Within the tolerance the same request can be replayed. Webhooks are signed in another way: see
     * verifyWebhook().
     *
     * @param string $method as received
     * @param string $url as received: $_SERVER['REQUEST_URI']
     * @param string $body as received: file_get_contents('php://input'), not a parsed and re-encoded copy
     * @param array<string, string|list<string>> $headers as received: getallheaders() or a PSR-7 message's
     *     getHeaders(); names are case-insensitive
     * @param ?int $now Unix seconds; the clock's if null
     * @param int $tolerance for how many seconds a signature is valid, before and after its Date, 0 or more
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
        return self::verdict($this->number($method, $url, $body, $headers, $now, $tolerance));
    }

    /**
     * Returns which secret matched, or throws with the reason.
     *
     * @param array<string, string|list<string>> $headers
     * @return int the index of the secret: 0 is the current one
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
        return self::checked($this->number($method, $url, $body, $headers, $now, $tolerance));
    }

    /**
     * Returns what a ReplayGuard remembers of a verified request: its signature, as long as it is valid.
     *
     * @param array<string, string|list<string>> $headers as for verify()
     * @param int $tolerance that of verify(): with a shorter one the id is forgotten before the signature expires
     * @throws InvalidArgument if $tolerance is negative
     */
    public static function replayId(array $headers, int $tolerance): ReplayId
    {
        if ($tolerance < 0) {
            throw Exception::of(Abi::ARGUMENT_TOLERANCE);
        }
        // It is valid as long before its Date as after it. A guard remembers no id for so many years.
        $seconds = 2 * \min($tolerance, 1 << 30) + 1;
        return ReplayId::of(self::NAME, \strtolower(self::headers($headers)[3]), $seconds);
    }

    /**
     * Returns the signature of a body, every byte of it: that of the vendor's webhooks, and of requests to its older
     * API.
     * Source: the vendor's page on webhooks.
     *
     * @return string X-Signature: 40 hex digits
     * @throws InvalidArgument
     */
    public function signWebhook(string $body): string
    {
        return self::library(Abi::KOMMO_SIGN_WEBHOOK)
            ->apisig_kommo_sign_webhook($this->handle, $body, \strlen($body), $this->out, self::SIZE)
            ?? throw $this->refusal(Abi::ARGUMENT_HANDLE);
    }

    /**
     * Whether a webhook comes from Kommo. Its signature covers no time: the same webhook can be replayed, which its ids
     * show. Only the webhooks of a chat channel are signed: JSON, with the header X-Signature. Those of the CRM are
     * forms (account[...], leads[...]) without a signature. Source: the vendor's page on webhooks.
     *
     * @param string $body as received: file_get_contents('php://input'), not a parsed and re-encoded copy. CR and LF
     *     bytes at its end may be signed or not: the vendor sends a line end that it does not sign
     * @param mixed $signature as received: $_SERVER['HTTP_X_SIGNATURE'] ?? null
     */
    public function verifyWebhook(string $body, mixed $signature): bool
    {
        return self::verdict($this->numberOfWebhook($body, $signature));
    }

    /**
     * Returns which secret matched, or throws with the reason.
     *
     * @return int the index of the secret: 0 is the current one
     * @throws VerificationFailed
     */
    public function checkWebhook(string $body, mixed $signature): int
    {
        return self::checked($this->numberOfWebhook($body, $signature));
    }

    /**
     * Returns what a ReplayGuard remembers of a verified webhook: its signature. Two webhooks with the same bytes have
     * the same id.
     */
    public static function webhookReplayId(mixed $signature): ReplayId
    {
        return ReplayId::of(self::NAME . '-webhook', \strtolower(self::presented($signature)), null);
    }

    /**
     * Returns what a verified webhook says. It checks nothing: call verifyWebhook() or checkWebhook() first.
     *
     * @param string $body as received
     * @throws VerificationFailed with the status Malformed if it is not a JSON object; never for its fields
     */
    public static function webhook(#[\SensitiveParameter] string $body): KommoWebhook
    {
        $raw = \json_decode($body, true, flags: \JSON_BIGINT_AS_STRING);
        return \is_array($raw) && \ltrim($body)[0] === '{'
            ? KommoWebhook::of($raw)
            : throw VerificationFailed::of(Status::Malformed->value);
    }

    /**
     * Returns the request that connects a channel to an account.
     *
     * @param string $channelId as registered by the vendor: letters, digits, "-" and "_"
     * @param string $accountId the account's amojo_id: letters, digits, "-" and "_"
     * @param string $title the channel's name, in UTF-8
     * @param string $hookApiVersion the form of the webhooks: "v1" or "v2"
     * @param string $host or a whole origin, such as "http://127.0.0.1:8080": without TLS for tests only
     * @param ?int $now Unix seconds; the clock's if null
     * @return Request connected() reads its answer
     * @throws InvalidArgument if an argument is not as above
     */
    public function connect(
        string $channelId,
        string $accountId,
        string $title,
        string $hookApiVersion = 'v2',
        string $host = self::HOST,
        ?int $now = null
    ): Request {
        $url = Native::text(Abi::KOMMO_CONNECT_URL, $host, $channelId);
        $body = Native::text(Abi::KOMMO_CONNECT_BODY, $accountId, $title, $hookApiVersion);
        return $this->signed('POST', $url, $body, $now);
    }

    /**
     * Returns the request that disconnects it. Source: the vendor's reference of the Chat API.
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
        $url = Native::text(Abi::KOMMO_DISCONNECT_URL, $host, $channelId);
        $body = Native::text(Abi::KOMMO_DISCONNECT_BODY, $accountId);
        return $this->signed('DELETE', $url, $body, $now);
    }

    /**
     * Returns any other request of the Chat API.
     *
     * @param string $method such as "POST", case-insensitive
     * @param string $path such as "/v2/origin/custom/$scopeId", with its query, which is not signed; percent-encoded,
     *     as by rawurlencode()
     * @param string $body the raw bytes, such as those of json_encode(); empty for GET
     * @param string $host as for connect()
     * @param ?int $now Unix seconds; the clock's if null
     * @return Request accepted() reads its answer
     * @throws InvalidArgument if $path does not start with "/", or clients do not send it or $method as it is
     */
    public function request(
        string $method,
        string $path,
        string $body = '',
        string $host = self::HOST,
        ?int $now = null
    ): Request {
        $url = Native::text(Abi::KOMMO_URL, $host, $path);
        return $this->signed(\strtoupper($method), $url, $body, $now);
    }

    /**
     * Returns the id of a channel in an account, as connected() does: it is in the path of every request but those that
     * connect and disconnect.
     *
     * @param string $channelId as for connect(), and so is the other
     * @throws InvalidArgument
     */
    public static function scopeId(string $channelId, string $accountId): string
    {
        return Native::text(Abi::KOMMO_SCOPE_ID, $channelId, $accountId);
    }

    /**
     * Returns what the answer to connect() says.
     *
     * @param int $status of HTTP, such as 200
     * @param string $body the answer's
     * @throws RequestRefused if the status is not 200 to 299
     * @throws Exception if the answer is not that of the vendor's page
     */
    public static function connected(int $status, string $body): KommoConnection
    {
        self::accepted($status, $body);
        $names = ['account_id', 'scope_id', 'title', 'hook_api_version'];
        return new KommoConnection(...\array_map(static fn (string $name) => self::answer($body, $name), $names));
    }

    /**
     * Returns the body of an answer, if the request was accepted. Not every one is JSON, or has a body.
     *
     * @param int $status of HTTP, such as 200
     * @throws RequestRefused if the status is not 200 to 299
     */
    public static function accepted(int $status, string $body): string
    {
        if ($status >= 200 && $status < 300) {
            return $body;
        }
        // The Chat API's own names, and those of the servers in front of it.
        $type = self::firstAnswer($body, ['error_type', 'title']);
        throw new RequestRefused($status, $type, self::firstAnswer($body, ['error_description', 'detail']));
    }

    /**
     * Returns a member of an answer that is a string: of the answer itself, not of an object in it.
     *
     * @param string $answer a JSON object of at most 64 KiB and 32 members, no two with the same name
     * @throws Exception with Status::Malformed if it is anything else, or has no such string
     */
    public static function answer(string $answer, string $name): string
    {
        return Native::text(Abi::KOMMO_ANSWER, $answer, $name);
    }

    /**
     * Returns the mistake that makes a request's signature wrong. Log it; never return it to the sender, who would
     * learn how to sign. Mistakes are reported only if they reproduce the signature exactly. Some thousand are
     * tried, and a body of JSON is hashed in each encoding: do not call it for every request.
     *
     * Of a request that the vendor refused, give what was sent. Of one that check() refused: `$failed->diagnosis =
     * Kommo::diagnose($secret, …)`, for your log.
     *
     * @param string $secret the channel's; if it is empty, there are hints alone, of what the form of the request shows
     * @param string $method as sent, at most 32 bytes
     * @param string $url as sent; of a whole one the host may have been signed
     * @param string $body as sent, its raw bytes
     * @param array<string, string|list<string>> $headers as sent: Date, Content-Type, Content-MD5 and X-Signature;
     *     names are case-insensitive
     * @param ?int $now Unix seconds; the clock's if null
     * @param int $tolerance for how many seconds a signature is valid, before and after its Date, 0 or more
     * @return Diagnosis hex in upper case is a mistake, although verify() accepts it
     * @throws InvalidArgument if $now or $tolerance is out of range
     * @throws Exception with Status::Malformed if method, URL or a header could not have been signed
     */
    public static function diagnose(
        #[\SensitiveParameter] string $secret,
        string $method,
        string $url,
        string $body,
        array $headers,
        ?int $now = null,
        int $tolerance = self::TOLERANCE
    ): Diagnosis {
        $signed = [$method, $url, $body, ...self::headers($headers)];
        return Diagnosis::by(Abi::KOMMO_DIAGNOSIS, $secret, ...[...$signed, $now ?? \time(), $tolerance]);
    }

    /**
     * Returns the mistake that makes a webhook's signature wrong. A mistake about the body, such as
     * Mistake::BodyPretty, means that $body is not the one that was received, but a parsed and re-encoded copy. A form
     * without a signature is a webhook of the CRM, which is never signed: Mistake::WebhookUnsigned.
     *
     * @param string $secret the channel's
     * @param string $body as received
     * @param mixed $signature X-Signature as received
     * @throws InvalidArgument if $secret is empty
     */
    public static function diagnoseWebhook(
        #[\SensitiveParameter] string $secret,
        string $body,
        mixed $signature
    ): Diagnosis {
        return Diagnosis::by(Abi::KOMMO_DIAGNOSIS_WEBHOOK, $secret, $body, self::presented($signature));
    }

    /**
     * Returns an explanation of a request's signature, a line for each step: the body's MD5, the five lines that are
     * signed, the signature; and warnings, such as of a line feed at the end of the secret. It shows of the secret only
     * the length and 8 digits of its SHA-256. The words may change.
     *
     * @param string $secret the channel's, and the others as for diagnose()
     * @param array<string, string|list<string>> $headers
     * @throws InvalidArgument if $secret is empty, $method longer than 32 bytes, or as signDigest()
     */
    public static function explain(
        #[\SensitiveParameter] string $secret,
        string $method,
        string $url,
        string $body,
        array $headers
    ): string {
        $signed = [$method, $url, $body, ...\array_slice(self::headers($headers), 0, 3)];
        return Native::text(Abi::KOMMO_EXPLAIN, $secret, ...$signed);
    }

    /** The text of the first of these members that the answer has; '' if it has none. */
    private static function firstAnswer(string $answer, array $names): string
    {
        try {
            return $names === [] ? '' : self::answer($answer, \array_shift($names));
        } catch (Exception) {
            return self::firstAnswer($answer, $names);
        }
    }

    private function signed(string $method, string $url, string $body, ?int $now): Request
    {
        return new Request($method, $url, $this->sign($method, $url, $body, $now), $body);
    }

    private function numberOfWebhook(string $body, mixed $signature): int
    {
        // Text of an object may come from code that frees this one.
        $signature = self::presented($signature);
        return Native::call(Abi::KOMMO_CHECK_WEBHOOK, $this->handle, $body, $signature);
    }

    private function number(string $method, string $url, string $body, array $headers, ?int $now, int $tolerance): int
    {
        $signed = [$method, $url, $body, ...self::headers($headers)];
        return Native::call(Abi::KOMMO_CHECK, $this->handle, ...[...$signed, $now ?? \time(), $tolerance]);
    }

    /**
     * Content-MD5, Content-Type, Date and X-Signature: the only value of each, or '' if it is missing. If there are
     * two, or it is not a string, it becomes a character that no header can have: it is not clear what was meant.
     *
     * @return list<string>
     */
    private static function headers(array $headers): array
    {
        $values = ['content-md5' => false, 'content-type' => false, 'date' => false, 'x-signature' => false];
        foreach ($headers as $name => $value) {
            $name = \strtolower((string) $name);
            if (isset($values[$name]) && $value !== []) {
                $value = \is_array($value) && \count($value) === 1 ? \current($value) : $value;
                $values[$name] = $values[$name] === false && \is_string($value) ? $value : "\0";
            }
        }
        return \array_map('strval', \array_values($values));
    }

    protected static function declarations(): string
    {
        return Abi::KOMMO_HANDLE . Abi::KOMMO_SIGN_LINES;
    }
}
