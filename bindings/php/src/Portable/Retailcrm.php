<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;
use SensitiveParameter as Secret;

/**
 * RetailCRM's section of the C interface.
 *
 * @internal
 */
final class Retailcrm extends Library
{
    /** API key and system URL. */
    protected const RECORD = [Abi::RETAILCRM_API_KEY_SIZE, Abi::RETAILCRM_SYSTEM_URL_SIZE];

    protected function sign(object $handle, #[Secret] string $apiKey): string
    {
        return $apiKey !== '' ? self::signed($handle, $apiKey) : throw new Refused(Abi::ARGUMENT_API_KEY);
    }

    protected function check(object $handle, #[Secret] string $apiKey, #[Secret] string $token): int
    {
        $apiKey !== '' || throw new Refused(Status::Malformed);
        return self::find($handle, Text::lower($token), $apiKey);
    }

    /** @return array{int, list<string>} */
    protected function checkRegister(object $handle, #[Secret] string $form, string $hosts): array
    {
        $hosts = $hosts === '' ? [] : \explode(',', Text::lower($hosts));
        \array_filter($hosts, self::isHost(...)) === $hosts || throw new Refused(Abi::ARGUMENT_HOSTS);
        self::refuseLong($form);
        [$token, $apiKey, $url] = self::members($form, 'register', ['token', 'apiKey', 'systemUrl'])[0];
        $isRead = \is_string($token) && \is_string($apiKey) && \is_string($url)
            && \strlen($apiKey) < Abi::RETAILCRM_API_KEY_SIZE && \strlen($url) <= Abi::RETAILCRM_SYSTEM_URL_SIZE
            // The key goes into a header.
            && Text::is(Text::GRAPHIC, $apiKey) && Text::is(Text::WITHOUT_CONTROLS, $url);
        $index = $isRead ? $this->check($handle, $apiKey, $token) : throw new Refused(Status::Malformed);
        $host = self::host($url);
        $isAllowed = $host !== null && self::isAllowed($host, $hosts);
        return $isAllowed ? [$index, [$apiKey, "https://$host"]] : throw new Refused(Status::Url);
    }

    protected function config(string $scopes, string $registerUrl): string
    {
        Text::is('/^(?:[a-z_]++(?:,(?=[a-z_]))?)*+\z/', $scopes) || throw new Refused(Abi::ARGUMENT_SCOPES);
        $scopes = $scopes === '' ? '' : '"' . \strtr($scopes, [',' => '","']) . '"';
        return "{\"success\":true,\"scopes\":[$scopes],\"registerUrl\":" . self::url($registerUrl) . '}';
    }

    protected function registered(string $accountUrl): string
    {
        return '{"success":true,"accountUrl":' . self::url($accountUrl) . '}';
    }

    protected function failed(string $message): string
    {
        $message = Text::json($message) ?? throw new Refused(Abi::ARGUMENT_MESSAGE);
        return "{\"success\":false,\"errorMsg\":$message}";
    }

    protected function accepted(): string
    {
        return '{"success":true}';
    }

    protected function editUrl(string $systemUrl, string $code): string
    {
        Text::is(Text::WORD, $code) || throw new Refused(Abi::ARGUMENT_CODE);
        $host = self::host($systemUrl) ?? throw new Refused(Abi::ARGUMENT_SYSTEM_URL);
        return "https://$host/api/v5/integration-modules/$code/edit";
    }

    protected function clientId(#[Secret] string $form): string
    {
        self::refuseLong($form);
        return self::field($form, 'clientId') ?? throw new Refused(Status::Malformed);
    }

    protected function activity(#[Secret] string $form): string
    {
        self::refuseLong($form);
        [$values, $isJson] = self::members($form, 'activity', ['active', 'freeze']);
        foreach ($values as $value) {
            $lines[] = match (true) {
                $value === ($isJson ? true : 'true') => 'true',
                $value === ($isJson ? false : 'false') => 'false',
                default => throw new Refused(Status::Malformed),
            };
        }
        return \implode("\n", [...$lines, $this->clientId($form), self::field($form, 'systemUrl') ?? '']);
    }

    protected static function signature(#[Secret] string $text, #[Secret] string $secret): string
    {
        return \hash_hmac('sha256', $text, $secret);
    }

    private static function refuseLong(#[Secret] string $form): void
    {
        $isSound = \strlen($form) <= Abi::RETAILCRM_FORM_MAX && Form::isReadAlike($form);
        $isSound || throw new Refused(Status::Malformed);
    }

    /** The only field of a name, if there is one. */
    private static function field(#[Secret] string $form, string $name): ?string
    {
        $text = Form::only($form, $name);
        $isText = $text === null || (string) $text !== '' && \strlen($text) <= Abi::RETAILCRM_TEXT_MAX
            && Text::is(Text::UTF8, $text) && Text::is(Text::WITHOUT_CONTROLS, $text);
        return $isText ? $text : throw new Refused(Status::Malformed);
    }

    /**
     * Members of an object: the fields object[member], or those of one field of JSON.
     *
     * @param list<string> $names
     * @return array{list<string|int|bool|null>, bool} null for one that is not there, and whether they are JSON
     */
    private static function members(#[Secret] string $form, string $object, array $names): array
    {
        $json = null;
        $members = [];
        foreach (Form::fields($form) as [$name, $encoded]) {
            $rest = Form::after($name, $object);
            // For PHP it is of the object, or for servers to which a "." is what "[" is to PHP.
            if ($rest === null || !\str_contains("\0[. ", $rest[0] ?? '[')) {
                continue;
            }
            [, $member] = Text::groups('/^\[([A-Za-z0-9_]*+)\]\z/', $rest) ?? [1 => null];
            $isTwice = $member !== null ? isset($members[$member]) && \in_array($member, $names, true) : $json !== null;
            if ($member === null && $rest !== '' || $isTwice || $name[0] === ' ') {
                throw new Refused(Status::Malformed);
            }
            $member !== null ? $members[$member] = \urldecode($encoded) : $json = \urldecode($encoded);
        }
        if ($json !== null) {
            $isSound = $members === [] && \strlen($json) <= Abi::RETAILCRM_JSON_MAX;
            $members = $isSound ? Json::members($json) : throw new Refused(Status::Malformed);
        }
        return [\array_map(static fn (string $name): mixed => $members[$name] ?? null, $names), $json !== null];
    }

    /** A URL of the module's own: absolute, https. */
    private static function url(string $url): string
    {
        $behind = Text::afterScheme($url, 'https://') ?? '';
        $isSound = Text::before('/?#:', $behind) !== '' && Text::is('/^[^\x00-\x20\x7f]*+\z/', $url);
        return ($isSound ? Text::json($url) : null) ?? throw new Refused(Abi::ARGUMENT_HTTPS_URL);
    }

    /** The host of a system URL, in lower case; null if there is anything else in it. */
    private static function host(string $url): ?string
    {
        $rest = Text::lower(Text::afterScheme($url, 'https://') ?? '');
        $host = \str_ends_with($rest, '/') ? \substr($rest, 0, -1) : $rest;
        return self::isHost($host) ? $host : null;
    }

    private static function isHost(string $host): bool
    {
        $label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
        return \strlen($host) <= 253 && Text::is("/^$label(?:\.$label)*+\z/", $host);
    }

    /** Whether a host is one of the list, or a public name below one; of an empty list, any public name. */
    private static function isAllowed(string $host, array $hosts): bool
    {
        // The last label of any form of an IPv4 address starts with a digit.
        $isPublic = Text::is('/\.[a-z][a-z0-9-]*+\z/', $host);
        $isBelow = static fn (string $domain): bool => \str_ends_with($host, ".$domain");
        return \in_array($host, $hosts, true) || $isPublic && ($hosts === [] || \array_filter($hosts, $isBelow) !== []);
    }
}
