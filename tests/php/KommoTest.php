<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\Kommo;
use Apisig\RequestRefused;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\TestCase;

/**
 * Kommo's webhooks, requests and answers, beside the code of the vendor's page and PHP's own functions.
 */
final class KommoTest extends TestCase
{
    private const PAGES = __DIR__ . '/../../../shared/seeds';
    private const SECRET = 'fb50586ff7b68cd831fe0ef356345903f644c0d2';
    private const CHANNEL = 'f62a0162-46a7-430e-b06c-0ef798d56b21';
    private const ACCOUNT = '52fd2a28-d2eb-4bd8-b862-b57934927b38';
    private const NOW = 1669231521;

    public function testConnectMakesWhatThePagePrints(): void
    {
        foreach (\glob(self::PAGES . '/*_*.txt') ?: [] as $file) {
            $text = \file_get_contents($file);
            if (\str_contains($text, 'Connecting chat channel')) {
                $this->assertSame(1, \preg_match('/\$secret = .*?\$curlHeaders = /s', $text, $found));
                $page = \substr($found[0], 0, (int) \strrpos($found[0], '$curlHeaders'));
            }
        }
        $page ??= $this->standIn();
        $clock = 'date(DateTimeInterface::RFC2822)';
        $this->assertStringContainsString($clock, $page);
        eval(\str_replace($clock, "'Wed, 23 Nov 2022 19:25:21 +0000'", $page));
        $request = (new Kommo($secret))->connect(self::CHANNEL, self::ACCOUNT, 'MyKommo', now: self::NOW);
        $this->assertSame([$method, $url, $headers], [$request->method, $request->url, $request->headers]);
        $this->assertSame($requestBody, $request->body);
    }

    /** The page's example, where the page does not lie beside the project. */
    private function standIn(): string
    {
        return \sprintf(<<<'PHP'
            [$secret, $method, $date] = ['%s', 'POST', date(DateTimeInterface::RFC2822)];
            $path = '/v2/origin/custom/%s/connect';
            $url = "https://amojo.kommo.com$path";
            $requestBody = json_encode(['account_id' => '%s', 'title' => 'MyKommo', 'hook_api_version' => 'v2']);
            $headers = ['Date' => $date, 'Content-Type' => 'application/json', 'Content-MD5' => md5($requestBody)];
            $signed = [$method, $headers['Content-MD5'], $headers['Content-Type'], $date, $path];
            $headers['X-Signature'] = hash_hmac('sha1', implode("\n", $signed), $secret);
            PHP, self::SECRET, self::CHANNEL, self::ACCOUNT);
    }

    public function testAnyTitleIsWrittenAsPhpWritesIt(): void
    {
        $flags = \JSON_UNESCAPED_SLASHES | \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_LINE_TERMINATORS;
        $kommo = new Kommo(self::SECRET);
        for ($i = 0; $i < 1000; $i++) {
            $title = \mb_convert_encoding(bytes(0, 1500), 'UTF-8', ['UTF-16LE', 'ISO-8859-1'][$i % 2]);
            $body = ['account_id' => self::ACCOUNT, 'title' => $title, 'hook_api_version' => 'v1'];
            $request = $kommo->connect(self::CHANNEL, self::ACCOUNT, $title, 'v1');
            $this->assertSame(\json_encode($body, $flags), $request->body);
            $this->assertTrue($kommo->verify($request->method, $request->url, $request->body, $request->headers));
        }
    }

    public function testDisconnect(): void
    {
        $kommo = new Kommo(self::SECRET);
        $request = $kommo->disconnect(self::CHANNEL, self::ACCOUNT, 'amojo.amocrm.ru', self::NOW);
        $this->assertSame('DELETE', $request->method);
        $url = 'https://amojo.amocrm.ru/v2/origin/custom/' . self::CHANNEL . '/disconnect';
        $this->assertSame($url, $request->url);
        $this->assertSame('{"account_id":"' . self::ACCOUNT . '"}', $request->body);
        $this->assertSame($kommo->sign('DELETE', $url, $request->body, self::NOW), $request->headers);
    }

