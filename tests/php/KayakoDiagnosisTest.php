<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\InvalidArgument;
use Apisig\Kayako;
use Apisig\Mistake;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\TestCase;

/**
 * The mistakes that PHP code makes with Kayako's signature, each made here by PHP itself, and named.
 */
final class KayakoDiagnosisTest extends TestCase
{
    private const API_KEY = 'f1ac9b8e-0b5a-4c94-8f3a-2f9d1c6b7a10';
    private const SECRET = 'ZWY4ZjNhNGM1MDM4N2I5OTY4MDg3MWQxMjU4';

    /** Its signature holds + and /. */
    private const SALT = '1234567907';

    /** @dataProvider mistakes */
    public function testEveryMistakeIsNamed(Mistake $mistake, string $signature, string $salt = self::SALT): void
    {
        $diagnosis = Kayako::diagnose(self::SECRET, self::API_KEY, $salt, $signature);
        $this->assertFalse($diagnosis->holds);
        $this->assertSame($mistake, $diagnosis->mistake);
        $this->assertSame($mistake->text(), $diagnosis->text());
        $this->assertFalse((new Kayako(self::SECRET))->verify($salt, $signature));
    }

    public static function mistakes(): array
    {
        $right = self::sign(self::SALT);
        self::assertStringContainsString('+', $right);
        self::assertStringContainsString('/', $right);
        $sent = static function (string $query): string {
            \parse_str($query, $read);
            return $read['x'];
        };
        return [
            'the secret decoded' => [Mistake::SecretBase64, self::sign(self::SALT, \base64_decode(self::SECRET))],
            'the secret as file() reads it' => [Mistake::SecretNewline, self::sign(self::SALT, self::SECRET . "\n")],
            'the secret with a space' => [Mistake::SecretSpace, self::sign(self::SALT, ' ' . self::SECRET)],
            'the secret with a mark' => [Mistake::SecretBom, self::sign(self::SALT, "\xef\xbb\xbf" . self::SECRET)],
            'the secret lowered' => [Mistake::SecretCase, self::sign(self::SALT, \strtolower(self::SECRET))],
            'arguments swapped' => [Mistake::SecretSwapped, self::sign(self::SECRET, self::SALT)],
            'SHA-1' => [Mistake::DigestSha1, \base64_encode(\hash_hmac('sha1', self::SALT, self::SECRET, true))],
            'MD5' => [Mistake::DigestMd5, \base64_encode(\hash_hmac('md5', self::SALT, self::SECRET, true))],
            'a plain hash' => [Mistake::PlainHash, \base64_encode(\hash('sha256', self::SALT . self::SECRET, true))],
            'hex' => [Mistake::Hex, \hash_hmac('sha256', self::SALT, self::SECRET)],
            'base64 of hex' => [Mistake::Base64OfHex, \base64_encode(\hash_hmac('sha256', self::SALT, self::SECRET))],
            'base64 of URLs' => [Mistake::Base64Url, \strtr($right, '+/', '-_')],
            'no padding' => [Mistake::Base64Url, \rtrim($right, '=')],
            'a line feed behind' => [Mistake::SignatureNewline, \chunk_split($right)],
            'encoded twice' => [Mistake::EncodedTwice, $sent(\http_build_query(['x' => \urlencode($right)]))],
            'not encoded' => [Mistake::PlusLost, $sent("x=$right")],
            'the salt not encoded' => [Mistake::PlusLost, self::sign('a+b/c=='), $sent('x=a+b/c==')],
            'the salt encoded twice' => [Mistake::EncodedTwice, self::sign('a+b/c=='), \urlencode('a+b/c==')],
            'the salt as echo gives it' => [Mistake::SaltNewline, self::sign(self::SALT . \PHP_EOL)],
            'the salt urlencoded' => [Mistake::SaltEncoded, self::sign(\urlencode('a b~+')), 'a b~+'],
            'the salt rawurlencoded' => [Mistake::SaltEncoded, self::sign(\rawurlencode('a b~+')), 'a b~+'],
            'the salt as an integer' => [Mistake::SaltNumber, self::sign((string) (int) '0123456789'), '0123456789'],
            'the salt as a float' => [Mistake::SaltNumber, self::sign((string) 1e15), '1000000000000000'],
            'too many digits' => [Mistake::SaltNumber, self::sign((string) 12345678901234567890), '12345678901234567890'],
            'a float in JSON' => [Mistake::SaltNumber, self::sign((string) 1234567890123456.0), \json_encode(1234567890123456.0)],
            'microtime() in JSON' => [Mistake::SaltNumber, self::sign((string) 1700000000.123456), \json_encode(1700000000.123456)],
            'a 0 in front' => [Mistake::SaltNumber, self::sign((string) 01234567), '01234567'],
            'the API key' => [Mistake::ApiKeySigned, self::sign(self::API_KEY)],
            'salt and API key' => [Mistake::ApiKeySigned, self::sign(self::SALT . self::API_KEY)],
            'API key and salt' => [Mistake::ApiKeySigned, self::sign(self::API_KEY . self::SALT)],
            'with the API key' => [Mistake::ApiKeyAsSecret, self::sign(self::SALT, self::API_KEY)],
            'the salt 0' => [Mistake::SaltMissing, self::sign('0'), '0'],
            'no salt' => [Mistake::SaltMissing, self::sign(''), ''],
        ];
    }

