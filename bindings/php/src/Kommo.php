<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Kommo (amoCRM) Chat API: the four headers of a request.
 *
 * The signature covers method, path, body, Content-Type and Date; not the host and not the query.
 * new Kommo($secret, $previousSecrets): the channel's secret: text, its 40 hex digits are not decoded;
 * checks accept up to three previous ones.
 * Source: the vendor's page "Connecting chat channel".
 */
final class Kommo extends Room
{
    protected const NAME = 'kommo';

    /** The only content type that the vendor takes. */
    public const CONTENT_TYPE = 'application/json';

    /** For how many seconds a signature holds, before and after its Date: 15 minutes. */
    public const TOLERANCE = 900;

    /**
     * Makes the headers of a request.
     *
     * @param string $method not empty, in any case; it is signed in upper case
     * @param string $url a whole URL with its scheme, or a path that starts with "/"; only the path is signed
     * @param string $body the raw bytes, sent just as they are here; empty for GET
     * @param ?int $now Unix seconds; the clock's if null
     * @return array{'Date': string, 'Content-Type': string, 'Content-MD5': string, 'X-Signature': string}
     * @throws InvalidArgument if $now is out of range, $method is empty, $url is neither of these, or there is a
     *     control character in either or a space in $url
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
     * Signs header values as they are given.
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
        return Native::text(static fn ($out, $size) => Native::library(self::NAME)->apisig_kommo_string_to_sign(
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
            $out,
            $size
        ));
    }

    /**
     * Whether a request is signed with the secret, has the body that was signed, and is not too old or from the future.
     * Within the tolerance the same request can come again. The webhooks that Kommo sends are signed in another way,
     * and do not hold here.
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
