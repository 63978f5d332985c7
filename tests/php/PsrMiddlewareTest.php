<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\ImbaChat;
use Apisig\InvalidArgument;
use Apisig\Kommo;
use Apisig\MemoryReplayStore;
use Apisig\Psr\ImbaChatLogin;
use Apisig\Psr\KommoWebhook;
use Apisig\ReplayGuard;
use Apisig\ReplayStore;
use GuzzleHttp\Psr7\HttpFactory;
use GuzzleHttp\Psr7\NoSeekStream;
use Nyholm\Psr7\Factory\Psr17Factory;
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Server\MiddlewareInterface;
use Psr\Http\Server\RequestHandlerInterface;

/**
 * The PSR-15 middleware: what reaches the handler behind it, and what is answered otherwise.
 */
final class PsrMiddlewareTest extends TestCase
{
    private const BODY = '{"message":"Zoë"}';

    /** @return array<string, array{string}> */
    public function factories(): array
    {
        return ['Guzzle' => [HttpFactory::class], 'Nyholm' => [Psr17Factory::class]];
    }

    protected function setUp(): void
    {
        needPsr('GuzzleHttp/Psr7', 'Nyholm/Psr7');
    }

    /** What the middleware answers; its handler, with 200 and the rest of the body. */
    private function answer(MiddlewareInterface $middleware, ServerRequestInterface $request): ResponseInterface
    {
        return $middleware->process($request, new class implements RequestHandlerInterface {
            public function handle(ServerRequestInterface $request): ResponseInterface
            {
                $factory = new Psr17Factory();
                return $factory->createResponse()->withBody($factory->createStream($request->getBody()->getContents()));
            }
        });
    }

    private function webhook(string $factory, string $body, string ...$signatures): ServerRequestInterface
    {
        $request = (new $factory())->createServerRequest('POST', '/webhook')->withBody((new $factory())->createStream($body));
        return $signatures === [] ? $request : $request->withHeader('x-signature', $signatures);
    }

    /** @dataProvider factories */
    public function testKommoWebhook(string $factory): void
    {
        $middleware = new KommoWebhook(new Kommo('new', previousSecrets: ['secret']), new $factory());
        $signature = \hash_hmac('sha1', self::BODY, 'secret');
        foreach ([self::BODY, self::BODY . "\n"] as $body) {
            foreach ([$signature, \strtoupper($signature)] as $presented) {
                $answer = $this->answer($middleware, $this->webhook($factory, $body, $presented));
                $this->assertSame([200, $body], [$answer->getStatusCode(), (string) $answer->getBody()]);
            }
        }
        $read = $this->webhook($factory, self::BODY, $signature);
        $read->getBody()->getContents();
        $this->assertSame(self::BODY, (string) $this->answer($middleware, $read)->getBody(), 'a body that was read before');
        $others = [[], [''], ['0'], [$signature, $signature], [\hash_hmac('sha1', self::BODY, 'other')]];
        foreach ($others as $presented) {
            $answer = $this->answer($middleware, $this->webhook($factory, self::BODY, ...$presented));
            $this->assertSame([401, ''], [$answer->getStatusCode(), (string) $answer->getBody()]);
        }
        $changed = $this->answer($middleware, $this->webhook($factory, self::BODY . ' ', $signature));
        $this->assertSame(401, $changed->getStatusCode());
    }

    public function testAWebhookIsLetThroughOnce(): void
    {
        $guard = new ReplayGuard(new MemoryReplayStore());
        $middleware = new KommoWebhook(new Kommo('secret'), new HttpFactory(), $guard);
        $signature = \hash_hmac('sha1', self::BODY, 'secret');
        $statuses = [];
        foreach (['0', $signature, $signature, \strtoupper($signature)] as $presented) {
            $request = $this->webhook(HttpFactory::class, self::BODY, $presented);
            $statuses[] = $this->answer($middleware, $request)->getStatusCode();
        }
        $this->assertSame([401, 200, 401, 401], $statuses);
    }

    public function testWhatIsNotSignedIsNotRemembered(): void
    {
        $store = $this->createMock(ReplayStore::class);
        $store->expects($this->never())->method('rememberIfNew');
        $middleware = new KommoWebhook(new Kommo('secret'), new HttpFactory(), new ReplayGuard($store));
        $this->answer($middleware, $this->webhook(HttpFactory::class, self::BODY, \str_repeat('0', 40)));
    }

    public function testABodyThatCannotBeRewoundIsRefused(): void
    {
        $request = $this->webhook(HttpFactory::class, self::BODY, \hash_hmac('sha1', self::BODY, 'secret'));
        $request = $request->withBody(new NoSeekStream($request->getBody()));
        $this->expectException(InvalidArgument::class);
        $this->answer(new KommoWebhook(new Kommo('secret'), new HttpFactory()), $request);
    }

    /** @dataProvider factories */
    public function testImbaChatLogin(string $factory): void
    {
        $middleware = new ImbaChatLogin('root', 'abc', new $factory(), new $factory());
        $request = (new $factory())->createServerRequest('GET', '/users');
        foreach (['root:abc' => 200, 'ROOT:abc' => 200, 'root:abd' => 401, 'root' => 401, '' => 401] as $login => $status) {
            $presented = $request->withHeader('authorization', 'Basic ' . \base64_encode((string) $login));
            $this->assertSame($status, $this->answer($middleware, $presented)->getStatusCode(), (string) $login);
        }
        $twice = $request->withHeader('Authorization', \array_fill(0, 2, 'Basic ' . \base64_encode('root:abc')));
        $this->assertSame(401, $this->answer($middleware, $twice)->getStatusCode());
        $answer = $this->answer($middleware, $request);
        $page = ImbaChat::unauthorized();
        $this->assertSame([$page->status, $page->body], [$answer->getStatusCode(), (string) $answer->getBody()]);
        foreach ($page->headers as $name => $value) {
            $this->assertSame($value, $answer->getHeaderLine($name));
        }
    }

    /** @dataProvider factories */
    public function testImbaChatLoginThatPhpHasRead(string $factory): void
    {
        $middleware = new ImbaChatLogin('root', 'abc', new $factory(), new $factory());
        foreach (['abc' => 200, 'abd' => 401] as $password => $status) {
            $server = ['PHP_AUTH_USER' => 'root', 'PHP_AUTH_PW' => $password];
            $request = (new $factory())->createServerRequest('GET', '/users', $server);
            $this->assertSame($status, $this->answer($middleware, $request)->getStatusCode());
            $header = $request->withHeader('Authorization', 'Basic ' . \base64_encode('root:no'));
            $this->assertSame(401, $this->answer($middleware, $header)->getStatusCode(), 'the header comes first');
        }
    }

    public function testOwnMistakesOfImbaChatLogin(): void
    {
        foreach ([['', 'abc'], ['root', '']] as [$login, $password]) {
            try {
                new ImbaChatLogin($login, $password, new HttpFactory(), new HttpFactory());
                $this->fail("$login $password");
            } catch (InvalidArgument $mistake) {
                $this->assertNotSame('', $mistake->getMessage());
            }
        }
    }

    public function testAPasswordIsNotShown(): void
    {
        $middleware = new ImbaChatLogin('root', 'a-b-c', new HttpFactory(), new HttpFactory());
        foreach ([\print_r($middleware, true), \var_export($middleware, true), \print_r((array) $middleware, true)] as $shown) {
            $this->assertStringNotContainsString('a-b-c', $shown);
        }
        $this->expectException(\LogicException::class);
        \serialize($middleware);
    }
}
