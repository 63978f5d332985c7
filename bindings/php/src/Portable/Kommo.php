<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;
use SensitiveParameter as Secret;

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

    /** The header Date, in lower case. The name of the day is not compared with the date: vendors' own are wrong. */
    private const DATE = '/^(?:(?:mon|tue|wed|thu|fri|sat|sun), ++)?([0-9]{1,2}) ++([a-z]{3}) ++([0-9]{4}) ++'
        . '([0-9]{2}):([0-9]{2})(?::([0-9]{2}))? ++(?:gmt|ut|utc|z|([+-])([0-9]{2})([0-9]{2}))\z/';

    private const MONTHS = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

    /** A URL or a path without spaces and controls; its path is the group. */
    private const PARTS = '~^(?:[A-Za-z0-9+.-]++://[^/?#\x00-\x20\x7f]++|(?=/))'
        . '([^?#\x00-\x20\x7f]*+)[^\x00-\x20\x7f]*+\z~';

    /** One of visible ASCII. Browsers read a backslash before the query as a slash: the host would end there. */
    private const URL = '/^[!"$->@-[\]-~]*+(?:[?#][!-~]*+)?\z/';

    /** What RFC 3986 writes without an escape, and so each of these is one that clients rewrite. */
    private const NEEDLESS = '2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE]';

    /** @return array{int, list<string>} */
    protected function sign(object $handle, string $method, string $url, string $body, int $time): array
    {
        [$date, $md5, $signature] = \explode("\n", $this->signLines($handle, $method, $url, $body, $time));
        return [0, [$date, self::CONTENT_TYPE, $md5, $signature]];
    }

    protected function signLines(object $handle, string $method, string $url, string $body, int $time): string
    {
        $date = \gmdate('D, d M Y H:i:s +0000', self::time($time));
        $md5 = \md5($body);
        Text::is('/^[!-~]++\z/', $method) || throw new Refused(Abi::ARGUMENT_HTTP_METHOD);
        $path = self::pathAsSent($url);
        $signed = \implode("\n", [Text::upper($method), $md5, self::CONTENT_TYPE, $date, $path]);
        return "$date\n$md5\n" . self::signed($handle, $signed);
    }

    protected function signDigest(object $handle, string ...$request): string
    {
        return self::signed($handle, $this->stringToSign(...$request));
    }

    /** @param string ...$headers Content-MD5, Content-Type and Date */
    protected function stringToSign(string $method, string $url, string ...$headers): string
    {
        Text::is(Text::WITHOUT_CONTROLS, \implode($headers)) || throw new Refused(Abi::ARGUMENT_HEADER);
        Text::is('/^[^\x00-\x1f\x7f]++\z/', $method) || throw new Refused(Abi::ARGUMENT_HTTP_METHOD);
        $path = self::path($url);
        return \implode("\n", [Text::upper($method), ...$headers, $path]);
    }

    /** @param string|int ...$rest the other headers, X-Signature, now and tolerance */
    protected function check(object $handle, string $method, string $url, string $body, string|int ...$rest): int
    {
        [$contentMd5, $contentType, $date, $signature, $now, $tolerance] = $rest;
        $now = self::time($now);
        $tolerance >= 0 || throw new Refused(Abi::ARGUMENT_TOLERANCE);
        try {
            $signed = $this->stringToSign($method, $url, $contentMd5, $contentType, $date);
        } catch (Refused) {
            throw new Refused(Status::Malformed);
        }
        // No client sends a fragment.
        \str_contains($url, '#') && throw new Refused(Status::Malformed);
        $index = self::find($handle, Text::lower($signature), $signed);
        \hash_equals(\md5($body), Text::lower($contentMd5)) || throw new Refused(Status::Body);
        $age = $now - self::date(Text::lower($date));
        return match (true) {
            $age > $tolerance => throw new Refused(Status::Expired),
            -$age > $tolerance => throw new Refused(Status::NotYetValid),
            default => $index,
        };
    }

    protected function signWebhook(object $handle, string $body): string
    {
        return self::signed($handle, $body);
    }

    protected function checkWebhook(object $handle, string $body, string $signature): int
    {
        $signature = Text::lower($signature);
        Text::is('/^[0-9a-f]{40}\z/', $signature) || throw new Refused(Status::Malformed);
        // The vendor does not sign the line end that it sends.
        return self::find($handle, $signature, ...\array_unique([\rtrim($body, "\r\n"), $body]));
    }

    protected function url(string $host, string $path): string
    {
        $isSent = Text::is(Text::GRAPHIC, $path) && !\str_contains($path, '#') && \str_starts_with($path, '/');
        $isSent && self::isNormal(Text::before('?', $path)) || throw new Refused(Abi::ARGUMENT_PATH);
        return self::origin($host) . $path;
    }

    protected function connectUrl(string $host, string $channelId, string $action = 'connect'): string
    {
        $origin = self::origin($host);
        return "$origin/v2/origin/custom/" . self::id($channelId, Abi::ARGUMENT_CHANNEL_ID) . "/$action";
    }

    protected function disconnectUrl(string $host, string $channelId): string
    {
        return $this->connectUrl($host, $channelId, 'disconnect');
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
        Text::is(Text::UTF8, $name) || throw new Refused(Abi::ARGUMENT_NAME);
        $text = \strlen($answer) <= Abi::KOMMO_ANSWER_MAX ? Json::members($answer)[$name] ?? null : null;
        return \is_string($text) ? $text : throw new Refused(Status::Malformed);
    }

    protected static function signature(#[Secret] string $text, #[Secret] string $secret): string
    {
        return \hash_hmac('sha1', $text, $secret);
    }

    private static function id(string $id, int $refusal): string
    {
        return Text::is(Text::WORD, $id) ? $id : throw new Refused($refusal);
    }

    private static function origin(string $host): string
    {
        $parts = Text::groups('~^(https?://)?([A-Za-z0-9.-]++(?::[0-9]{1,5})?)\z~', $host);
        return $parts !== null ? ($parts[1] ?: 'https://') . $parts[2] : throw new Refused(Abi::ARGUMENT_HOST);
    }

    /** The path of a URL that every client sends as it is. */
    private static function pathAsSent(string $url): string
    {
        // One look at a path of letters, digits and slashes, the commonest case.
        if (Text::is('~^/(?!/)[A-Za-z0-9/_-]*+\z~', $url)) {
            return $url;
        }
        $path = self::path($url);
        return Text::is(self::URL, $url) && self::isNormal($path) ? $path : throw new Refused(Abi::ARGUMENT_URL);
    }

    /** The path of a URL, without scheme, host, query and fragment. */
    private static function path(string $url): string
    {
        $parts = Text::groups(self::PARTS, $url) ?? throw new Refused(Abi::ARGUMENT_URL);
        return $parts[1] ?: '/';
    }

    /** Whether a path is in the normal form of RFC 3986, which every client sends as it is. */
    private static function isNormal(string $path): bool
    {
        return Text::is('~^/(?!/)[A-Za-z0-9._\~/%:@!$&\'()*+,;=-]*+\z~', $path)
            && (!\str_contains($path, '/.') || Text::lacks('~/\.\.?(?:/|\z)~', $path))
            && (!\str_contains($path, '%') || Text::lacks('~%(?!(?!' . self::NEEDLESS . ')[0-9A-F]{2})~', $path));
    }

    /** Unix seconds. The calendar repeats itself after 400 years; PHP takes the years 0 to 100 for others. */
    private static function date(string $date): int
    {
        $found = Text::groups(self::DATE, $date) ?? throw new Refused(Status::Malformed);
        $month = (int) \array_search($found[2], self::MONTHS, true);
        $sign = ($found[7] ?? '') === '-' ? -1 : 1;
        unset($found[2], $found[7]);
        $numbers = \array_map('intval', $found) + \array_fill(0, 10, 0);
        [1 => $day, 3 => $year, 4 => $hour, 5 => $minute, 6 => $second, 8 => $east, 9 => $eastMinute] = $numbers;
        $isTime = $hour < 24 && $minute < 60 && $second <= 60 && $east < 24 && $eastMinute < 60;
        $isTime && \checkdate($month, $day, $year + 400) || throw new Refused(Status::Malformed);
        // A leap second is the one before it.
        $local = \gmmktime($hour, $minute, \min($second, 59), $month, $day, $year + 400) - 146097 * 86400;
        $time = $local - $sign * 60 * (60 * $east + $eastMinute);
        return $time >= Abi::TIME_FIRST && $time < Abi::TIME_END ? $time : throw new Refused(Status::Malformed);
    }
}
