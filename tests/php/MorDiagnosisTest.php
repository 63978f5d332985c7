<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\Mistake;
use Apisig\Mor;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\TestCase;

/**
 * The mistakes that PHP code makes with MOR's hash, each made here by PHP itself, and named.
 */
final class MorDiagnosisTest extends TestCase
{
    private const SECRET = '66b50586fF';
    private const METHOD = 'payment_create';

    /** In another order than the method's, with parameters that it does not hash. */
    private const PARAMETERS = [
        'u' => 'admin',
        'p' => 'pass word',
        'amount' => 100,
        'user_id' => '123',
        'p_currency' => 'EUR',
        'payer_email' => 'bob+mor@example.com',
    ];

    /** What is hashed, in its order. */
    private const VALUES = ['user_id' => '123', 'p_currency' => 'EUR', 'amount' => '100', 'payer_email' => 'bob+mor@example.com'];

    /** @dataProvider mistakes */
    public function testEveryMistakeIsNamed(Mistake $mistake, string $hash): void
    {
        $diagnosis = Mor::diagnose(self::SECRET, self::METHOD, self::PARAMETERS, $hash);
        $this->assertFalse($diagnosis->holds);
        $this->assertSame($mistake, $diagnosis->mistake);
        $this->assertSame($mistake->text(), $diagnosis->text());
        $form = \http_build_query(self::PARAMETERS + ['hash' => $hash]);
        $this->assertFalse((new Mor(self::SECRET))->verifyRequest(self::METHOD, $form));
    }

    public static function mistakes(): array
    {
        [$all, $values, $secret] = [self::PARAMETERS, self::VALUES, self::SECRET];
        $joined = \implode('', $values);
        $right = $joined . $secret;
        $sorted = $all;
        \ksort($sorted);
        return [
            'the secret decoded' => [Mistake::SecretHex, \sha1($joined . \hex2bin($secret))],
            'the secret as file() reads it' => [Mistake::SecretNewline, \sha1("$right\n")],
            'the secret with a space' => [Mistake::SecretSpace, \sha1("$joined $secret")],
            'the secret with a mark' => [Mistake::SecretBom, \sha1("$joined\xef\xbb\xbf$secret")],
            'the secret lowered' => [Mistake::SecretCase, \sha1($joined . \strtolower($secret))],
            'no secret' => [Mistake::SecretMissing, \sha1($joined)],
            'the secret in front' => [Mistake::SecretFirst, \sha1($secret . $joined)],
            'MD5' => [Mistake::DigestMd5, \md5($right)],
            'SHA-256' => [Mistake::DigestSha256, \hash('sha256', $right)],
            'an HMAC' => [Mistake::Hmac, \hash_hmac('sha1', $joined, $secret)],
            'an HMAC of SHA-256' => [Mistake::Hmac, \hash_hmac('sha256', $joined, $secret)],
            'an HMAC of all' => [Mistake::Hmac, \hash_hmac('sha1', $right, $secret)],
            'upper case' => [Mistake::UpperCase, \strtoupper(\sha1($right))],
            'base64' => [Mistake::Base64, \base64_encode(\sha1($right, true))],
            'base64 of URLs' => [Mistake::Base64Url, \rtrim(\strtr(\base64_encode(\sha1($right, true)), '+/', '-_'), '=')],
            'base64 of hex' => [Mistake::Base64OfHex, \base64_encode(\sha1($right))],
            'a line feed behind' => [Mistake::SignatureNewline, \sha1($right) . \PHP_EOL],
            'the order of the request' => [Mistake::ValueOrder, \sha1('100' . '123' . 'EUR' . 'bob+mor@example.com' . $secret)],
            'sorted by name' => [Mistake::ValueOrder, \sha1('100' . 'EUR' . 'bob+mor@example.com' . '123' . $secret)],
            'all values' => [Mistake::ValueExtra, \sha1(\implode($all) . $secret)],
            'all values, sorted' => [Mistake::ValueExtra, \sha1(\implode($sorted) . $secret)],
            'the user' => [Mistake::ValueExtra, \sha1($all['u'] . $right)],
            'the password' => [Mistake::ValueExtra, \sha1($joined . $all['p'] . $secret)],
            'user and password' => [Mistake::ValueExtra, \sha1($all['u'] . $all['p'] . $right)],
            'without a value' => [Mistake::ValueMissing, \sha1('123' . 'EUR' . '100' . $secret)],
            'with the first alone' => [Mistake::ValueMissing, \sha1('123' . $secret)],
            'the secret alone' => [Mistake::ValueMissing, \sha1($secret)],
            'a query' => [Mistake::ValueNames, \sha1(\http_build_query($all) . $secret)],
            'a query of what is hashed' => [Mistake::ValueNames, \sha1(\http_build_query($values) . $secret)],
            'a query after RFC 3986' => [
                Mistake::ValueNames,
                \sha1(\http_build_query($all, '', '&', \PHP_QUERY_RFC3986) . $secret),
            ],
            'a query, decoded' => [Mistake::ValueNames, \sha1(\urldecode(\http_build_query($values)) . $secret)],
            'urlencode' => [Mistake::ValueEncoded, \sha1(\implode(\array_map('urlencode', $values)) . $secret)],
            'rawurlencode' => [Mistake::ValueEncoded, \sha1(\implode(\array_map('rawurlencode', $values)) . $secret)],
            'a comma' => [Mistake::ValueSeparator, \sha1(\implode(',', $values) . $secret)],
            'a comma before the secret' => [Mistake::ValueSeparator, \sha1(\implode(',', [...\array_values($values), $secret]))],
            'lines' => [Mistake::ValueSeparator, \sha1(\implode("\n", $values) . $secret)],
        ];
    }

