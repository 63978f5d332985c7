<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;

/**
 * Kommo's section of the C interface.
 *
 * @internal
 */
final class Kommo extends Library
{
    /** Date, Content-Type, Content-MD5 and X-Signature. */
    protected const RECORD = [32, 17, 33, Abi::KOMMO_SIGNATURE_SIZE];

    private const CONTENT_TYPE = 'application/json';

    /** @return array{int, list<string>} */
    protected function sign(
        #[\SensitiveParameter] array $secrets,
        string $method,
        string $url,
        string $body,
        int $time
    ): array {
        [$date, $md5, $signature] = \explode("\n", $this->signLines($secrets, $method, $url, $body, $time));
        return [0, [$date, self::CONTENT_TYPE, $md5, $signature]];
    }

    protected function signLines(
        #[\SensitiveParameter] array $secrets,
        string $method,
        string $url,
        string $body,
        int $time
    ): string {
        $date = \gmdate('D, d M Y H:i:s +0000', self::time($time));
        $path = self::path($method, $url);
        Text::isGraphic($method) || throw new Refused(Abi::ARGUMENT_HTTP_METHOD);
        // Browsers read a backslash as a slash: the host would end there.
        $hasOtherHost = \str_contains(\substr($url, 0, \strcspn($url, '?#')), '\\');
        if (!Text::isGraphic($url) || $hasOtherHost || !self::isNormal($path)) {
            throw new Refused(Abi::ARGUMENT_URL);
        }
        $md5 = \md5($body);
        $signed = \implode("\n", [Text::upper($method), $md5, self::CONTENT_TYPE, $date, $path]);
        return "$date\n$md5\n" . self::signature($signed, $secrets[0]);
    }

