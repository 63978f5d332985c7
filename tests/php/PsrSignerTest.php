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
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\RequestInterface;

/**
 * The signers of PSR-7 requests, of Guzzle's kind and of Nyholm's: what is signed is what stands in the request afterwards.
 */
final class PsrSignerTest extends TestCase
{
    private const FORM = ['Content-Type' => 'application/x-www-form-urlencoded; charset=UTF-8'];
    private const HELPDESK = 'https://help.example.com/api/index.php';
    private const MOR = 'https://mor.example.com/billing/api';

    /** @return array<string, array{string}> */
    public function factories(): array
    {
        return ['Guzzle' => [HttpFactory::class], 'Nyholm' => [Psr17Factory::class]];
    }

    protected function setUp(): void
    {
        needPsr('GuzzleHttp/Psr7', 'Nyholm/Psr7');
    }

    /** @param array<string, string> $headers */
    private function request(
        string $factory,
        string $method,
        string $url,
        array $headers = [],
        string $body = ''
    ): RequestInterface {
        $request = (new $factory())->createRequest($method, $url)->withBody((new $factory())->createStream($body));
        foreach ($headers as $name => $value) {
            $request = $request->withHeader($name, $value);
        }
        return $request;
    }

    /** @dataProvider factories */
    public function testKommo(string $factory): void
    {
        $kommo = new Kommo('secret');
        $signer = new KommoSigner($kommo);
        $bodies = ['', '{}', "{\"a\":1}\n", \random_bytes(100000)];
        foreach (['GET', 'POST', 'PATCH', 'DELETE'] as $method) {
            foreach ($bodies as $body) {
                $url = 'https://amojo.kommo.com/v2/origin/custom/1_2/chats/%D1%8F/history?offset=1';
                $request = $this->request($factory, $method, $url, ['content-type' => 'text/plain', 'X-A' => 'b'], $body);
                $request->getBody()->seek(\min(1, \strlen($body)));
                foreach (['sign', '__invoke'] as $name) {
                    $signed = $signer->$name($request);
                    $this->assertSame(0, $signed->getBody()->tell(), 'it is rewound');
                    $this->assertSame($body, $signed->getBody()->getContents());
                    $target = $signed->getRequestTarget();
                    $this->assertTrue($kommo->verify($signed->getMethod(), $target, $body, $signed->getHeaders()));
                    $this->assertSame(['application/json'], $signed->getHeader('Content-Type'));
                    $this->assertSame(['b'], $signed->getHeader('X-A'));
                }
                $this->assertFalse($request->hasHeader('X-Signature'), 'the request itself stays as it is');
            }
        }
        $root = $signer($this->request($factory, 'GET', 'https://amojo.kommo.com'));
        $this->assertTrue($kommo->verify('GET', '/', '', $root->getHeaders()));
        $twice = $signer($signer($this->request($factory, 'GET', 'https://amojo.kommo.com/x')));
        $this->assertTrue($kommo->verify('GET', '/x', '', $twice->getHeaders()), 'signed again, it holds as well');
    }

    /** @dataProvider factories */
    public function testKayako(string $factory): void
    {
        $kayako = new Kayako('secret');
        $signer = new KayakoSigner($kayako, 'key & more', new $factory());
        foreach (['GET', 'DELETE'] as $method) {
            $signed = $signer->sign($this->request($factory, $method, self::HELPDESK . '?e=/Base/User&a=%2B+1'));
            $query = $signed->getUri()->getQuery();
            $this->assertStringStartsWith('e=/Base/User&a=%2B+1&apikey=key', $query);
            $this->assertTrue($kayako->verifyRequest('key & more', $query));
            $this->assertSame('', (string) $signed->getBody());
        }
        $route = $this->request($factory, 'GET', self::HELPDESK . '?/Base/User/1');
        $this->assertStringStartsWith('/Base/User/1&apikey=', $signer($route)->getUri()->getQuery());
        foreach (['a=%2B+1&b[]=2', ''] as $form) {
            $post = $signer($this->request($factory, 'POST', self::HELPDESK . '?e=/Base/User', self::FORM, $form));
            $this->assertSame('e=/Base/User', $post->getUri()->getQuery());
            $this->assertTrue($kayako->verifyRequest('key & more', (string) $post->getBody()));
            $this->assertStringStartsWith($form === '' ? 'apikey=' : "$form&apikey=", (string) $post->getBody());
            $this->assertSame((string) \strlen((string) $post->getBody()), $post->getHeaderLine('Content-Length'));
            $this->assertSame(self::FORM['Content-Type'], $post->getHeaderLine('Content-Type'));
        }
        $put = $signer($this->request($factory, 'PUT', self::HELPDESK . '?e=/Base/User/1', self::FORM, 'a=1'));
        \parse_str($put->getUri()->getQuery(), $query);
        \parse_str((string) $put->getBody(), $body);
        $this->assertSame(['e' => '/Base/User/1', 'a' => '1'], \array_diff_key($query, $body) + \array_diff_key($body, $query));
        $this->assertTrue($kayako->verifyRequest('key & more', $body));
        $empty = $signer($this->request($factory, 'POST', self::HELPDESK));
        $this->assertSame('application/x-www-form-urlencoded', $empty->getHeaderLine('Content-Type'));
    }