    public function testWhatWasLostOnTheWayIsNamed(): void
    {
        $hash = \sha1('+37060000000text' . self::SECRET);
        \parse_str('src=+37060000000&message=text', $notEncoded);
        $this->assertSame(Mistake::PlusLost, Mor::diagnose(self::SECRET, 'sms_send', $notEncoded, $hash)->mistake);
        $twice = ['src' => \urlencode('+37060000000'), 'message' => 'text'];
        $this->assertSame(Mistake::EncodedTwice, Mor::diagnose(self::SECRET, 'sms_send', $twice, $hash)->mistake);
    }

    /** What a caller of sign() hashes by hand. */
    public function testWithoutAMethodTheParametersAreHashedAsTheyStand(): void
    {
        $mor = new Mor(self::SECRET);
        $hash = $mor->sign(...\array_values(self::VALUES));
        $this->assertTrue(Mor::diagnose(self::SECRET, '', self::VALUES, $hash)->holds);
        $this->assertTrue(Mor::diagnose(self::SECRET, self::METHOD, self::PARAMETERS + ['hash' => $hash], $hash)->holds);
        $reversed = \array_reverse(self::VALUES);
        $this->assertSame(Mistake::ValueOrder, Mor::diagnose(self::SECRET, '', $reversed, $hash)->mistake);
    }

    public function testAnyOrderOfEightValuesIsFound(): void
    {
        for ($i = 0; $i < 50; $i++) {
            $values = \array_map(fn (int $number) => "value $number ", \range(1, 8));
            $hashed = $values;
            \shuffle($hashed);
            $parameters = \array_combine(\str_split('hgfedcba'), $values);
            $diagnosis = Mor::diagnose(self::SECRET, '', $parameters, \sha1(\implode($hashed) . self::SECRET));
            $this->assertSame($hashed === $values, $diagnosis->holds);
            $this->assertSame($hashed === $values ? null : Mistake::ValueOrder, $diagnosis->mistake);
        }
    }

    public function testNothingIsBlamedForAGuess(): void
    {
        for ($i = 0; $i < 1000; $i++) {
            $hash = $i % 2 === 0 ? \sha1(bytes(0, 40)) : bytes(0, 100);
            $parameters = ['u' => bytes(0, 9), 'user_id' => bytes(0, 9), 'amount' => bytes(0, 9), 'x' => bytes(0, 9)];
            $diagnosis = Mor::diagnose('s' . bytes(0, 100), ['', self::METHOD][$i % 2], $parameters, $hash);
            $this->assertFalse($diagnosis->holds);
            $this->assertNull($diagnosis->mistake);
            $this->assertSame(Status::Mismatch->text(), $diagnosis->text());
        }
        $this->assertNull(Mor::diagnose(self::SECRET, self::METHOD, self::PARAMETERS, null)->mistake);
    }