    protected function signDigest(#[\SensitiveParameter] array $secrets, string ...$signed): string
    {
        return self::signature($this->stringToSign(...$signed), $secrets[0]);
    }

    /** @param string ...$headers Content-MD5, Content-Type and Date */
    protected function stringToSign(string $method, string $url, string ...$headers): string
    {
        Text::hasNoControl(\implode($headers)) || throw new Refused(Abi::ARGUMENT_HEADER);
        $path = self::path($method, $url);
        return \implode("\n", [Text::upper($method), ...$headers, $path]);
    }

    protected function check(
        #[\SensitiveParameter] array $secrets,
        string $method,
        string $url,
        string $body,
        string $contentMd5,
        string $contentType,
        string $date,
        string $signature,
        int $now,
        int $tolerance
    ): int {
        $now = self::time($now);
        $tolerance >= 0 || throw new Refused(Abi::ARGUMENT_TOLERANCE);
        try {
            $signed = $this->stringToSign($method, $url, $contentMd5, $contentType, $date);
        } catch (Refused) {
            throw new Refused(Status::Malformed);
        }
        // No client sends a fragment.
        !\str_contains($url, '#') || throw new Refused(Status::Malformed);
        $index = self::find($secrets, $signed, Text::lower($signature));
        \hash_equals(\md5($body), Text::lower($contentMd5)) || throw new Refused(Status::Body);
        $age = $now - Date::read($date);
        return match (true) {
            $age > $tolerance => throw new Refused(Status::Expired),
            -$age > $tolerance => throw new Refused(Status::NotYetValid),
            default => $index,
        };
    }

    protected function signWebhook(#[\SensitiveParameter] array $secrets, string $body): string
    {
        return self::signature($body, $secrets[0]);
    }

    protected function checkWebhook(#[\SensitiveParameter] array $secrets, string $body, string $signature): int
    {
        \preg_match('/^[0-9a-fA-F]{40}\z/', $signature) === 1 || throw new Refused(Status::Malformed);
        $signature = Text::lower($signature);
        // The vendor does not sign the line end that it sends.
        $line = \rtrim($body, "\r\n");
        foreach ($secrets as $index => $secret) {
            foreach (\array_unique([$line, $body]) as $signed) {
                if (\hash_equals(self::signature($signed, $secret), $signature)) {
                    return $index;
                }
            }
        }
        throw new Refused(Status::Mismatch);
    }

    protected function url(string $host, string $path): string
    {
        $isSent = Text::isGraphic($path) && !\str_contains($path, '#') && \str_starts_with($path, '/');
        if (!$isSent || !self::isNormal(\substr($path, 0, \strcspn($path, '?')))) {
            throw new Refused(Abi::ARGUMENT_PATH);
        }
        return self::origin($host) . $path;
    }

    protected function connectUrl(string $host, string $channelId): string
    {
        return self::channelUrl($host, $channelId, 'connect');
    }

    protected function disconnectUrl(string $host, string $channelId): string
    {
        return self::channelUrl($host, $channelId, 'disconnect');
    }

    protected function connectBody(string $accountId, string $title, string $hookApiVersion): string
    {
        \in_array($hookApiVersion, ['v1', 'v2'], true) || throw new Refused(Abi::ARGUMENT_HOOK_API_VERSION);
        $accountId = self::id($accountId, Abi::ARGUMENT_ACCOUNT_ID);
        $title = Text::json($title) ?? throw new Refused(Abi::ARGUMENT_TITLE);
        return "{\"account_id\":\"$accountId\",\"title\":$title,\"hook_api_version\":\"$hookApiVersion\"}";
    }

    protected function disconnectBody(string $accountId): string
    {
        return '{"account_id":"' . self::id($accountId, Abi::ARGUMENT_ACCOUNT_ID) . '"}';
    }

    protected function scopeId(string $channelId, string $accountId): string
    {
        return self::id($channelId, Abi::ARGUMENT_CHANNEL_ID) . '_' . self::id($accountId, Abi::ARGUMENT_ACCOUNT_ID);
    }

    protected function answer(string $answer, string $name): string
    {
        Text::isUtf8($name) || throw new Refused(Abi::ARGUMENT_NAME);
        $text = \strlen($answer) <= Abi::KOMMO_ANSWER_MAX ? Json::members($answer)[$name] ?? null : null;
        return \is_string($text) ? $text : throw new Refused(Status::Malformed);
    }

    protected static function signature(
        #[\SensitiveParameter] string $text,
        #[\SensitiveParameter] string $secret
    ): string {
        return \hash_hmac('sha1', $text, $secret);
    }

    private static function channelUrl(string $host, string $channelId, string $action): string
    {
        $origin = self::origin($host);
        return "$origin/v2/origin/custom/" . self::id($channelId, Abi::ARGUMENT_CHANNEL_ID) . "/$action";
    }

    private static function id(string $id, int $refusal): string
    {
        return Text::isWord($id) ? $id : throw new Refused($refusal);
    }

    private static function origin(string $host): string
    {
        $isOrigin = \preg_match('~^(https?://)?([A-Za-z0-9.-]++(?::[0-9]{1,5})?)\z~', $host, $parts) === 1;
        return $isOrigin ? ($parts[1] ?: 'https://') . $parts[2] : throw new Refused(Abi::ARGUMENT_HOST);
    }

    /** The path of a URL, without scheme, host, query and fragment. */
    private static function path(string $method, string $url): string
    {
        $method !== '' && Text::hasNoControl($method) || throw new Refused(Abi::ARGUMENT_HTTP_METHOD);
        $isLocal = \str_starts_with($url, '/');
        $isWhole = \preg_match('~^[A-Za-z0-9+.-]++://[^/?#]++~', $url, $host) === 1;
        $isSound = \preg_match('/[\x00-\x20\x7f]/', $url) === 0;
        if (!$isSound || !$isLocal && !$isWhole) {
            throw new Refused(Abi::ARGUMENT_URL);
        }
        $path = $isLocal ? $url : \substr($url, \strlen($host[0]));
        $path = \substr($path, 0, \strcspn($path, '?#'));
        return $path === '' ? '/' : $path;
    }

    /** Whether a path is in the normal form of RFC 3986, which every client sends as it is. */
    private static function isNormal(string $path): bool
    {
        $needless = '2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE]';
        return !\str_starts_with($path, '//')
            && \preg_match('~[^A-Za-z0-9._\~/%:@!$&\'()*+,;=-]~', $path) === 0
            && \preg_match('~(?:^|/)\.{1,2}(?:/|\z)~', $path) === 0
            && \preg_match("~%(?!(?!$needless)[0-9A-F]{2})~", $path) === 0;
    }
}