    /** @dataProvider factories */
    public function testMor(string $factory): void
    {
        $mor = new Mor('secret');
        $signer = new MorSigner($mor, new $factory());
        $parameters = ['u' => 'admin', 'username' => 'a+b=c&ü', 'currency' => 'EUR'];
        $form = \http_build_query($parameters);
        $request = $this->request($factory, 'POST', self::MOR . '/user_balance_get', self::FORM, $form);
        $hash = $mor->signRequest('user_balance_get', $parameters);
        $signed = $signer($request);
        $this->assertSame("$form&hash=$hash", (string) $signed->getBody());
        $this->assertSame((string) \strlen("$form&hash=$hash"), $signed->getHeaderLine('Content-Length'));
        $this->assertSame($form, (string) $request->getBody());
        // = that is not encoded, names without a value, and nothing between two &.
        $odd = $this->request($factory, 'POST', self::MOR . '/user_balance_get', self::FORM, 'username=a=b&&u&currency=EUR');
        $hash = $mor->signRequest('user_balance_get', ['username' => 'a=b', 'currency' => 'EUR']);
        $this->assertStringEndsWith("&hash=$hash", (string) $signer($odd)->getBody());
        $alone = $signer($this->request($factory, 'POST', self::MOR . '/user_balance_get'));
        $this->assertSame('hash=' . \sha1('secret'), (string) $alone->getBody());
        $allowing = new MorSigner($mor, new $factory(), allowGet: true);
        $query = $allowing($this->request($factory, 'GET', self::MOR . "/user_balance_get?$form"))->getUri()->getQuery();
        $this->assertSame("$form&hash=" . $mor->signRequest('user_balance_get', $parameters), $query);
        $this->assertEquals((string) $signed->getBody(), (string) $allowing($request)->getBody());
        try {
            $signer($this->request($factory, 'POST', self::MOR . '/no_such_method'));
            $this->fail();
        } catch (Exception $exception) {
            $this->assertSame(Status::Method, $exception->status);
        }
    }