    public function testADiagnosisGoesWithAFailedCheck(): void
    {
        $sent = self::PARAMETERS + ['hash' => \sha1(\implode(self::VALUES))];
        try {
            (new Mor(self::SECRET))->checkRequest(self::METHOD, \http_build_query($sent));
            $this->fail('accepted');
        } catch (VerificationFailed $failed) {
            $this->assertNull($failed->diagnosis);
            $failed->diagnosis = Mor::diagnose(self::SECRET, self::METHOD, $sent, $sent['hash']);
            $this->assertSame(
                'The secret did not enter the hash. Append it to the values.',
                $failed->diagnosis->text()
            );
        }
    }

    public function testAnExplanationIsWhatPhpMakesStepByStep(): void
    {
        for ($i = 0; $i < 200; $i++) {
            $secret = 's' . bytes(0, 99) . 's';
            $values = ['s' . bytes(0, $i === 0 ? 9999 : 40) . 's', 's' . bytes(0, 40) . 's'];
            $parameters = ['u' => 'x', 'currency' => $values[1], 'username' => $values[0]];
            $lines = \explode("\n", Mor::explain($secret, 'balance', $parameters));
            $this->assertSame('method: user_balance_get, by its other name balance', $lines[0]);
            $this->assertSame(
                'secret: ' . \strlen($secret) . ' bytes, SHA-256 ' . \substr(\hash('sha256', $secret), 0, 8) . '...',
                $lines[2]
            );
            foreach (['1. username', '2. currency'] as $number => $name) {
                [$title, $value] = \explode('): ', $lines[3 + $number], 2);
                $length = \strlen($values[$number]);
                $this->assertSame("$name ($length byte" . ($length === 1 ? '' : 's'), $title);
                $this->assertSame($values[$number], \stripcslashes($value));
            }
            $this->assertSame('not hashed: u', $lines[5]);
            $text = \implode($values);
            $this->assertSame("hashed text: $text<secret>", \stripcslashes($lines[6]));
            $this->assertSame('lengths: values ' . \strlen($text) . ' bytes, secret ' . \strlen($secret) . ' bytes', $lines[7]);
            $this->assertSame('hash: ' . \sha1($text . $secret), $lines[8]);
            $this->assertStringStartsWith('not covered by the hash: the method', $lines[9]);
            $this->assertSame([''], \array_slice($lines, 10));
        }
    }

    public function testTheCallersMistakesAreRefused(): void
    {
        foreach (['diagnose' => [\sha1('x')], 'explain' => []] as $verb => $hash) {
            $make = fn (mixed ...$arguments) => Mor::$verb(...$arguments, ...$hash);
            $calls = [
                [Status::Argument, fn () => $make('', 'balance', [])],
                [Status::Argument, fn () => $make(\str_repeat('s', 1025), 'balance', [])],
                [Status::Argument, fn () => $make('s', 'balance', ['username' => 1.5])],
                [Status::Argument, fn () => $make('s', '', ['no name'])],
                [Status::Method, fn () => $make('s', 'no_such_method', [])],
                [$hash === [] ? Status::Argument : Status::Malformed, fn () => $make('s', '', ['a[]' => 1])],
            ];
            foreach ($calls as [$status, $call]) {
                try {
                    $call();
                    $this->fail('taken');
                } catch (Exception $exception) {
                    $this->assertSame($status, $exception->status);
                    $this->assertSame($status === Status::Argument, $exception instanceof InvalidArgument);
                }
            }
        }
    }

    public function testNoSecretIsShown(): void
    {
        $secret = 'a secret of MOR';
        $this->assertStringNotContainsString($secret, Mor::explain($secret, self::METHOD, self::PARAMETERS));
        \ini_set('zend.exception_ignore_args', '0');
        foreach (['diagnose' => ['x'], 'explain' => []] as $verb => $hash) {
            try {
                Mor::$verb($secret, 'no_such_method', ['p' => 'a password'], ...$hash);
                $this->fail('taken');
            } catch (Exception $exception) {
                $arguments = \PHP_VERSION_ID >= 80200 ? \array_column(\array_slice($exception->getTrace(), 0, 5), 'args') : [];
                $shown = $exception->getMessage() . \json_encode($arguments, \JSON_PARTIAL_OUTPUT_ON_ERROR);
                $this->assertStringNotContainsString($secret, $shown);
                $this->assertStringNotContainsString('a password', $shown);
            }
        }
    }
}
