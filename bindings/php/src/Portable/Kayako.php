<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;

/**
 * Kayako's section of the C interface.
 *
 * @internal
 */
final class Kayako extends Library
{
    /** What the vendor's server trims. */
    private const SPACE = " \t\n\r\0\x0b";

    protected function salt(): string
    {
        try {
            return \bin2hex(\random_bytes(16));
        } catch (\Exception) {
            throw new Refused(Status::Random);
        }
    }

    protected function sign(#[\SensitiveParameter] array $secrets, string $salt): string
    {
        return self::isNone($salt) ? throw new Refused(Abi::ARGUMENT_SALT) : self::signature($salt, $secrets[0]);
    }

    protected function check(#[\SensitiveParameter] array $secrets, string $salt, string $signature): int
    {
        if (self::isNone($salt)) {
            throw new Refused(Status::Malformed);
        }
        return self::find($secrets, $salt, $signature);
    }

    protected function signForm(
        #[\SensitiveParameter] array $secrets,
        #[\SensitiveParameter] string $apiKey,
        string $salt,
        #[\SensitiveParameter] string $form
    ): string {
        $fields = ['apikey' => self::trimmed($apiKey), 'salt' => $salt, 'signature' => $this->sign($secrets, $salt)];
        return Form::with($form, \array_keys($fields), \http_build_query($fields, '', '&'));
    }

    protected function url(string $base, string $route, bool $standardUrl, #[\SensitiveParameter] string $query): string
    {
        [$site, $behind] = Text::base($base) ?? throw new Refused(Abi::ARGUMENT_BASE);
        match (true) {
            !\str_starts_with($route, '/') => throw new Refused(Abi::ARGUMENT_ROUTE),
            !Text::isGraphic($query) || \str_contains($query, '#') => throw new Refused(Abi::ARGUMENT_QUERY),
            Form::has($query, 'e') => throw new Refused(Abi::ARGUMENT_FORM_NAME),
            // The route is a field too.
            Form::count($query) >= Abi::FORM_FIELDS_MAX => throw new Refused(Abi::ARGUMENT_FORM_FIELDS),
            default => null,
        };
        $site .= match (true) {
            \str_ends_with($behind, '/index.php') => '',
            \str_ends_with($behind, '/api') => '/index.php',
            default => '/api/index.php',
        };
        $route = \strtr(\urlencode($route), ['%2F' => '/', '+' => '%20']);
        return $site . ($standardUrl ? '?' : '?e=') . $route . ($query === '' ? '' : '&') . $query;
    }

    protected function spelled(string $signature): string
    {
        // A space is a + that was not encoded.
        $signature = \trim(\strtr($signature, ' ', '+'), self::SPACE);
        $isOne = \strlen(Text::fromBase64($signature) ?? '') === 32;
        return $isOne ? $signature : throw new Refused(Status::Malformed);
    }

    protected function checkRequest(
        #[\SensitiveParameter] array $secrets,
        #[\SensitiveParameter] string $apiKey,
        #[\SensitiveParameter] string $form
    ): int {
        $apiKey = self::trimmed($apiKey);
        if (!Form::isReadAlike($form)) {
            throw new Refused(Status::Malformed);
        }
        $only = static fn (string $name): string => Form::only($form, $name) ?? '';
        [$presented, $salt, $signature] = \array_map($only, ['apikey', 'salt', 'signature']);
        if (self::isNone($salt)) {
            throw new Refused(Status::Malformed);
        }
        try {
            $signature = $this->spelled($signature);
        } catch (Refused) {
            throw new Refused(Status::Mismatch);
        }
        $isKey = \hash_equals($apiKey, \trim($presented, self::SPACE));
        $index = $this->check($secrets, $salt, $signature);
        return $isKey ? $index : throw new Refused(Status::Mismatch);
    }

    /** The vendor's server calls empty(), which "0" is too. */
    private static function isNone(string $salt): bool
    {
        return $salt === '' || $salt === '0';
    }

    protected static function signature(
        #[\SensitiveParameter] string $text,
        #[\SensitiveParameter] string $secret
    ): string {
        return \base64_encode(\hash_hmac('sha256', $text, $secret, true));
    }

    private static function trimmed(#[\SensitiveParameter] string $apiKey): string
    {
        $apiKey = \trim($apiKey, self::SPACE);
        return $apiKey !== '' ? $apiKey : throw new Refused(Abi::ARGUMENT_API_KEY);
    }
}