    public function testARequestIsSentWithItsQueryAndSignedWithoutIt(): void
    {
        $kommo = new Kommo(self::SECRET);
        $scopeId = Kommo::scopeId(self::CHANNEL, self::ACCOUNT);
        $path = "/v2/origin/custom/$scopeId/chats/1/history";
        $request = $kommo->request('get', "$path?offset=0&limit=50", now: self::NOW);
        $this->assertSame('GET', $request->method);
        $this->assertSame("https://amojo.kommo.com$path?offset=0&limit=50", $request->url);
        $this->assertSame('', $request->body);
        $this->assertSame($kommo->sign('GET', $path, '', self::NOW), $request->headers);
        $message = '{"event_type":"new_message"}';
        $request = $kommo->request('POST', '/x', $message, 'http://127.0.0.1:8080', self::NOW);
        $this->assertSame('http://127.0.0.1:8080/x', $request->url);
        $this->assertSame($message, $request->body);
        $this->assertSame(\md5($message), $request->headers['Content-MD5']);
    }

    public function testNothingThatIsPutInMakesAnotherRequest(): void
    {
        $kommo = new Kommo(self::SECRET);
        foreach (['', '..', 'a/b', 'a?b', "a\r\nX: y", 'a"b', 'é', "a\0"] as $id) {
            $this->refuses(fn () => $kommo->connect($id, self::ACCOUNT, ''));
            $this->refuses(fn () => $kommo->connect(self::CHANNEL, $id, ''));
            $this->refuses(fn () => $kommo->disconnect($id, self::ACCOUNT));
            $this->refuses(fn () => $kommo->disconnect(self::CHANNEL, $id));
            $this->refuses(fn () => Kommo::scopeId($id, self::ACCOUNT));
        }
        foreach (['', 'a/', 'user@a', 'a:b', "a\n", 'ftp://a'] as $host) {
            $this->refuses(fn () => $kommo->connect(self::CHANNEL, self::ACCOUNT, '', 'v2', $host));
            $this->refuses(fn () => $kommo->request('GET', '/', '', $host));
        }
        foreach (['', 'x', '.evil.example/', '@evil.example/', '/a b', "/a\n", '/a#b', '/é'] as $path) {
            $this->refuses(fn () => $kommo->request('GET', $path));
        }
        foreach (['/чат/', '/a b/', '/a/../b', '/{a}', '/%41', '/%c3', '/x?ж'] as $path) {
            $this->refuses(fn () => $kommo->sign('GET', $path));
            $this->refuses(fn () => $kommo->sign('GET', "https://amojo.kommo.com$path"));
        }
        $this->refuses(fn () => $kommo->request('', '/'));
        $this->refuses(fn () => $kommo->request("GET\n", '/'));
        $this->refuses(fn () => $kommo->connect(self::CHANNEL, self::ACCOUNT, '', 'v3'));
        $this->refuses(fn () => $kommo->connect(self::CHANNEL, self::ACCOUNT, "\xff"));
        $this->refuses(fn () => $kommo->request('GET', '/', now: \PHP_INT_MAX));
    }

    public function testWebhooksAreSignedAsHashHmacSignsThem(): void
    {
        for ($i = 0; $i < 1000; $i++) {
            $secret = bytes(1, 200);
            $body = \rtrim($i < 3 ? \random_bytes(300_000) : bytes(0, 300), "\r\n");
            $kommo = new Kommo($secret);
            $signature = \hash_hmac('sha1', $body, $secret);
            $this->assertSame($signature, $kommo->signWebhook($body));
            foreach (['', "\n", "\r\n"] as $end) {
                $this->assertTrue($kommo->verifyWebhook($body . $end, $signature));
                $this->assertFalse($kommo->verifyWebhook(" $body$end", $signature));
            }
        }
    }

    public function testAWebhookHoldsByAnySecretThatIsNotOut(): void
    {
        $kommo = new Kommo('new', ['old']);
        $body = '{"message":{}}';
        $this->assertSame(0, $kommo->checkWebhook("$body\n", (new Kommo('new'))->signWebhook($body)));
        $this->assertSame(1, $kommo->checkWebhook("$body\n", (new Kommo('old'))->signWebhook($body)));
        $statuses = [];
        foreach ([null, '', 'x', (new Kommo('older'))->signWebhook($body)] as $signature) {
            $this->assertFalse($kommo->verifyWebhook($body, $signature));
            try {
                $kommo->checkWebhook($body, $signature);
                $this->fail('accepted');
            } catch (VerificationFailed $failed) {
                $statuses[] = $failed->status;
            }
        }
        $this->assertSame([Status::Malformed, Status::Malformed, Status::Malformed, Status::Mismatch], $statuses);
        $kommo->__destruct();
        $this->refuses(fn () => $kommo->signWebhook($body));
        $this->refuses(fn () => $kommo->checkWebhook($body, ''));
    }

