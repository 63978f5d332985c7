<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Checked;
use Apisig\Framework\KommoGate;
use Apisig\ImbaChat;
use Apisig\InvalidArgument;
use Apisig\Kommo;
use Apisig\MemoryReplayStore;
use Apisig\Outcome;
use Apisig\Psr\ImbaChatLogin;
use Apisig\Psr\KommoWebhooks;
use Apisig\ReplayGuard;
use Apisig\ReplayStore;
use GuzzleHttp\Psr7\FnStream;
use GuzzleHttp\Psr7\HttpFactory;
use GuzzleHttp\Psr7\NoSeekStream;
use Nyholm\Psr7\Factory\Psr17Factory;
use PHPUnit\Framework\Attributes\DataProvider;
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

    /** @var list<Checked> what the callback was told */
    private array $checked = [];

    protected function setUp(): void
    {
        needPsr('GuzzleHttp/Psr7', 'Nyholm/Psr7', 'Psr/Log');
    }

    /** @return array<string, array{string}> */
    public static function factories(): array
    {
        return ['Guzzle' => [HttpFactory::class], 'Nyholm' => [Psr17Factory::class]];
    }

    /** Status and body of what the middleware answers; its handler, with 200 and the rest of the body. */
    private function answer(MiddlewareInterface $middleware, ServerRequestInterface $request): array
    {
        $answer = $middleware->process($request, new class implements RequestHandlerInterface {
            public function handle(ServerRequestInterface $request): ResponseInterface
            {
                $factory = new Psr17Factory();
                return $factory->createResponse()->withBody($factory->createStream($request->getBody()->getContents()));
            }
        });
        return [$answer->getStatusCode(), (string) $answer->getBody()];
    }

    /** The middleware, whose secret is "secret", with a callback that remembers. */
    private function middleware(mixed ...$arguments): KommoWebhooks
    {
        $arguments += ['onChecked' => function (Checked $checked): void {
            $this->checked[] = $checked;
        }];
        return new KommoWebhooks(new Kommo('new', ['secret']), ...($arguments + ['responses' => new HttpFactory()]));
    }

    private static function right(string $body = self::BODY): string
    {
        return \hash_hmac('sha1', $body, 'secret');
    }

    private static function webhook(string $body, array $signatures, string $factory = HttpFactory::class): ServerRequestInterface
    {
        $request = (new $factory())->createServerRequest('POST', '/webhook')->withBody((new $factory())->createStream($body));
        return $signatures === [] ? $request : $request->withHeader('x-signature', $signatures);
    }

    /** @dataProvider factories */
    #[DataProvider('factories')]
    public function testKommoWebhooks(string $factory): void
    {
        $middleware = $this->middleware(responses: new $factory());
        foreach ([self::BODY, self::BODY . "\n"] as $body) {
            foreach ([self::right(), \strtoupper(self::right())] as $signature) {
                $this->assertSame([200, $body], $this->answer($middleware, self::webhook($body, [$signature], $factory)));
            }
        }
        $read = self::webhook(self::BODY, [self::right()], $factory);
        $read->getBody()->getContents();
        $this->assertSame([200, self::BODY], $this->answer($middleware, $read), 'a body that was read before');
        foreach ([[], [''], ['0'], [self::right(), self::right()], [self::right('other')]] as $signatures) {
            $this->assertSame([401, ''], $this->answer($middleware, self::webhook(self::BODY, $signatures, $factory)));
        }
        $changed = self::webhook(self::BODY . ' ', [self::right()], $factory);
        $this->assertSame([401, ''], $this->answer($middleware, $changed));
    }

    public function testEachRequestIsHeardAndAdmittedOnce(): void
    {
        $logger = self::logger();
        $guard = new ReplayGuard(new MemoryReplayStore(), 'shop');
        $middleware = $this->middleware(guard: $guard, limit: 64, logger: $logger);
        $requests = [
            [401, self::BODY, 'x'],
            [401, self::BODY, \str_repeat('0', 40)],
            [413, \str_repeat('x', 65), self::right()],
            [200, self::BODY, self::right()],
            [401, self::BODY, \strtoupper(self::right())],
        ];
        foreach ($requests as [$status, $body, $signature]) {
            $this->assertSame($status, $this->answer($middleware, self::webhook($body, [$signature]))[0]);
        }
        $this->assertEquals([
            new Checked('kommo', Outcome::Malformed),
            new Checked('kommo', Outcome::Mismatch),
            new Checked('kommo', Outcome::TooLarge),
            new Checked('kommo', Outcome::Admitted, 1),
            new Checked('kommo', Outcome::Replayed, 1),
        ], $this->checked);
        $this->assertSame([
            'warning kommo: refused with 401: malformed []',
            'warning kommo: refused with 401: mismatch []',
            'warning kommo: refused with 413: too large []',
            'debug kommo: admitted by secret 1 []',
            'warning kommo: refused with 401: replayed []',
        ], $logger->lines);
    }

    public function testWhatIsNotSignedIsNotRemembered(): void
    {
        $store = $this->createMock(ReplayStore::class);
        $store->expects($this->never())->method('rememberIfNew');
        $middleware = $this->middleware(guard: new ReplayGuard($store, 'shop'));
        $this->answer($middleware, self::webhook(self::BODY, [\str_repeat('0', 40)]));
    }

    public function testNoBodyIsReadWhoseSignatureCannotBeOne(): void
    {
        $right = self::right();
        $others = ['', '0', \substr($right, 1), "{$right}0", 'g' . \substr($right, 1), "$right, $right"];
        foreach ([[], [$right, $right], ...\array_map(static fn (string $other) => [$other], $others)] as $signatures) {
            // Each method of this body throws.
            $request = self::webhook('', $signatures, Psr17Factory::class)->withBody(new FnStream([]));
            $this->assertSame(401, $this->answer($this->middleware(), $request)[0]);
            $this->assertEquals(new Checked('kommo', Outcome::Malformed), \array_pop($this->checked));
        }
    }

    /** @dataProvider factories */
    #[DataProvider('factories')]
    public function testABodyIsReadUpToTheLimit(string $factory): void
    {
        foreach ([10 => 200, 11 => 413] as $length => $status) {
            $body = \str_repeat('x', $length);
            $request = self::webhook($body, [self::right($body)], $factory);
            $sizeless = FnStream::decorate($request->getBody(), ['getSize' => static fn () => null]);
            foreach ([$request, $request->withBody($sizeless)] as $presented) {
                $answer = $this->answer($this->middleware(responses: new $factory(), limit: 10), $presented);
                $this->assertSame([$status, $status === 200 ? $body : ''], $answer);
            }
        }
        thrown(InvalidArgument::class, fn () => $this->middleware(limit: -1));
    }

    /** PHP keeps no body of multipart/form-data, and has read its fields: they would not be verified. */
    public function testAnEmptyBodyIsRefusedWhateverSignedIt(): void
    {
        $request = self::webhook('', [self::right('')])->withParsedBody(['a' => 'evil']);
        $this->assertSame(401, $this->answer($this->middleware(), $request)[0]);
    }

    public function testStreamsThatAreNoBody(): void
    {
        $parts = ['signed', '', ' unsigned'];
        $read = 0;
        $stream = static fn (\Closure $read): FnStream => new FnStream([
            'isReadable' => static fn () => true,
            'isSeekable' => static fn () => true,
            'getSize' => static fn () => null,
            'rewind' => static fn () => null,
            'eof' => static fn () => false,
            'read' => $read,
        ]);
        $pausing = $stream(static function () use (&$parts): string {
            return \array_shift($parts) ?? '';
        });
        $endless = $stream(static function (int $length) use (&$read): string {
            $read += $length;
            return \str_repeat('x', $length);
        });
        $request = self::webhook('', [self::right('signed')]);
        $this->assertSame(413, $this->answer($this->middleware(), $request->withBody($endless))[0]);
        $this->assertLessThanOrEqual(KommoGate::LIMIT + 65536, $read);
        $unseekable = new NoSeekStream((new HttpFactory())->createStream('signed'));
        foreach ([$pausing, $unseekable] as $body) {
            thrown(InvalidArgument::class, fn () => $this->answer($this->middleware(), $request->withBody($body)));
        }
    }

    public function testWhatTheCallbackThrowsIsThrown(): void
    {
        $throws = static fn () => throw new \RuntimeException('full');
        $handler = $this->createMock(RequestHandlerInterface::class);
        $handler->expects($this->never())->method('handle');
        $this->expectExceptionMessage('full');
        $this->middleware(onChecked: $throws)->process(self::webhook(self::BODY, [self::right()]), $handler);
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

    /** @dataProvider factories */
    #[DataProvider('factories')]
    public function testImbaChatLogin(string $factory): void
    {
        $logger = self::logger();
        $middleware = new ImbaChatLogin('root', 'abc', new $factory(), new $factory(), $logger);
        $request = (new $factory())->createServerRequest('GET', '/users');
        $basic = static fn (string $login): string => 'Basic ' . \base64_encode($login);
        foreach (['root:abc' => 200, 'ROOT:abc' => 200, 'root:abd' => 401, 'root' => 401, '' => 401] as $login => $status) {
            $presented = $request->withHeader('authorization', $basic((string) $login));
            $this->assertSame($status, $this->answer($middleware, $presented)[0], (string) $login);
        }
        $twice = $request->withHeader('Authorization', [$basic('root:abc'), $basic('root:abc')]);
        $this->assertSame(401, $this->answer($middleware, $twice)[0]);
        $page = ImbaChat::unauthorized();
        $this->assertSame([$page->status, $page->body], $this->answer($middleware, $request));
        $answer = $middleware->process($request, $this->createMock(RequestHandlerInterface::class));
        foreach ($page->headers as $name => $value) {
            $this->assertSame($value, $answer->getHeaderLine($name));
        }
        $this->assertSame('debug imbachat: admitted by secret 0 []', $logger->lines[0]);
        $this->assertSame('warning imbachat: refused with 401: mismatch []', $logger->lines[2]);
        foreach (['abc' => 200, 'abd' => 401] as $password => $status) {
            $server = ['PHP_AUTH_USER' => 'root', 'PHP_AUTH_PW' => $password];
            $request = (new $factory())->createServerRequest('GET', '/users', $server);
            $this->assertSame($status, $this->answer($middleware, $request)[0]);
            $header = $request->withHeader('Authorization', $basic('root:no'));
            $this->assertSame(401, $this->answer($middleware, $header)[0], 'the header comes first');
        }
    }

    public function testAPasswordIsRequiredAndNotShown(): void
    {
        $make = static fn (string $login, string $password): ImbaChatLogin =>
            new ImbaChatLogin($login, $password, new HttpFactory(), new HttpFactory());
        foreach ([['', 'a-b-c'], ['root', '']] as $arguments) {
            thrown(InvalidArgument::class, fn () => $make(...$arguments));
        }
        $middleware = $make('root', 'a-b-c');
        $shown = \print_r($middleware, true) . \var_export($middleware, true) . \print_r((array) $middleware, true);
        $this->assertStringNotContainsString('a-b-c', $shown);
        thrown(\LogicException::class, fn () => \serialize($middleware));
    }
}
