<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\Mor;
use Apisig\Psr\KayakoSigner;
use Apisig\Psr\KommoSigner;
use Apisig\Psr\MorSigner;
use Apisig\Psr\Signer;
use Apisig\Status;
use GuzzleHttp\Psr7\HttpFactory;
use GuzzleHttp\Psr7\NoSeekStream;
use Nyholm\Psr7\Factory\Psr17Factory;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\RequestInterface;

/**
 * The signers of PSR-7 requests, of Guzzle's kind and of Nyholm's: what is signed is what the request has afterwards.
 */
final class PsrSignerTest extends TestCase
{
    private const FORM = 'application/x-www-form-urlencoded; charset=UTF-8';
    private const KOMMO = 'https://amojo.kommo.com';
    private const HELPDESK = 'https://help.example.com/api/index.php';
    private const MOR = 'https://mor.example.com/billing/api/user_balance_get';

    protected function setUp(): void
    {
        needPsr('GuzzleHttp/Psr7', 'Nyholm/Psr7');
    }

    /** @return array<string, array{string}> */
    public static function factories(): array
    {
        return ['Guzzle' => [HttpFactory::class], 'Nyholm' => [Psr17Factory::class]];
    }

    private static function request(
        string $method,
        string $url,
        string $body = '',
        ?string $type = self::FORM,
        string $factory = HttpFactory::class
    ): RequestInterface {
        $request = (new $factory())->createRequest($method, $url)->withBody((new $factory())->createStream($body));
        return $type === null ? $request : $request->withHeader('content-type', $type);
    }

    private static function signer(string $vendor, string $factory = HttpFactory::class, mixed ...$more): Signer
    {
        return match ($vendor) {
            'kommo' => new KommoSigner(new Kommo('secret'), ...$more),
            'kayako' => new KayakoSigner(new Kayako('secret'), 'key & more', new $factory(), ...$more),
            'mor' => new MorSigner(new Mor('secret'), new $factory(), ...$more),
        };
    }

    /** Vendor, method, URL, body and type of a request; and what is expected of the signed one. */
    private static function requests(): iterable
    {
        [$kommo, $kayako, $mor] = [new Kommo('secret'), new Kayako('secret'), new Mor('secret')];
        $url = self::KOMMO . '/v2/origin/custom/1_2/chats/%D1%8F/history?offset=1';
        foreach (['GET', 'POST', 'PATCH', 'DELETE'] as $method) {
            foreach (['', "{\"a\":1}\n", \random_bytes(100000)] as $body) {
                yield ['kommo', $method, $url, $body, 'text/plain', fn (RequestInterface $it): bool =>
                    $it->getHeader('Content-Type') === ['application/json'] && (string) $it->getBody() === $body
                    && $kommo->verify($it->getMethod(), $it->getRequestTarget(), $body, $it->getHeaders())];
            }
        }
        yield ['kommo', 'GET', self::KOMMO, '', null, fn (RequestInterface $it): bool =>
            $kommo->verify('GET', '/', '', $it->getHeaders())];
        $isSigned = fn (string $form, string $signed): bool => \str_starts_with($signed, $form)
            && $kayako->verifyRequest('key & more', $signed);
        foreach (['e=/Base/User&a=%2B+1', '/Base/User/1', ''] as $query) {
            foreach (['GET', 'DELETE'] as $method) {
                yield ['kayako', $method, self::HELPDESK . "?$query", '', null, fn (RequestInterface $it): bool =>
                    $isSigned($query, $it->getUri()->getQuery()) && (string) $it->getBody() === ''];
            }
        }
        foreach ([['a=%2B+1&b[]=2', self::FORM], ['', self::FORM], ['', null]] as [$form, $type]) {
            foreach (['POST', 'PUT'] as $method) {
                yield ['kayako', $method, self::HELPDESK . '?e=/x', $form, $type, fn (RequestInterface $it): bool =>
                    $isSigned($form, (string) $it->getBody()) && \str_starts_with($it->getHeaderLine('Content-Type'), 'application/x-www')
                    // With the same salt.
                    && $it->getUri()->getQuery() === 'e=/x' . ($method === 'POST' ? '' : '&' . \strstr((string) $it->getBody(), 'apikey'))];
            }
        }
        // = that is not encoded, names without a value, and nothing between two &.
        foreach (['u=admin&username=a%2Bb%3Dc%26%C3%BC&currency=EUR', 'username=a=b&&u&currency=EUR', ''] as $form) {
            $signed = ($form === '' ? '' : "$form&") . 'hash=' . $mor->signRequest('user_balance_get', $form);
            yield ['mor', 'POST', self::MOR, $form, self::FORM, fn (RequestInterface $it): bool =>
                (string) $it->getBody() === $signed];
            yield ['mor', 'GET', self::MOR . "?$form", '', null, fn (RequestInterface $it): bool =>
                $it->getUri()->getQuery() === $signed];
        }
    }

