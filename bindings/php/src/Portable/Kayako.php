<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;
use SensitiveParameter as Secret;

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

    protected function sign(object $handle, string $salt): string
    {
        return self::isNone($salt) ? throw new Refused(Abi::ARGUMENT_SALT) : self::signed($handle, $salt);
    }

    protected function check(object $handle, string $salt, string $signature): int
    {
        return self::isNone($salt) ? throw new Refused(Status::Malformed) : self::find($handle, $signature, $salt);
    }

    protected function signForm(object $handle, #[Secret] string $apiKey, string $salt, #[Secret] string $form): string
    {
        $fields = ['apikey' => self::trimmed($apiKey), 'salt' => $salt, 'signature' => $this->sign($handle, $salt)];
        return Form::with($form, \array_keys($fields), \http_build_query($fields, '', '&'));
    }

    protected function url(string $base, string $route, bool $standardUrl, #[Secret] string $query): string
    {
        [$site, $behind] = Text::base($base) ?? throw new Refused(Abi::ARGUMENT_BASE);
        $status = match (true) {
            !\str_starts_with($route, '/') => Abi::ARGUMENT_ROUTE,
            !Text::is(Text::GRAPHIC, $query) || \str_contains($query, '#') => Abi::ARGUMENT_QUERY,
            Form::only($query, 'e') !== null => Abi::ARGUMENT_FORM_NAME,
            // The route is a field too.
            Form::count($query) >= Abi::FORM_FIELDS_MAX => Abi::ARGUMENT_FORM_FIELDS,
            default => 0,
        };
        $status === 0 || throw new Refused($status);
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

    protected function checkRequest(object $handle, #[Secret] string $apiKey, #[Secret] string $form): int
    {
        $apiKey = self::trimmed($apiKey);
        Form::isReadAlike($form) || throw new Refused(Status::Malformed);
        foreach (['apikey', 'salt', 'signature'] as $name) {
            $fields[] = Form::only($form, $name) ?? '';
        }
        \in_array(false, $fields, true) && throw new Refused(Status::Malformed);
        [$presented, $salt, $signature] = $fields;
        $isKey = Text::equal($apiKey, \trim($presented, self::SPACE));
        $index = $this->check($handle, $salt, \trim(\strtr($signature, ' ', '+'), self::SPACE));
        return $isKey ? $index : throw new Refused(Status::Mismatch);
    }

    /** The vendor's server calls empty(), which "0" is too. */
    private static function isNone(string $salt): bool
    {
        return $salt === '' || $salt === '0';
    }

    private static function trimmed(#[Secret] string $apiKey): string
    {
        $apiKey = \trim($apiKey, self::SPACE);
        return $apiKey !== '' ? $apiKey : throw new Refused(Abi::ARGUMENT_API_KEY);
    }

    protected static function signature(#[Secret] string $text, #[Secret] string $secret): string
    {
        return \base64_encode(\hash_hmac('sha256', $text, $secret, true));
    }
}
