<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Abi;
use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\Kommo;
use Apisig\RequestRefused;
use Apisig\Status;
use Apisig\Testing\FakeKommo;
use Apisig\VerificationFailed;
use PHPUnit\Framework\TestCase;

/**
 * Kommo's headers, requests and answers, beside PHP's own functions.
 */
final class KommoTest extends TestCase
{
    private const SECRET = 'fb50586ff7b68cd831fe0ef356345903f644c0d2';
    private const CHANNEL = 'f62a0162-46a7-430e-b06c-0ef798d56b21';
    private const ACCOUNT = '52fd2a28-d2eb-4bd8-b862-b57934927b38';
    private const NOW = 1669231521;

    private Kommo $kommo;

    protected function setUp(): void
    {
        $this->kommo = new Kommo(self::SECRET);
    }

    public function testTheToleranceIsTheLibrarys(): void
    {
        $this->assertSame(Abi::KOMMO_TOLERANCE, Kommo::TOLERANCE);
        $headers = $this->kommo->sign('POST', '/x', 'body');
        $this->assertTrue($this->kommo->verify('POST', '/x', 'body', $headers), 'the clock is the default');
        $this->assertFalse($this->kommo->verify('POST', '/x', 'body', $headers, \time() + 1000));
    }

    public function testAHeaderThatIsThereTwiceIsMalformed(): void
    {
        // A missing Content-Type is signed as an empty line: two of them must not pass for a missing one.
        $date = 'Thu, 01 Jan 1970 00:00:00 +0000';
        $headers = ['Date' => $date, 'Content-MD5' => \md5('')];
        $headers['X-Signature'] = $this->kommo->signDigest('GET', '/x', \md5(''), '', $date);
        $this->assertTrue($this->kommo->verify('GET', '/x', '', $headers, 0));
        foreach ([['a/b', 'c/d'], [null], 7, [['']]] as $value) {
            $twice = ['Content-Type' => $value] + $headers;
            $failed = thrown(VerificationFailed::class, fn () => $this->kommo->check('GET', '/x', '', $twice, 0));
            $this->assertSame(Status::Malformed, $failed->status);
        }
        $signature = $headers['X-Signature'];
        foreach ([[$signature, $signature], [], [[$signature]], [null], 7, null] as $value) {
            $this->assertFalse($this->kommo->verify('GET', '/x', '', ['X-Signature' => $value] + $headers, 0));
        }
        $this->assertFalse($this->kommo->verify('GET', '/x', '', $headers + ['x-signature' => $signature], 0));
        unset($headers['X-Signature']);
        $headers = [7 => 'x', 'x-SIGNATURE' => [$signature]] + $headers;
        $this->assertTrue($this->kommo->verify('GET', '/x', '', $headers, 0));
    }

    public function testRequests(): void
    {
        $scopeId = Kommo::scopeId(self::CHANNEL, self::ACCOUNT);
        $path = "/v2/origin/custom/$scopeId/chats/1/history?offset=0&limit=50";
        [$origin, $local] = ['https://amojo.kommo.com', 'http://127.0.0.1:8080'];
        $connect = '{"account_id":"' . self::ACCOUNT . '","title":"MyKommo","hook_api_version":"v2"}';
        $channel = '/v2/origin/custom/' . self::CHANNEL;
        $requests = [
            ['POST', "$origin$channel/connect", $connect,
                $this->kommo->connect(self::CHANNEL, self::ACCOUNT, 'MyKommo', now: self::NOW)],
            ['DELETE', "https://amojo.amocrm.ru$channel/disconnect", '{"account_id":"' . self::ACCOUNT . '"}',
                $this->kommo->disconnect(self::CHANNEL, self::ACCOUNT, 'amojo.amocrm.ru', self::NOW)],
            ['GET', $origin . $path, '', $this->kommo->request('get', $path, now: self::NOW)],
            ['POST', "$local/x", '{}', $this->kommo->request('POST', '/x', '{}', $local, self::NOW)],
        ];
        foreach ($requests as [$method, $url, $body, $request]) {
            $this->assertSame([$method, $url, $body], [$request->method, $request->url, $request->body]);
            $this->assertSame($this->kommo->sign($method, $url, $body, self::NOW), $request->headers);
        }
        thrown(InvalidArgument::class, fn () => $this->kommo->request('GET', '/', now: \PHP_INT_MAX));
    }