    /** @return array<string, array{string, string, string, 3?: array<string, string>, 4?: string}> */
    public function refused(): array
    {
        [$kommo, $form] = ['https://amojo.kommo.com', self::FORM];
        return [
            'Kommo: dot segments' => ['kommo', 'GET', "$kommo/v2/../x"],
            'Kommo: a dot segment at the end' => ['kommo', 'GET', "$kommo/v2/."],
            'Kommo: encoded without need' => ['kommo', 'GET', "$kommo/v2/%7e1"],
            'Kommo: a relative path' => ['kommo', 'GET', 'v2/origin'],
            'Kayako: another method' => ['kayako', 'PATCH', self::HELPDESK],
            'Kayako: signed already' => ['kayako', 'GET', self::HELPDESK . '?e=/A&%73alt=1'],
            'Kayako: signed already, in the body' => ['kayako', 'POST', self::HELPDESK, $form, 'a=1&signature[]=2'],
            'Kayako: JSON' => ['kayako', 'POST', self::HELPDESK, ['Content-Type' => 'application/json'], '{}'],
            'Kayako: multipart' => ['kayako', 'POST', self::HELPDESK, ['Content-Type' => 'multipart/form-data; boundary=a']],
            'Kayako: no content type' => ['kayako', 'POST', self::HELPDESK, [], 'a=1'],
            'MOR: GET' => ['mor', 'GET', self::MOR . '/user_balance_get'],
            'MOR: a query' => ['mor', 'POST', self::MOR . '/user_balance_get?username=a', $form],
            'MOR: another path' => ['mor', 'POST', 'https://mor.example.com/billing/user_balance_get', $form],
            'MOR: more path' => ['mor', 'POST', self::MOR . '/user_balance_get/x', $form],
            'MOR: signed already' => ['mor', 'POST', self::MOR . '/user_balance_get', $form, 'hash=1'],
            'MOR: a value of the wrong type' => ['mor', 'POST', self::MOR . '/devices_get', $form, 'user_id=007'],
            'MOR: a parameter twice' => ['mor', 'POST', self::MOR . '/user_balance_get', $form, 'username=a&username=b'],
            'MOR: an array' => ['mor', 'POST', self::MOR . '/user_balance_get', $form, 'username[]=a'],
            'MOR: two readings' => ['mor', 'POST', self::MOR . '/user_balance_get', $form, 'u=a;username=b'],
        ];
    }

    /**
     * @dataProvider refused
     * @param array<string, string> $headers
     */
    public function testRefused(string $signer, string $method, string $url, array $headers = [], string $body = ''): void
    {
        $request = $this->request(HttpFactory::class, $method, $url, $headers, $body);
        $this->expectException(InvalidArgument::class);
        $this->signers()[$signer]->sign($request);
    }

    public function testAnotherHostIsRefused(): void
    {
        $signer = new KommoSigner(new Kommo('secret'), 'amojo.kommo.com');
        $request = $this->request(HttpFactory::class, 'POST', 'https://AMOJO.kommo.com/x');
        $this->assertNotSame('', $signer->sign($request)->getHeaderLine('X-Signature'));
        $this->expectException(InvalidArgument::class);
        $this->expectExceptionMessage('another host');
        $signer->sign($this->request(HttpFactory::class, 'POST', 'https://evil.example/x'));
    }

    public function testAnotherRequestTargetIsRefused(): void
    {
        $request = $this->request(Psr17Factory::class, 'GET', 'https://amojo.kommo.com/a?b');
        $this->assertTrue((new KommoSigner(new Kommo('secret')))($request->withRequestTarget('/a?c'))->hasHeader('Date'));
        $this->expectException(InvalidArgument::class);
        (new KommoSigner(new Kommo('secret')))($request->withRequestTarget('/b'));
    }

    public function testABodyThatCannotBeRewoundIsRefused(): void
    {
        $urls = ['kommo' => 'https://amojo.kommo.com/x', 'kayako' => self::HELPDESK, 'mor' => self::MOR . '/user_balance_get'];
        foreach ($this->signers() as $name => $signer) {
            $stream = new NoSeekStream((new HttpFactory())->createStream('u=1'));
            $request = $this->request(HttpFactory::class, 'POST', $urls[$name], self::FORM)->withBody($stream);
            try {
                $signer($request);
                $this->fail($name);
            } catch (InvalidArgument $refused) {
                $this->assertStringContainsString('rewound', $refused->getMessage());
                $this->assertSame('u=1', $stream->getContents(), 'nothing was read');
            }
        }
    }

    public function testAnApiKeyIsNotShown(): void
    {
        $signer = $this->signers()['kayako'];
        foreach ([\print_r($signer, true), \var_export($signer, true), \print_r((array) $signer, true)] as $shown) {
            $this->assertStringNotContainsString('a-b-c', $shown);
        }
        $this->expectException(\LogicException::class);
        \serialize($signer);
    }

    /** @return array<string, Signer> */
    private function signers(): array
    {
        return [
            'kommo' => new KommoSigner(new Kommo('secret')),
            'kayako' => new KayakoSigner(new Kayako('secret'), 'a-b-c', new HttpFactory()),
            'mor' => new MorSigner(new Mor('secret'), new HttpFactory()),
        ];
    }
}