    public function testWhatIsRightHolds(): void
    {
        foreach ([self::SALT, 'a+b %2B', "\0\xff\n"] as $salt) {
            $diagnosis = Kayako::diagnose(self::SECRET, '', $salt, self::sign($salt));
            $this->assertTrue($diagnosis->holds);
            $this->assertNull($diagnosis->mistake);
        }
    }

    public function testNothingIsBlamedForAGuess(): void
    {
        for ($i = 0; $i < 1000; $i++) {
            $signature = $i % 2 === 0 ? \base64_encode(\random_bytes(32)) : bytes(0, 100);
            $diagnosis = Kayako::diagnose(bytes(1, 100), bytes(0, 40), 's' . bytes(0, 40), $signature);
            $this->assertFalse($diagnosis->holds);
            $this->assertNull($diagnosis->mistake);
            $this->assertSame(Status::Mismatch->text(), $diagnosis->text());
        }
        $this->assertSame(Mistake::SaltMissing, Kayako::diagnose(self::SECRET, self::API_KEY, null, null)->mistake);
        $this->assertNull(Kayako::diagnose(self::SECRET, self::API_KEY, self::SALT, null)->mistake);
    }

    public function testADiagnosisGoesWithAFailedCheck(): void
    {
        $signature = self::sign(self::SALT, self::API_KEY);
        try {
            (new Kayako(self::SECRET))->check(self::SALT, $signature);
            $this->fail('accepted');
        } catch (VerificationFailed $failed) {
            $this->assertNull($failed->diagnosis);
            $failed->diagnosis = Kayako::diagnose(self::SECRET, self::API_KEY, self::SALT, $signature);
            $this->assertSame('The key was the API key. Use the secret key.', $failed->diagnosis->text());
        }
    }

    public function testAnExplanationIsWhatPhpMakesStepByStep(): void
    {
        for ($i = 0; $i < 300; $i++) {
            $secret = "s" . bytes(0, 99) . "s";
            $salt = "s" . bytes(0, $i === 0 ? 9999 : 40) . "s";
            $mac = \hash_hmac('sha256', $salt, $secret, true);
            $lines = \explode("\n", Kayako::explain($secret, $salt));
            $this->assertSame(\strlen($secret) . ' bytes, SHA-256 ' . \substr(\hash('sha256', $secret), 0, 8) . '...', self::value($lines[0]));
            $this->assertSame('salt: ' . \strlen($salt) . ' bytes', $lines[1]);
            $this->assertSame('key: the secret, its characters as they are', $lines[2]);
            $this->assertSame($salt, \stripcslashes(self::value($lines[3])));
            $this->assertSame('HMAC-SHA256: ' . \bin2hex($mac), $lines[4]);
            $this->assertSame('signature, not encoded yet: ' . \base64_encode($mac), $lines[5]);
            $this->assertSame('signature, already encoded: ' . \urlencode(\base64_encode($mac)), $lines[6]);
            $this->assertSame('salt, already encoded: ' . \urlencode($salt), $lines[7]);
            $this->assertSame([''], \array_slice($lines, 8));
        }
    }

    public function testAnExplanationRefusesNothingAndWarns(): void
    {
        foreach (['', '0'] as $salt) {
            $this->assertStringContainsString(
                "warning: the vendor's server takes this salt for none\n",
                Kayako::explain(self::SECRET, $salt)
            );
        }
        $this->assertStringContainsString("warning: the secret is empty\n", Kayako::explain('', '1'));
        $this->assertStringEndsWith("warning: the secret ends with a line feed\n", Kayako::explain(self::SECRET . "\n", '1'));
    }

    public function testNoSecretIsShown(): void
    {
        $this->assertStringNotContainsString(self::SECRET, Kayako::explain(self::SECRET, self::SALT));
        \ini_set('zend.exception_ignore_args', '0');
        try {
            Kayako::diagnose('', self::API_KEY, self::SALT, 'x');
            $this->fail('an empty secret was taken');
        } catch (InvalidArgument $exception) {
            $this->assertSame(Status::Argument, $exception->status);
            $arguments = \PHP_VERSION_ID >= 80200 ? \array_column($exception->getTrace(), 'args') : [];
            $this->assertStringNotContainsString(
                self::API_KEY,
                $exception->getMessage() . \json_encode($arguments, \JSON_PARTIAL_OUTPUT_ON_ERROR)
            );
        }
    }

    /** As on the vendor's page, but not URL-encoded. */
    private static function sign(string $salt, string $secret = self::SECRET): string
    {
        return \base64_encode(\hash_hmac('sha256', $salt, $secret, true));
    }

    private static function value(string $line): string
    {
        return \explode(': ', $line, 2)[1];
    }
}