    public function testAnswersToConnect(): void
    {
        $whole = ['account_id' => 'a', 'scope_id' => 'c_a', 'title' => "My\u{e9}", 'hook_api_version' => 'v2'];
        $connection = Kommo::connected(200, \json_encode($whole + ['is_time_window_disabled' => true], \JSON_PRETTY_PRINT));
        $this->assertSame(\array_values($whole), \array_values((array) $connection));
        $answers = [''];
        foreach ($whole as $name => $value) {
            $answers[] = \json_encode(\array_diff_key($whole, [$name => 0]));
            $answers[] = \json_encode([$name => 1] + $whole);
        }
        foreach ($answers as $answer) {
            $exception = thrown(Exception::class, fn () => Kommo::connected(200, $answer));
            $this->assertSame([Exception::class, Status::Malformed], [$exception::class, $exception->status]);
        }
    }

    /** Answers in both of the vendor's forms, and what is no answer. The page's own are in kommo.tsv. */
    public function testARefusalSaysWhy(): void
    {
        $refusals = [
            [403, '{"error_code":403,"error_type":"INVALID","error_description":"not so"}', 'INVALID', 'not so'],
            [400, '{"title":"Bad Request","status":400,"detail":"Not valid"}', 'Bad Request', 'Not valid'],
            [403, '{"error_type":7,"error_description":"only"}', '', 'only'],
            [502, '<html>Bad Gateway</html>', '', ''],
            [302, '{}', '', ''],
            [199, '{}', '', ''],
            [300, '', '', ''],
            [0, '{}', '', ''],
        ];
        foreach ($refusals as [$status, $answer, $errorType, $description]) {
            foreach ([Kommo::connected(...), Kommo::accepted(...)] as $read) {
                $refused = thrown(RequestRefused::class, fn () => $read($status, $answer));
                $this->assertSame([$errorType, $description], [$refused->errorType, $refused->description]);
                $this->assertSame([$status, null], [$refused->httpStatus, $refused->status]);
                $words = "HTTP status $status" . ($errorType === '' ? '.' : ": $errorType.");
                $this->assertStringEndsWith($words, $refused->getMessage());
            }
        }
        foreach ([200, 204, 299] as $status) {
            $this->assertSame("\xff", Kommo::accepted($status, "\xff"));
        }
        $refused = thrown(RequestRefused::class, fn () => Kommo::accepted(403, '{"error_type":"A\n\u009b\u001b[1m"}'));
        $this->assertStringContainsString('403: A\x0a\xc2\x9b\x1b[1m.', $refused->getMessage());
    }

    public function testAWebhookIsReadAndItsUnknownFieldsAreKept(): void
    {
        $fake = new FakeKommo('secret');
        $webhook = Kommo::webhook($fake->webhook('message')->body);
        $this->assertSame(['message', self::ACCOUNT, self::NOW], [$webhook->event, $webhook->accountId, $webhook->time]);
        $read = static fn (object $object): array => \array_values(\array_diff_key(\get_object_vars($object), ['raw' => 0]));
        $this->assertSame([null, null], [$webhook->typing, $webhook->reaction]);
        $this->assertSame(
            ['message-1', 'text', 'Hello', null, null, null, $webhook->message->raw['conversation']['id'], 'client-1',
                'manager-1', 'Ben', 'user-1', 'Ann', null, null],
            \array_slice($read($webhook->message), 0, -2)
        );
        $this->assertSame([1669231521, 1669231521000], \array_slice($read($webhook->message), -2));
        $typing = Kommo::webhook($fake->webhook('typing')->body)->typing;
        $this->assertSame(['manager-1', $typing->raw['conversation']['id'], 'client-1', 1669231531], $read($typing));
        $reaction = Kommo::webhook($fake->webhook('reaction')->body)->reaction;
        $talk = $reaction->raw['conversation']['id'];
        $this->assertSame(['react', '+1', 'manager-1', $talk, 'client-1', 'message-1'], $read($reaction));
        $this->assertNotSame($talk, $typing->conversationId);
        $message = ['new' => [1], 'message' => ['id' => 7, 'media' => ['a'], 'file_size' => '9']];
        $webhook = Kommo::webhook($fake->webhook(['time' => '1', 'message' => $message, 'later' => ['x' => 1]])->body);
        $it = $webhook->message;
        $this->assertSame(['7', null, null, null], [$it->id, $it->media, $it->fileSize, $webhook->time]);
        $this->assertSame([['x' => 1], [1]], [$webhook->raw['later'], $webhook->message->raw['new']]);
    }

    public function testAnyJsonObjectIsAWebhook(): void
    {
        $others = ['{}', '{"message":1,"action":{"typing":null}}', '{"type":"text","text":"v1"}', " {\"a\":1}\n"];
        $others = [...$others, '{"message":[1]}', '{"message":[],"action":{"typing":{}}}'];
        foreach ($others as $body) {
            $this->assertSame('other', Kommo::webhook($body)->event);
        }
        foreach (['', 'account[id]=1', '[]', '1', '{', "\xff", '"{}"'] as $body) {
            $this->assertSame(Status::Malformed, thrown(VerificationFailed::class, fn () => Kommo::webhook($body))->status);
        }
    }
}
