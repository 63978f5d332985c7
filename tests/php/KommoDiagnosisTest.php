<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\Kommo;
use Apisig\Mistake;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\TestCase;

/**
 * The mistakes that PHP code makes with Kommo's signature, each made here by PHP itself, and named.
 */
final class KommoDiagnosisTest extends TestCase
{
    private const SECRET = 'fb50586ff7b68cd831fe0ef356345903f644c0d2';
    private const PATH = '/v2/origin/custom/f62a0162-46a7-430e-b06c-0ef798d56b21/connect';
    private const BODY = '{"account_id":"52fd2a28","title":"MyKommo","hook_api_version":"v2"}';
    private const NOW = 1669231521;

    /** With slashes, and with letters of which one needs a surrogate pair. */
    private const VALUE = ['url' => 'https://a/b', 'é' => ['€', '😀', [], ['x' => null]], 'list' => [1, -0.5, true]];

    /** @dataProvider lines */
    public function testAMistakeOfTheLinesIsNamed(?Mistake $mistake, string $signed, string $url = self::PATH): void
    {
        $headers = self::headers(\hash_hmac('sha1', $signed, self::SECRET));
        $this->assertSame($mistake, Kommo::diagnose(self::SECRET, 'POST', $url, self::BODY, $headers, self::NOW)->mistake);
    }

    public static function lines(): array
    {
        $md5 = \md5(self::BODY);
        $date = \gmdate(\DATE_RFC2822, self::NOW);
        $signed = static fn (string $separator, string ...$lines): string => \implode($separator, $lines);
        $lines = ['POST', $md5, 'application/json', $date, self::PATH];
        $url = 'https://amojo.kommo.com' . self::PATH . '?limit=50';
        $path = static fn (string|false|null $path): string => $signed("\n", ...[...\array_slice($lines, 0, 4), $path]);
        return [
            'right' => [null, $signed("\n", ...$lines)],
            'line feeds in single quotes' => [Mistake::LineSeparator, $signed('\n', ...$lines)],
            'PHP_EOL of Windows' => [Mistake::LineSeparator, $signed("\r\n", ...$lines)],
            'concatenated' => [Mistake::LineSeparator, $signed('', ...$lines)],
            'a line feed behind each' => [Mistake::LineSeparator, $signed("\n", ...$lines) . "\n"],
            'sorted' => [Mistake::HeaderOrder, (static function () use ($lines, $signed) {
                \sort($lines);
                return $signed("\n", ...$lines);
            })()],
            'as the headers stand on the page' => [
                Mistake::HeaderOrder, $signed("\n", 'POST', $date, 'application/json', $md5, self::PATH),
            ],
            'date, MD5, path' => [Mistake::HeaderOrder, $signed("\n", 'POST', $date, $md5, self::PATH)],
            'strtolower' => [Mistake::MethodCase, $signed("\n", 'post', $md5, 'application/json', $date, self::PATH)],
            'no Content-Type' => [Mistake::ContentTypeMissing, $signed("\n", 'POST', $md5, '', $date, self::PATH)],
            'array_filter' => [Mistake::ContentTypeMissing, $signed("\n", 'POST', $md5, $date, self::PATH)],
            'REQUEST_URI' => [Mistake::PathQuery, $path(\substr($url, 23)), $url],
            'the URL' => [Mistake::PathHost, $path($url), $url],
            'the URL without its query' => [Mistake::PathHost, $path(\strtok($url, '?')), $url],
            'host and path' => [Mistake::PathHost, $path(\parse_url($url, \PHP_URL_HOST) . self::PATH), $url],
            'ltrim' => [Mistake::PathPrefix, $path(\ltrim(self::PATH, '/'))],
            'basename' => [Mistake::PathPrefix, $path(\basename(self::PATH))],
            'without the API\'s prefix' => [Mistake::PathPrefix, $path(\str_replace('/v2/origin/custom', '', self::PATH))],
            'a slash behind' => [Mistake::PathSlash, $path(self::PATH . '/')],
            'the body' => [Mistake::BodyOnly, self::BODY],
            'base64 of the MD5' => [
                Mistake::Md5Base64,
                $signed("\n", 'POST', \base64_encode(\md5(self::BODY, true)), 'application/json', $date, self::PATH),
            ],
        ];
    }

