<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\Mor;
use Apisig\Psr\KayakoSigner;
use Apisig\Psr\KommoSigner;
use Apisig\Psr\MorSigner;
use Apisig\Psr\Signer;
use GuzzleHttp\Client;
use GuzzleHttp\Handler\CurlHandler;
use GuzzleHttp\Handler\StreamHandler;
use GuzzleHttp\HandlerStack;
use GuzzleHttp\Middleware;
use GuzzleHttp\Psr7\HttpFactory;
use Illuminate\Http\Client\Factory;
use Nyholm\Psr7\Factory\Psr17Factory;
use PHPUnit\Framework\TestCase;
use Symfony\Component\HttpClient\HttpClient;
use Symfony\Component\HttpClient\Psr18Client;

/**
 * Signed requests of Guzzle, Symfony's and Laravel's clients on their way through a real connection: the servers of
 * tests/examples take them, which check with the code of the vendors' pages or with PHP's own functions.
 */
final class PsrClientTest extends TestCase
{
    private const CHANNEL = 'f62a0162-46a7-430e-b06c-0ef798d56b21';
    private const ACCOUNT = '52fd2a28-d2eb-4bd8-b862-b57934927b38';
    private const FORM = ['Content-Type' => 'application/x-www-form-urlencoded'];

    /** @var array<string, array{resource, string}> */
    private static array $servers = [];

    public static function setUpBeforeClass(): void
    {
        needPsr('GuzzleHttp', 'Nyholm/Psr7', 'Psr/Http/Client', 'Symfony/Component/HttpClient', 'Illuminate/Http');
        if (!\extension_loaded('curl')) {
            missing('The PHP extension curl is not installed.');
        }
        \putenv('no_proxy=127.0.0.1');
        self::$servers = startVendors([
            'KOMMO_SECRET' => 'kommo secret',
            'KOMMO_CHANNEL' => self::CHANNEL,
            'KOMMO_ACCOUNT' => self::ACCOUNT,
            'KAYAKO_API_KEY' => 'f1ac9b8e-0b5a',
            'KAYAKO_SECRET' => 'kayako secret',
            'MOR_USER' => 'admin',
            'MOR_SECRET' => 'mor secret',
        ]);
    }

    public static function tearDownAfterClass(): void
    {
        \array_map(stop(...), \array_column(self::$servers, 0));
        self::$servers = [];
    }

    /** @return array<string, array{\Closure}> each sends a request and gives the answer's status and body */
    public function clients(): array
    {
        return [
            'Guzzle, curl' => [fn (...$request) => $this->guzzle(new CurlHandler(), ...$request)],
            'Guzzle, streams' => [fn (...$request) => $this->guzzle(new StreamHandler(), ...$request)],
            'Symfony' => [$this->symfony(...)],
            'Laravel' => [$this->laravel(...)],
        ];
    }

    /** @dataProvider clients */
    public function testKommo(\Closure $send): void
    {
        $signer = new KommoSigner(new Kommo('kommo secret'));
        $origin = self::$servers['kommo'][1] . '/v2/origin/custom/' . self::CHANNEL;
        $body = ['account_id' => self::ACCOUNT, 'title' => 'Zoë / "1"', 'hook_api_version' => 'v2'];
        foreach ([\JSON_THROW_ON_ERROR, \JSON_PRETTY_PRINT, \JSON_UNESCAPED_UNICODE] as $flags) {
            [$status, $answer] = $send($signer, 'POST', "$origin/connect?x=1", [], \json_encode($body, $flags) . "\n");
            $this->assertSame([200, $body['title']], [$status, \json_decode($answer, true)['title'] ?? $answer]);
        }
        $this->assertSame([200, '{}'], $send($signer, 'DELETE', "$origin/disconnect", [], '{"account_id":"1"}'));
        // Signed, but not there: a signature that does not hold is answered with 403.
        $this->assertSame(404, $send($signer, 'GET', "$origin/chats/a%20b/history?offset=1&limit=2", [], '')[0]);
        $other = new KommoSigner(new Kommo('another secret'));
        $this->assertSame(403, $send($other, 'POST', "$origin/connect", [], '{}')[0]);
    }

