<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;
use SensitiveParameter as Secret;

/**
 * ImbaChat's section of the C interface.
 *
 * @internal
 */
final class Imbachat extends Library
{
    /** {"typ":"JWT","alg":"HS256"} */
    private const HEADER = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9';

    protected function sign(object $handle, int $userId, int $expiresAt): string
    {
        $claims = '{"exp":' . self::time($expiresAt) . ',"user_id":' . self::userId($userId) . '}';
        $signed = self::HEADER . '.' . Text::base64url($claims);
        return $signed . '.' . self::signed($handle, $signed);
    }

    protected function check(object $handle, #[Secret] string $token, int $now, int $leeway): int
    {
        return $this->verified($handle, $token, $now, $leeway)[0];
    }

    protected function checkSecret(object $handle, #[Secret] string $token, int $now, int $leeway): int
    {
        return $this->verified($handle, $token, $now, $leeway)[1];
    }

    /** @return array{int, int} the user's id, and the index of the secret */
    private function verified(object $handle, #[Secret] string $token, int $now, int $leeway): array
    {
        $now = self::time($now);
        $leeway >= 0 || throw new Refused(Abi::ARGUMENT_LEEWAY);
        [$header, $claims, $signature] = self::parts($token);
        $header === self::HEADER || self::checkHeader($header);
        try {
            $index = self::find($handle, $signature, "$header.$claims");
        } catch (Refused $mismatch) {
            throw \str_contains($signature, '.') ? new Refused(Status::Malformed) : $mismatch;
        }
        [$userId, $expiresAt, $notBefore] = self::claims($claims);
        self::sum($notBefore, -$leeway) <= $now || throw new Refused(Status::NotYetValid);
        return self::sum($expiresAt, $leeway) > $now ? [$userId, $index] : throw new Refused(Status::Expired);
    }

    protected function secondsLeft(#[Secret] string $token, int $now, int $leeway): int
    {
        $now = self::time($now);
        $leeway >= 0 || throw new Refused(Abi::ARGUMENT_LEEWAY);
        $end = self::sum(self::claims(self::parts($token)[1])[1], $leeway);
        return \max(self::sum(\min($end, Abi::TIME_END), -$now), 1);
    }

    /** @param string ...$presented login and password */
    protected function checkLogin(string $login, #[Secret] string $password, #[Secret] string ...$presented): int
    {
        self::refuseEmpty($login, $password);
        // Both always.
        $isPassword = Text::equal($password, $presented[1]);
        $isLogin = Text::equal(Text::lower($login), Text::lower($presented[0]));
        return $isLogin && $isPassword ? 0 : throw new Refused(Status::Mismatch);
    }

    protected function checkAuthorization(string $login, #[Secret] string $password, #[Secret] string $header): int
    {
        self::refuseEmpty($login, $password);
        $isBasic = Text::lower(\substr($header, 0, 6)) === 'basic ';
        $presented = Text::fromBase64(\ltrim(\substr($header, 6), ' ')) ?? '';
        $isRead = \strlen($presented) <= Abi::IMBACHAT_CREDENTIALS_MAX && Text::is(Text::WITHOUT_CONTROLS, $presented);
        $isRead && $isBasic && \str_contains($presented, ':') || throw new Refused(Status::Malformed);
        return $this->checkLogin($login, $password, ...\explode(':', $presented, 2));
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
        // One by one: an array of all would take a hundred times the memory.
        for ($at = 0; $at < \strlen($parameter); $at += $length + 1) {
            $length = \strcspn($parameter, ',', $at);
            $element = \trim(\substr($parameter, $at, $length), " \t\n\r\f");
            $id = \ltrim($element, '0');
            $isId = (string) (int) $id === $id && (int) $id > 0 && \count($ids) < Abi::IMBACHAT_USER_IDS_MAX;
            $isId || $element === '' || throw new Refused(Status::Malformed);
            if ($isId) {
                $ids[] = (int) $id;
            }
        }
        return $ids;
    }

    protected function widget(string $devId, int $userId, #[Secret] string $token, string $origin): string
    {
        $origin = $origin === '' ? 'https://imbachat.com' : $origin;
        Text::is(Text::WORD, $devId) || throw new Refused(Abi::ARGUMENT_DEV_ID);
        Text::is('~^https?://[A-Za-z0-9.:[\]-]++\z~', $origin) || throw new Refused(Abi::ARGUMENT_ORIGIN);
        $json = $token === '' ? null : Text::json($token, \JSON_HEX_QUOT | \JSON_HEX_AMP | \JSON_HEX_APOS);
        $json = \strtr($json ?? throw new Refused(Abi::ARGUMENT_TOKEN), ['<' => '\u003c', '>' => '\u003e']);
        $userId = self::userId($userId);
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
    private static function refuseEmpty(string $login, #[Secret] string $password): void
    {
        $login !== '' || throw new Refused(Abi::ARGUMENT_LOGIN);
        $password !== '' || throw new Refused(Abi::ARGUMENT_PASSWORD);
    }

    protected static function signature(#[Secret] string $text, #[Secret] string $secret): string
    {
        return Text::base64url(\hash_hmac('sha256', $text, $secret, true));
    }

    /** @return array{string, string, string} header, claims and signature */
    private static function parts(#[Secret] string $token): array
    {
        $parts = \strlen($token) <= Abi::IMBACHAT_TOKEN_MAX ? \explode('.', $token, 3) : [];
        return \count($parts) === 3 ? $parts : throw new Refused(Status::Malformed);
    }

    /** @return array<string|int|bool|null> */
    private static function members(#[Secret] string $part): array
    {
        return Json::members(Text::fromBase64url($part) ?? throw new Refused(Status::Malformed));
    }

    private static function checkHeader(string $header): void
    {
        $members = self::members($header);
        \array_intersect_key($members, ['crit' => 1, 'b64' => 1]) === [] || throw new Refused(Status::Malformed);
        ($members['alg'] ?? null) === 'HS256' || throw new Refused(Status::Algorithm);
    }

    /** @return array{int, int, int} user's id, exp and nbf */
    private static function claims(string $claims): array
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