    /** @dataProvider dates */
    public function testTheDateInEveryFormOfPhp(?Mistake $mistake, string $signed): void
    {
        $lines = ['POST', \md5(self::BODY), 'application/json', $signed, self::PATH];
        $headers = self::headers(\hash_hmac('sha1', \implode("\n", $lines), self::SECRET));
        $diagnosis = Kommo::diagnose(self::SECRET, 'POST', self::PATH, self::BODY, $headers, self::NOW);
        $this->assertSame($mistake, $diagnosis->mistake);
        $this->assertSame($mistake === null, $diagnosis->holds);
    }

    public static function dates(): array
    {
        $moscow = new \DateTimeImmutable('2022-11-23 22:25:21', new \DateTimeZone('+03:00'));
        return [
            'DATE_RFC2822' => [null, \gmdate(\DATE_RFC2822, self::NOW)],
            'DATE_RFC1123' => [null, \gmdate(\DATE_RFC1123, self::NOW)],
            'DATE_RSS' => [null, \gmdate(\DATE_RSS, self::NOW)],
            'DATE_RFC7231' => [Mistake::DateGmt, \gmdate(\DATE_RFC7231, self::NOW)],
            'DATE_ATOM' => [Mistake::DateFormat, \gmdate(\DATE_ATOM, self::NOW)],
            'DATE_COOKIE' => [Mistake::DateFormat, \gmdate(\DATE_COOKIE, self::NOW)],
            'DATE_RFC822' => [Mistake::DateFormat, \gmdate(\DATE_RFC822, self::NOW)],
            'DATE_RFC850' => [Mistake::DateFormat, \gmdate(\DATE_RFC850, self::NOW)],
            'DATE_RFC1036' => [Mistake::DateFormat, \gmdate(\DATE_RFC1036, self::NOW)],
            'DATE_RFC3339_EXTENDED' => [Mistake::DateFormat, \gmdate(\DATE_RFC3339_EXTENDED, self::NOW)],
            'time()' => [Mistake::DateFormat, (string) self::NOW],
            'of another zone' => [Mistake::DateFormat, $moscow->format(\DATE_RFC2822)],
            'a second later' => [Mistake::DateFormat, \gmdate(\DATE_RFC2822, self::NOW + 1)],
        ];
    }

    /** The body is encoded with some flags for the MD5, and with others to be sent. */
    public function testABodyThatIsEncodedTwice(): void
    {
        $all = \JSON_PRETTY_PRINT | \JSON_UNESCAPED_SLASHES | \JSON_UNESCAPED_UNICODE;
        for ($pair = 0; $pair <= 077; $pair++) {
            $flags = static fn (int $bits): int => ($bits & 1 ? \JSON_PRETTY_PRINT : 0)
                | ($bits & 2 ? \JSON_UNESCAPED_SLASHES : 0) | ($bits & 4 ? \JSON_UNESCAPED_UNICODE : 0);
            [$one, $other] = [$flags($pair & 7), $flags($pair >> 3 & 7)];
            $differs = ($one ^ $other) & $all;
            $mistake = match (true) {
                $differs === 0 => null,
                ($differs & \JSON_PRETTY_PRINT) !== 0 => Mistake::BodyPretty,
                ($differs & \JSON_UNESCAPED_SLASHES) !== 0 => Mistake::BodySlashes,
                default => Mistake::BodyUnicode,
            };
            [$signed, $sent] = [\json_encode(self::VALUE, $one), \json_encode(self::VALUE, $other)];
            $headers = (new Kommo(self::SECRET))->sign('POST', self::PATH, $signed, self::NOW);
            $diagnosis = Kommo::diagnose(self::SECRET, 'POST', self::PATH, $sent, $headers, self::NOW);
            $this->assertSame($mistake, $diagnosis->mistake);
            $webhook = Kommo::diagnoseWebhook(self::SECRET, $sent, \hash_hmac('sha1', $signed, self::SECRET));
            $this->assertSame($mistake, $webhook->mistake);
            $this->assertSame([$mistake === null, $mistake === null], [$diagnosis->holds, $webhook->holds]);
        }
    }