    public function testARequestIsNoWebhookAndAWebhookNoRequest(): void
    {
        $kommo = new Kommo(self::SECRET);
        $request = $kommo->connect(self::CHANNEL, self::ACCOUNT, 'MyKommo');
        $this->assertFalse($kommo->verifyWebhook($request->body, $request->headers['X-Signature']));
        $headers = ['X-Signature' => $kommo->signWebhook($request->body)] + $request->headers;
        $this->assertFalse($kommo->verify($request->method, $request->url, $request->body, $headers));
    }

    public function testTheAnswerOfThePageIsRead(): void
    {
        $connection = Kommo::connected(200, \sprintf(<<<'JSON'
            {
               "account_id": "%2$s",
               "scope_id": "%1$s_%2$s",
               "title": "My\u004bommo",
               "hook_api_version": "v2",
               "is_time_window_disabled": true
            }
            JSON, self::CHANNEL, self::ACCOUNT));
        $this->assertSame(self::ACCOUNT, $connection->accountId);
        $this->assertSame(Kommo::scopeId(self::CHANNEL, self::ACCOUNT), $connection->scopeId);
        $this->assertSame('MyKommo', $connection->title);
        $this->assertSame('v2', $connection->hookApiVersion);
    }

    public function testASuccessWithAnotherAnswerIsNoConnection(): void
    {
        $whole = ['account_id' => 'a', 'scope_id' => 'c_a', 'title' => 't', 'hook_api_version' => 'v2'];
        $answers = ['', '{}', '[]', '<html>', \json_encode($whole) . 'x'];
        foreach ($whole as $name => $value) {
            $answers[] = \json_encode(\array_diff_key($whole, [$name => 0]));
            $answers[] = \json_encode([$name => 1] + $whole);
        }
        foreach ($answers as $answer) {
            try {
                Kommo::connected(200, $answer);
                $this->fail($answer);
            } catch (Exception $exception) {
                $this->assertNotInstanceOf(RequestRefused::class, $exception);
                $this->assertSame(Status::Malformed, $exception->status);
            }
        }
    }

    /** The answers are those of the vendor's page on HTTP status codes, and others that may come. */
    public function testARefusalSaysWhy(): void
    {
        $refusals = [
            [403, '{"status":0,"error_code":403,"error_type":"ORIGIN_INVALID_SIGNATURE",'
                . '"error_description":"invalid signature"}', 'ORIGIN_INVALID_SIGNATURE', 'invalid signature'],
            [404, '{"status":0,"error_code":404,"error_type":"ORIGIN_NOT_REGISTERED","error_description":"NOT_FOUND"}',
                'ORIGIN_NOT_REGISTERED', 'NOT_FOUND'],
            [400, '{"title":"Bad Request","status":400,"detail":"Request validation failed","validation-errors":[{}]}',
                'Bad Request', 'Request validation failed'],
            [403, '{"error_type":7,"error_description":"only"}', '', 'only'],
            [502, '<html>Bad Gateway</html>', '', ''],
            [500, '', '', ''],
            [302, '{}', '', ''],
            [199, '{}', '', ''],
            [300, '{}', '', ''],
            [0, '{}', '', ''],
        ];
        foreach ($refusals as [$status, $answer, $errorType, $description]) {
            foreach ([Kommo::connected(...), Kommo::accepted(...)] as $read) {
                try {
                    $read($status, $answer);
                    $this->fail($answer);
                } catch (RequestRefused $refused) {
                    $this->assertSame($status, $refused->httpStatus);
                    $this->assertSame([$errorType, $description], [$refused->errorType, $refused->description]);
                    $this->assertStringContainsString("HTTP status $status:", $refused->getMessage());
                    $this->assertStringNotContainsString('ORIGIN', $refused->getMessage());
                    $this->assertNull($refused->status);
                }
            }
        }
    }

    public function testASuccessIsAcceptedWhateverItsBody(): void
    {
        foreach ([200, 204, 299] as $status) {
            foreach (['', '{}', "\xff"] as $body) {
                $this->assertSame($body, Kommo::accepted($status, $body));
            }
        }
    }

    private function refuses(callable $call): void
    {
        try {
            $call();
            $this->fail('not refused');
        } catch (InvalidArgument $exception) {
            $this->assertSame(Status::Argument, $exception->status);
        }
    }
}
