<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;

/**
 * ImbaChat's section of the C interface.
 *
 * @internal
 */
final class Imbachat extends Library
{
    /** {"typ":"JWT","alg":"HS256"} */
    private const HEADER = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9';

    protected function sign(#[\SensitiveParameter] array $secrets, int $userId, int $expiresAt): string
    {
        $claims = '{"exp":' . self::time($expiresAt) . ',"user_id":' . self::userId($userId) . '}';
        $signed = self::HEADER . '.' . Text::base64url($claims);
        return $signed . '.' . self::signature($signed, $secrets[0]);
    }

    protected function check(
        #[\SensitiveParameter] array $secrets,
        #[\SensitiveParameter] string $token,
        int $now,
        int $leeway
    ): int {
        return $this->verified($secrets, $token, $now, $leeway)[0];
    }

    protected function checkSecret(
        #[\SensitiveParameter] array $secrets,
        #[\SensitiveParameter] string $token,
        int $now,
        int $leeway
    ): int {
        return $this->verified($secrets, $token, $now, $leeway)[1];
    }

    /** @return array{int, int} the user's id, and the index of the secret */
    private function verified(
        #[\SensitiveParameter] array $secrets,
        #[\SensitiveParameter] string $token,
        int $now,
        int $leeway
    ): array {
        $now = self::time($now);
        $leeway >= 0 || throw new Refused(Abi::ARGUMENT_LEEWAY);
        [$header, $claims, $signature] = self::parts($token);
        $header === self::HEADER || self::checkHeader($header);
        try {
            $index = self::find($secrets, "$header.$claims", $signature);
        } catch (Refused $mismatch) {
            throw \str_contains($signature, '.') ? new Refused(Status::Malformed) : $mismatch;
        }
        [$userId, $expiresAt, $notBefore] = self::claims($claims);
        if (self::sum($notBefore, -$leeway) > $now) {
            throw new Refused(Status::NotYetValid);
        }
        return self::sum($expiresAt, $leeway) > $now ? [$userId, $index] : throw new Refused(Status::Expired);
    }

    protected function secondsLeft(#[\SensitiveParameter] string $token, int $now, int $leeway): int
    {
        $now = self::time($now);
        $leeway >= 0 || throw new Refused(Abi::ARGUMENT_LEEWAY);
        $end = self::sum(self::claims(self::parts($token)[1])[1], $leeway);
        return \max(self::sum(\min($end, Abi::TIME_END), -$now), 1);
    }

    protected function checkLogin(
        string $login,
        #[\SensitiveParameter] string $password,
        string $presentedLogin,
        #[\SensitiveParameter] string $presentedPassword
    ): int {
        self::refuseEmpty($login, $password);
        $digest = static fn (#[\SensitiveParameter] string $text): string => \hash('sha256', $text, true);
        // Both always: that of digests does not depend on a length.
        $isLogin = \hash_equals($digest(Text::lower($login)), $digest(Text::lower($presentedLogin)));
        $isPassword = \hash_equals($digest($password), $digest($presentedPassword));
        return $isLogin && $isPassword ? 0 : throw new Refused(Status::Mismatch);
    }

    protected function checkAuthorization(
        string $login,
        #[\SensitiveParameter] string $password,
        #[\SensitiveParameter] string $authorization
    ): int {
        self::refuseEmpty($login, $password);
        $isBasic = Text::lower(\substr($authorization, 0, 6)) === 'basic ';
        $presented = $isBasic ? Text::fromBase64(\ltrim(\substr($authorization, 6), ' ')) ?? '' : '';
        $parts = \explode(':', $presented, 2);
        $isRead = \strlen($presented) <= Abi::IMBACHAT_CREDENTIALS_MAX && Text::hasNoControl($presented);
        if (\count($parts) < 2 || !$isRead) {
            throw new Refused(Status::Malformed);
        }
        return $this->checkLogin($login, $password, ...$parts);
    }

    protected function unauthorized(): string
    {
        return '{"code":401,"version":1,"error":"Authenticate required!","debug":""}';
    }

    protected function wwwAuthenticate(): string
    {
        return 'Basic realm="Backend"';
    }

    /** @return list<int> */
    protected function userIds(string $parameter): array
    {
        $ids = [];
        foreach (\explode(',', $parameter) as $element) {
            $element = \trim($element, " \t\n\r\f");
            if ($element === '') {
                continue;
            }
            $id = \ltrim($element, '0');
            $isId = $id !== '' && (string) (int) $id === $id && $id[0] !== '-';
            if (!$isId || \count($ids) === Abi::IMBACHAT_USER_IDS_MAX) {
                throw new Refused(Status::Malformed);
            }
            $ids[] = (int) $id;
        }
        return $ids;
    }

    protected function widget(string $devId, int $userId, #[\SensitiveParameter] string $token, string $origin): string
    {
        $origin = $origin === '' ? 'https://imbachat.com' : $origin;
        Text::isWord($devId) || throw new Refused(Abi::ARGUMENT_DEV_ID);
        \preg_match('~^https?://[A-Za-z0-9.:[\]-]++\z~', $origin) === 1 || throw new Refused(Abi::ARGUMENT_ORIGIN);
        $json = Text::json($token, \JSON_HEX_QUOT | \JSON_HEX_AMP | \JSON_HEX_APOS);
        $json !== null && $token !== '' || throw new Refused(Abi::ARGUMENT_TOKEN);
        $userId = self::userId($userId);
        $json = \strtr($json, ['<' => '\u003c', '>' => '\u003e']);
        return <<<HTML
            <script src="$origin/imbachat/v1/$devId/widget"></script>
            <script>
            {
                const options = {user_id: "$userId", token: $json};
                const timer = setInterval(() => {
                    if (window.ImbaChat) {
                        clearInterval(timer);
                        window.ImbaChat.load(options);
                    }
                }, 50);
            }
            </script>

            HTML;
    }

    protected function openDialog(int $userId): string
    {
        return 'window.imbaApi.openDialog(' . self::userId($userId) . ')';
    }

    private static function userId(int $userId): int
    {
        return $userId >= 1 ? $userId : throw new Refused(Abi::ARGUMENT_USER_ID);
    }

    /** An empty one would accept a sender that presents none. */
    private static function refuseEmpty(string $login, #[\SensitiveParameter] string $password): void
    {
        $login !== '' || throw new Refused(Abi::ARGUMENT_LOGIN);
        $password !== '' || throw new Refused(Abi::ARGUMENT_PASSWORD);
    }

    protected static function signature(
        #[\SensitiveParameter] string $text,
        #[\SensitiveParameter] string $secret
    ): string {
        return Text::base64url(\hash_hmac('sha256', $text, $secret, true));
    }

    /** @return array{string, string, string} header, claims and signature */
    private static function parts(#[\SensitiveParameter] string $token): array
    {
        $parts = \strlen($token) <= Abi::IMBACHAT_TOKEN_MAX ? \explode('.', $token, 3) : [];
        return \count($parts) === 3 ? $parts : throw new Refused(Status::Malformed);
    }

    /** @return array<string|int|bool|null> */
    private static function members(#[\SensitiveParameter] string $part): array
    {
        return Json::members(Text::fromBase64url($part) ?? throw new Refused(Status::Malformed));
    }

    private static function checkHeader(string $header): void
    {
        $members = self::members($header);
        if (\array_key_exists('crit', $members) || \array_key_exists('b64', $members)) {
            throw new Refused(Status::Malformed);
        }
        ($members['alg'] ?? null) === 'HS256' || throw new Refused(Status::Algorithm);
    }

    /** @return array{int, int, int} user's id, exp and nbf */
    private static function claims(#[\SensitiveParameter] string $claims): array
    {
        $members = self::members($claims) + ['nbf' => \PHP_INT_MIN];
        $claims = [$members['user_id'] ?? 0, $members['exp'] ?? null, $members['nbf']];
        $isRead = \array_filter($claims, 'is_int') === $claims && $claims[0] >= 1;
        return $isRead ? $claims : throw new Refused(Status::Malformed);
    }

    /** The sum, or the integer that is nearest to it. */
    private static function sum(int $one, int $other): int
    {
        $sum = $one + $other;
        return \is_int($sum) ? $sum : ($other > 0 ? \PHP_INT_MAX : \PHP_INT_MIN);
    }
}
