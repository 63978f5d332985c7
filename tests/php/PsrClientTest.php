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
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Symfony\Component\HttpClient\HttpClient;
use Symfony\Component\HttpClient\Psr18Client;

/**
 * Signed requests of Guzzle, Symfony's and Laravel's clients on their way through a real connection: the servers of
 * tests/packages/examples take them, which check with the code of the vendors' pages or with PHP's own functions.
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
            'KOMMO_SECRET' => 'secret',
            'KOMMO_CHANNEL' => self::CHANNEL,
            'KOMMO_ACCOUNT' => self::ACCOUNT,
            'KAYAKO_API_KEY' => 'f1ac9b8e-0b5a',
            'KAYAKO_SECRET' => 'secret',
            'MOR_USER' => 'admin',
            'MOR_SECRET' => 'secret',
        ]);
    }

    public static function tearDownAfterClass(): void
    {
        \array_map(stop(...), \array_column(self::$servers, 0));
        self::$servers = [];
    }

    /** @return array<string, array{\Closure}> each sends a request and gives the answer's status and body */
    public static function clients(): array
    {
        return [
            'Guzzle, curl' => [fn (...$request) => self::guzzle(new CurlHandler(), ...$request)],
            'Guzzle, streams' => [fn (...$request) => self::guzzle(new StreamHandler(), ...$request)],
            'Symfony' => [self::symfony(...)],
            'Laravel' => [self::laravel(...)],
        ];
    }

    /** The vendor, method, path, headers and body of each request, and what the answer starts with. */
    private static function requests(): iterable
    {
        $origin = '/v2/origin/custom/' . self::CHANNEL;
        $body = ['account_id' => self::ACCOUNT, 'title' => 'Zoë / "1"', 'hook_api_version' => 'v2'];
        foreach ([\JSON_THROW_ON_ERROR, \JSON_PRETTY_PRINT, \JSON_UNESCAPED_UNICODE] as $flags) {
            yield ['kommo', 'POST', "$origin/connect?x=1", [], \json_encode($body, $flags) . "\n", '200 {"account_id"'];
        }
        yield ['kommo', 'DELETE', "$origin/disconnect", [], '{"account_id":"1"}', '200 {}'];
        // Signed, but not there: a signature that is wrong is answered with 403.
        yield ['kommo', 'GET', "$origin/chats/a%20b/history?offset=1&limit=2", [], '', '404'];
        $fields = ['fullname' => 'Zoë Smith & Sons', 'password' => 'a+b=c%', 'email' => ['zoe@example.com']];
        $json = \json_encode($fields, \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES);
        $index = '/api/index.php';
        // Fresh salts, so that their signatures have +, / and = at many places.
        foreach (\range(1, 10) as $ignored) {
            foreach (['POST', 'PUT'] as $method) {
                $form = \http_build_query($fields);
                yield ['kayako', $method, "$index?e=/Base/User/1", self::FORM, $form, "200 $method /Base/User/1 $json"];
            }
            foreach (['GET', 'DELETE'] as $method) {
                $answer = "200 $method /Base/User/1 ";
                yield ['kayako', $method, "$index?e=/Base/User/1&marker=%2B+1", [], '', $answer . '{"marker":"+ 1"}'];
                yield ['kayako', $method, "$index?/Base/User/1", [], '', $answer . '[]'];
            }
        }
        yield ['kayako', 'POST', "$index?e=/Base/User", self::FORM, '', '200 POST /Base/User []'];
        $form = \http_build_query(['currency' => 'E+R', 'u' => 'admin', 'username' => 'Zoë & Sons']);
        yield ['mor', 'POST', '/billing/api/user_balance_get', self::FORM, $form, '200 <?xml'];
    }

    /** @dataProvider clients */
    #[DataProvider('clients')]
    public function testRequests(\Closure $send): void
    {
        [$right, $wrong] = [self::signers('secret'), self::signers('another secret')];
        foreach (self::requests() as [$vendor, $method, $path, $headers, $body, $expected]) {
            $request = [$method, self::$servers[$vendor][1] . $path, $headers, $body];
            [$status, $answer] = $send($right[$vendor], ...$request);
            $this->assertStringStartsWith($expected, "$status $answer");
            $this->assertStringNotContainsString('Incorrect hash', $answer);
            [$status, $answer] = $send($wrong[$vendor], ...$request);
            $this->assertContains($status, $vendor === 'mor' ? [200] : [401, 403]);
            $this->assertSame($vendor === 'mor', \str_contains($answer, 'Incorrect hash'));
        }
    }

    /** @return array<string, Signer> */
    private static function signers(string $secret): array
    {
        return [
            'kommo' => new KommoSigner(new Kommo($secret)),
            'kayako' => new KayakoSigner(new Kayako($secret), 'f1ac9b8e-0b5a', new HttpFactory()),
            'mor' => new MorSigner(new Mor($secret), new Psr17Factory()),
        ];
    }

    private static function guzzle(
        callable $handler,
        Signer $signer,
        string $method,
        string $url,
        array $headers,
        string $body
    ): array {
        $stack = HandlerStack::create($handler);
        $stack->push(Middleware::mapRequest($signer));
        $options = ['headers' => $headers, 'http_errors' => false] + ($body === '' ? [] : ['body' => $body]);
        $answer = (new Client(['handler' => $stack, 'allow_redirects' => false]))->request($method, $url, $options);
        return [$answer->getStatusCode(), (string) $answer->getBody()];
    }

    private static function symfony(Signer $signer, string $method, string $url, array $headers, string $body): array
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

    private static function laravel(Signer $signer, string $method, string $url, array $headers, string $body): array
    {
        // From Laravel 10 on ->withRequestMiddleware($signer) does this.
        $pending = (new Factory())->withMiddleware(Middleware::mapRequest($signer))->withOptions(['allow_redirects' => false]);
        $pending = $headers === self::FORM ? $pending->asForm() : $pending;
        $answer = $pending->send($method, $url, $body === '' ? [] : ['body' => $body]);
        return [$answer->status(), $answer->body()];
    }
}