    public function testAFailedCheckCarriesItsDiagnosis(): void
    {
        $headers = (new Kommo(\hex2bin(self::SECRET)))->sign('POST', self::PATH, self::BODY, self::NOW);
        try {
            (new Kommo(self::SECRET))->check('POST', self::PATH, self::BODY, $headers, self::NOW);
            $this->fail('accepted');
        } catch (VerificationFailed $failed) {
            $this->assertNull($failed->diagnosis);
            $failed->diagnosis = Kommo::diagnose(self::SECRET, 'POST', self::PATH, self::BODY, $headers, self::NOW);
            $this->assertSame(Mistake::SecretHex, $failed->diagnosis->mistake);
            $this->assertSame(Mistake::SecretHex->text(), $failed->diagnosis->text());
        }
    }

    public function testNowIsTheClocks(): void
    {
        $headers = (new Kommo(self::SECRET))->sign('POST', self::PATH, self::BODY);
        $this->assertTrue(Kommo::diagnose(self::SECRET, 'POST', self::PATH, self::BODY, $headers)->holds);
    }

    public function testWhatCannotBeDiagnosed(): void
    {
        $headers = (new Kommo(self::SECRET))->sign('POST', self::PATH, self::BODY, self::NOW);
        $calls = [
            [Status::Argument, fn () => Kommo::diagnose('', 'POST', self::PATH, self::BODY, $headers, self::NOW)],
            [Status::Argument, fn () => Kommo::diagnose('x', 'POST', self::PATH, self::BODY, $headers, \PHP_INT_MAX)],
            [Status::Argument, fn () => Kommo::diagnose('x', 'POST', self::PATH, self::BODY, $headers, self::NOW, -1)],
            [Status::Argument, fn () => Kommo::diagnoseWebhook('', self::BODY, null)],
            [Status::Argument, fn () => Kommo::explain('', 'POST', self::PATH, self::BODY, $headers)],
            [Status::Argument, fn () => Kommo::explain('x', 'POST', 'x', self::BODY, $headers)],
            [Status::Malformed, fn () => Kommo::diagnose('x', 'POST', 'x', self::BODY, $headers, self::NOW)],
            // A header that is there twice.
            [Status::Malformed, fn () => Kommo::diagnose('x', 'POST', '/', '', ['Date' => ['a', 'b']], self::NOW)],
        ];
        foreach ($calls as [$status, $call]) {
            try {
                $call();
                $this->fail('not refused');
            } catch (Exception $exception) {
                $this->assertSame($status, $exception->status);
                $this->assertSame($status === Status::Argument, $exception instanceof InvalidArgument);
            }
        }
        $this->assertFalse(Kommo::diagnoseWebhook('x', self::BODY, null)->holds);
        $this->assertSame(Status::Mismatch->text(), Kommo::diagnoseWebhook('x', self::BODY, null)->text());
    }

    public function testAnExplanationShowsTheStepsOfThePageAndNoSecret(): void
    {
        $headers = (new Kommo(self::SECRET))->sign('POST', self::PATH, self::BODY, self::NOW);
        $text = Kommo::explain(self::SECRET, 'POST', self::PATH, self::BODY, $headers);
        foreach ([\md5(self::BODY), ...\array_values($headers), self::PATH] as $step) {
            $this->assertStringContainsString($step, $text);
        }
        $this->assertStringNotContainsString(self::SECRET, $text);
        $this->assertStringNotContainsString('warning', $text);
        $this->assertStringContainsString(
            'warning: the secret ends with a line feed',
            Kommo::explain(self::SECRET . "\n", 'POST', self::PATH, self::BODY, $headers)
        );
    }

    /** What is sent of a request that is right but for its signature. */
    private static function headers(string $signature): array
    {
        return [
            'Date' => \gmdate(\DATE_RFC2822, self::NOW),
            'Content-Type' => 'application/json',
            'Content-MD5' => \md5(self::BODY),
            'X-Signature' => $signature,
        ];
    }
}