    /** @dataProvider factories */
    #[DataProvider('factories')]
    public function testSigned(string $factory): void
    {
        foreach (self::requests() as [$vendor, $method, $url, $body, $type, $isExpected]) {
            $signer = self::signer($vendor, $factory, ...($vendor === 'mor' ? ['allowGet' => true] : []));
            $request = self::request($method, $url, $body, $type, $factory)->withHeader('X-A', 'b');
            $request->getBody()->seek(\min(1, \strlen($body)));
            foreach (['__invoke', 'sign'] as $name) {
                $signed = $signer->$name($request);
                $this->assertSame(0, $vendor === 'kommo' ? $signed->getBody()->tell() : 0, 'the body is rewound');
                $this->assertTrue($isExpected($signed), "$vendor $method $url");
                $this->assertSame(['b'], $signed->getHeader('X-A'));
                $length = $signed->getHeaderLine('Content-Length');
                $this->assertContains($length, ['', (string) \strlen((string) $signed->getBody())]);
            }
            $this->assertFalse($request->hasHeader('X-Signature'), 'the request itself is not changed');
            $this->assertSame([\rtrim($url, '?'), $body], [(string) $request->getUri(), (string) $request->getBody()]);
        }
        $unknown = self::request('POST', \dirname(self::MOR) . '/no_such_method');
        $this->assertSame(Status::Method, thrown(Exception::class, fn () => $signer($unknown))->status);
    }

    /** @return array<string, array{string, string, string, 3?: string, 4?: ?string}> */
    public static function refused(): array
    {
        return [
            'Kommo: dot segments' => ['kommo', 'GET', self::KOMMO . '/v2/../x'],
            'Kommo: a dot segment at the end' => ['kommo', 'GET', self::KOMMO . '/v2/.'],
            'Kommo: encoded without need' => ['kommo', 'GET', self::KOMMO . '/v2/%7e1'],
            'Kommo: a relative path' => ['kommo', 'GET', 'v2/origin'],
            'Kayako: another method' => ['kayako', 'PATCH', self::HELPDESK],
            'Kayako: signed already' => ['kayako', 'GET', self::HELPDESK . '?e=/A&%73alt=1'],
            'Kayako: signed already, in the body' => ['kayako', 'POST', self::HELPDESK, 'a=1&signature[]=2'],
            'Kayako: JSON' => ['kayako', 'POST', self::HELPDESK, '{}', 'application/json'],
            'Kayako: multipart' => ['kayako', 'POST', self::HELPDESK, '', 'multipart/form-data; boundary=a'],
            'Kayako: no content type' => ['kayako', 'POST', self::HELPDESK, 'a=1', null],
            'MOR: GET' => ['mor', 'GET', self::MOR],
            'MOR: a query' => ['mor', 'POST', self::MOR . '?username=a'],
            'MOR: another path' => ['mor', 'POST', 'https://mor.example.com/billing/user_balance_get'],
            'MOR: more path' => ['mor', 'POST', self::MOR . '/x'],
            'MOR: signed already' => ['mor', 'POST', self::MOR, 'hash=1'],
            'MOR: a value of the wrong type' => ['mor', 'POST', \dirname(self::MOR) . '/devices_get', 'user_id=007'],
            'MOR: a parameter twice' => ['mor', 'POST', self::MOR, 'username=a&username=b'],
            'MOR: an array' => ['mor', 'POST', self::MOR, 'username[]=a'],
            'MOR: two readings' => ['mor', 'POST', self::MOR, 'u=a;username=b'],
        ];
    }

    /** @dataProvider refused */
    #[DataProvider('refused')]
    public function testRefused(string $vendor, string $method, string $url, ?string ...$more): void
    {
        $request = self::request($method, $url, ...$more);
        thrown(InvalidArgument::class, fn () => self::signer($vendor)->sign($request));
    }

    public function testAnotherHostOrTargetIsRefused(): void
    {
        $signer = self::signer('kommo', HttpFactory::class, 'amojo.kommo.com');
        $this->assertTrue($signer(self::request('POST', 'https://AMOJO.kommo.com/x'))->hasHeader('X-Signature'));
        $other = self::request('POST', 'https://evil.example/x');
        $this->assertStringContainsString('another host', thrown(InvalidArgument::class, fn () => $signer($other))->getMessage());
        $request = self::request('GET', self::KOMMO . '/a?b');
        $this->assertTrue($signer($request->withRequestTarget('/a?c'))->hasHeader('Date'));
        thrown(InvalidArgument::class, fn () => $signer($request->withRequestTarget('/b')));
    }

    public function testABodyThatCannotBeRewoundIsRefused(): void
    {
        foreach (['kommo' => self::KOMMO . '/x', 'kayako' => self::HELPDESK, 'mor' => self::MOR] as $vendor => $url) {
            $stream = new NoSeekStream((new HttpFactory())->createStream('u=1'));
            $request = self::request('POST', $url)->withBody($stream);
            $refused = thrown(InvalidArgument::class, fn () => self::signer($vendor)($request));
            $this->assertStringContainsString('rewound', $refused->getMessage());
            $this->assertSame('u=1', $stream->getContents(), 'nothing was read');
        }
    }

    public function testAnApiKeyIsNotShown(): void
    {
        $signer = self::signer('kayako');
        $shown = \print_r($signer, true) . \var_export($signer, true) . \print_r((array) $signer, true);
        $this->assertStringNotContainsString('key & more', $shown);
        thrown(\LogicException::class, fn () => \serialize($signer));
    }
}