    /** @dataProvider clients */
    public function testKayako(\Closure $send): void
    {
        $signer = new KayakoSigner(new Kayako('kayako secret'), 'f1ac9b8e-0b5a', new HttpFactory());
        $base = self::$servers['kayako'][1] . '/api/index.php';
        $fields = ['fullname' => 'Zoë Smith & Sons', 'password' => 'a+b=c%', 'email' => ['zoe@example.com']];
        $json = \json_encode($fields, \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES);
        // Fresh salts, so that their signatures hold +, / and = at many places.
        for ($round = 0; $round < 10; $round++) {
            foreach (['POST', 'PUT'] as $method) {
                $answer = $send($signer, $method, "$base?e=/Base/User/1", self::FORM, \http_build_query($fields));
                $this->assertSame([200, "$method /Base/User/1 $json"], $answer);
            }
            foreach (['GET', 'DELETE'] as $method) {
                $answer = $send($signer, $method, "$base?e=/Base/User/1&marker=%2B+1", [], '');
                $this->assertSame([200, $method . ' /Base/User/1 {"marker":"+ 1"}'], $answer);
                $answer = $send($signer, $method, "$base?/Base/User/1", [], '');
                $this->assertSame([200, "$method /Base/User/1 []"], $answer);
            }
        }
        $this->assertSame([200, 'POST /Base/User []'], $send($signer, 'POST', "$base?e=/Base/User", self::FORM, ''));
        $other = new KayakoSigner(new Kayako('another secret'), 'f1ac9b8e-0b5a', new HttpFactory());
        $this->assertSame(401, $send($other, 'GET', "$base?e=/Base/User", [], '')[0]);
    }

    /** @dataProvider clients */
    public function testMor(\Closure $send): void
    {
        $signer = new MorSigner(new Mor('mor secret'), new Psr17Factory());
        $url = self::$servers['mor'][1] . '/billing/api/user_balance_get';
        $form = \http_build_query(['currency' => 'E+R', 'u' => 'admin', 'username' => 'Zoë & Sons']);
        [$status, $answer] = $send($signer, 'POST', $url, self::FORM, $form);
        $this->assertSame(200, $status);
        $this->assertStringContainsString('<currency>E+R</currency>', $answer);
        $other = new MorSigner(new Mor('another secret'), new Psr17Factory());
        $this->assertStringContainsString('Incorrect hash', $send($other, 'POST', $url, self::FORM, $form)[1]);
    }

    /** Guzzle's own options json and form_params, and its Content-Length, are there before the signer. */
    public function testOptionsOfGuzzle(): void
    {
        $client = static function (Signer $signer, string $url): Client {
            $stack = HandlerStack::create();
            $stack->push(Middleware::mapRequest($signer));
            return new Client(['base_uri' => $url, 'handler' => $stack, 'allow_redirects' => false]);
        };
        $body = ['account_id' => self::ACCOUNT, 'title' => 'Zoë', 'hook_api_version' => 'v2'];
        $kommo = $client(new KommoSigner(new Kommo('kommo secret')), self::$servers['kommo'][1]);
        $answer = $kommo->post('/v2/origin/custom/' . self::CHANNEL . '/connect', ['json' => $body]);
        $this->assertSame('Zoë', \json_decode((string) $answer->getBody(), true)['title']);
        $mor = $client(new MorSigner(new Mor('mor secret'), new HttpFactory()), self::$servers['mor'][1]);
        $parameters = ['u' => 'admin', 'username' => 'Zoë', 'currency' => 'EUR'];
        $answer = $mor->post('/billing/api/user_balance_get', ['form_params' => $parameters]);
        $this->assertStringContainsString('<balance>12.50</balance>', (string) $answer->getBody());
    }

    private function guzzle(callable $handler, Signer $signer, string $method, string $url, array $headers, string $body): array
    {
        $stack = HandlerStack::create($handler);
        $stack->push(Middleware::mapRequest($signer));
        $options = ['headers' => $headers, 'http_errors' => false] + ($body === '' ? [] : ['body' => $body]);
        $answer = (new Client(['handler' => $stack, 'allow_redirects' => false]))->request($method, $url, $options);
        return [$answer->getStatusCode(), (string) $answer->getBody()];
    }

    private function symfony(Signer $signer, string $method, string $url, array $headers, string $body): array
    {
        $factory = new Psr17Factory();
        $request = $factory->createRequest($method, $url)->withBody($factory->createStream($body));
        foreach ($headers as $name => $value) {
            $request = $request->withHeader($name, $value);
        }
        $client = new Psr18Client(HttpClient::create(['max_redirects' => 0]), $factory, $factory);
        $answer = $client->sendRequest($signer->sign($request));
        return [$answer->getStatusCode(), (string) $answer->getBody()];
    }

    private function laravel(Signer $signer, string $method, string $url, array $headers, string $body): array
    {
        // From Laravel 10 on ->withRequestMiddleware($signer) does this.
        $pending = (new Factory())->withMiddleware(Middleware::mapRequest($signer))->withOptions(['allow_redirects' => false]);
        $pending = $headers === self::FORM ? $pending->asForm() : $pending;
        $answer = $pending->send($method, $url, $body === '' ? [] : ['body' => $body]);
        return [$answer->status(), $answer->body()];
    }
}
