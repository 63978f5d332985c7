<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Checked;
use Apisig\ImbaChat;
use Apisig\InvalidArgument;
use Apisig\Kommo;
use Apisig\MemoryReplayStore;
use Apisig\Outcome;
use Apisig\Psr\ImbaChatLogin;
use Apisig\Psr\KommoWebhook;
use Apisig\ReplayGuard;
use Apisig\ReplayStore;
use GuzzleHttp\Psr7\FnStream;
use GuzzleHttp\Psr7\HttpFactory;
use GuzzleHttp\Psr7\NoSeekStream;
use Nyholm\Psr7\Factory\Psr17Factory;
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Server\MiddlewareInterface;
use Psr\Http\Server\RequestHandlerInterface;
use Psr\Log\AbstractLogger;

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
        needPsr('GuzzleHttp/Psr7', 'Nyholm/Psr7', 'Psr/Log');
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
        $guard = new ReplayGuard(new MemoryReplayStore(), 'shop');
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
        $middleware = new KommoWebhook(new Kommo('secret'), new HttpFactory(), new ReplayGuard($store, 'shop'));
        $this->answer($middleware, $this->webhook(HttpFactory::class, self::BODY, \str_repeat('0', 40)));
    }

    /** @return list<array{list<string>}> */
    public function impossibleSignatures(): array
    {
        $right = \hash_hmac('sha1', self::BODY, 'secret');
        $others = ['', '0', \substr($right, 1), "{$right}0", 'g' . \substr($right, 1), "$right, $right"];
        return [[[]], [[$right, $right]], ...\array_map(static fn (string $other) => [[$other]], $others)];
    }

    /**
     * @dataProvider impossibleSignatures
     * @param list<string> $presented
     */
    public function testNoBodyIsReadWhoseSignatureCannotBeOne(array $presented): void
    {
        $request = $this->webhook(Psr17Factory::class, '', ...$presented);
        // Each of its methods throws.
        $untouchable = new FnStream([]);
        $checked = [];
        $middleware = new KommoWebhook(new Kommo('secret'), new HttpFactory(), onChecked: self::into($checked));
        $this->assertSame(401, $this->answer($middleware, $request->withBody($untouchable))->getStatusCode());
        $this->assertEquals([new Checked('kommo', Outcome::Malformed)], $checked);
    }

    /** @dataProvider factories */
    public function testABodyIsReadUpToTheLimit(string $factory): void
    {
        foreach ([10 => 200, 11 => 413] as $length => $status) {
            $body = \str_repeat('x', $length);
            $request = $this->webhook($factory, $body, \hash_hmac('sha1', $body, 'secret'));
            $sizeless = FnStream::decorate($request->getBody(), ['getSize' => static fn () => null]);
            $middleware = new KommoWebhook(new Kommo('secret'), new $factory(), limit: 10);
            foreach ([$request, $request->withBody($sizeless)] as $presented) {
                $answer = $this->answer($middleware, $presented);
                $this->assertSame([$status, $status === 200 ? $body : ''], [$answer->getStatusCode(), (string) $answer->getBody()]);
            }
        }
    }

    /** PHP keeps no body of multipart/form-data, and has read its fields: they would not be verified. */
    public function testAnEmptyBodyIsRefusedWhateverSignedIt(): void
    {
        $kommo = new Kommo('secret');
        $request = $this->webhook(HttpFactory::class, '', $kommo->signWebhook(''))->withParsedBody(['a' => 'evil']);
        $this->assertSame(401, $this->answer(new KommoWebhook($kommo, new HttpFactory()), $request)->getStatusCode());
    }

    public function testABodyThatEndsBeforeItsEndIsAnError(): void
    {
        $parts = ['signed', '', ' unsigned'];
        $stream = new FnStream([
            'isReadable' => static fn () => true,
            'isSeekable' => static fn () => true,
            'getSize' => static fn () => null,
            'rewind' => static fn () => null,
            'eof' => static fn () => false,
            'read' => static function () use (&$parts): string {
                return \array_shift($parts) ?? '';
            },
        ]);
        $kommo = new Kommo('secret');
        $request = $this->webhook(HttpFactory::class, '', $kommo->signWebhook('signed'))->withBody($stream);
        $this->expectException(InvalidArgument::class);
        $this->answer(new KommoWebhook($kommo, new HttpFactory()), $request);
    }

    public function testOfABodyWithoutEndNoMoreIsReadThanTheLimit(): void
    {
        $read = 0;
        $endless = new FnStream([
            'isReadable' => static fn () => true,
            'isSeekable' => static fn () => true,
            'getSize' => static fn () => null,
            'rewind' => static fn () => null,
            'eof' => static fn () => false,
            'read' => static function (int $length) use (&$read): string {
                $read += $length;
                return \str_repeat('x', $length);
            },
        ]);
        $request = $this->webhook(HttpFactory::class, '', \str_repeat('0', 40))->withBody($endless);
        $answer = $this->answer(new KommoWebhook(new Kommo('secret'), new HttpFactory()), $request);
        $this->assertSame(413, $answer->getStatusCode());
        $this->assertLessThanOrEqual(KommoWebhook::LIMIT + 65536, $read);
    }

    public function testEachRequestIsHeard(): void
    {
        [$logger, $checked] = [self::logger(), []];
        $guard = new ReplayGuard(new MemoryReplayStore(), 'shop');
        $kommo = new Kommo('new', previousSecrets: ['secret']);
        $middleware = new KommoWebhook($kommo, new HttpFactory(), $guard, 64, $logger, self::into($checked));
        $right = \hash_hmac('sha1', self::BODY, 'secret');
        $requests = [[self::BODY, 'x'], [self::BODY, \str_repeat('0', 40)], [\str_repeat('x', 65), $right]];
        foreach ([...$requests, [self::BODY, $right], [self::BODY, $right]] as [$body, $signature]) {
            $this->answer($middleware, $this->webhook(HttpFactory::class, $body, $signature));
        }
        $this->assertEquals([
            new Checked('kommo', Outcome::Malformed),
            new Checked('kommo', Outcome::Mismatch),
            new Checked('kommo', Outcome::TooLarge),
            new Checked('kommo', Outcome::Admitted, 1),
            new Checked('kommo', Outcome::Replayed, 1),
        ], $checked);
        $this->assertSame([
            'warning kommo: refused with 401: malformed []',
            'warning kommo: refused with 401: mismatch []',
            'warning kommo: refused with 413: too large []',
            'debug kommo: admitted by secret 1 []',
            'warning kommo: refused with 401: replayed []',
        ], $logger->lines);
    }

    public function testEachLoginIsHeard(): void
    {
        [$logger, $checked] = [self::logger(), []];
        $middleware = new ImbaChatLogin('root', 'abc', new HttpFactory(), new HttpFactory(), $logger, self::into($checked));
        $right = 'Basic ' . \base64_encode('root:abc');
        foreach ([[], [$right, $right], ['x'], [$right]] as $presented) {
            $request = (new HttpFactory())->createServerRequest('GET', '/users');
            $this->answer($middleware, $presented === [] ? $request : $request->withHeader('Authorization', $presented));
        }
        $this->assertEquals([
            new Checked('imbachat', Outcome::Mismatch),
            new Checked('imbachat', Outcome::Mismatch),
            new Checked('imbachat', Outcome::Mismatch),
            new Checked('imbachat', Outcome::Admitted, 0),
        ], $checked);
        $this->assertSame('warning imbachat: refused with 401: mismatch []', $logger->lines[2]);
        $this->assertSame('debug imbachat: admitted by secret 0 []', $logger->lines[3]);
    }

    public function testWhatTheCallbackThrowsIsThrown(): void
    {
        $throws = static fn () => throw new \RuntimeException('full');
        $request = $this->webhook(HttpFactory::class, self::BODY, \hash_hmac('sha1', self::BODY, 'secret'));
        $handler = $this->createMock(RequestHandlerInterface::class);
        $handler->expects($this->never())->method('handle');
        $this->expectExceptionMessage('full');
        (new KommoWebhook(new Kommo('secret'), new HttpFactory(), onChecked: $throws))->process($request, $handler);
    }

    public function testANegativeLimit(): void
    {
        $this->expectException(InvalidArgument::class);
        new KommoWebhook(new Kommo('secret'), new HttpFactory(), limit: -1);
    }

    /** @param list<Checked> $checked */
    private static function into(array &$checked): \Closure
    {
        return static function (Checked $one) use (&$checked): void {
            $checked[] = $one;
        };
    }

    private static function logger(): AbstractLogger
    {
        return new class extends AbstractLogger {
            /** @var list<string> */
            public array $lines = [];

            public function log($level, $message, array $context = []): void
            {
                $this->lines[] = "$level $message " . \json_encode($context);
            }
        };
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
