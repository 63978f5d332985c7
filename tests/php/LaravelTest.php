<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Checked;
use Apisig\Framework\DiagnoseCommand;
use Apisig\Framework\RequestChecked;
use Apisig\Framework\Settings;
use Apisig\ImbaChat;
use Apisig\InvalidArgument;
use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\Laravel\ApisigServiceProvider;
use Apisig\LibraryUnavailable;
use Apisig\MemoryReplayStore;
use Apisig\Mor;
use Apisig\Outcome;
use Apisig\Psr\KommoSigner;
use Apisig\ReplayGuard;
use Apisig\ReplayStore;
use Apisig\Testing\FakeImbaChat;
use Apisig\Testing\FakeKommo;
use Apisig\Testing\FakeRequest;
use Apisig\Testing\FixedClock;
use Apisig\VerificationFailed;
use GuzzleHttp\Promise\FulfilledPromise;
use GuzzleHttp\Psr7\Request as PsrRequest;
use GuzzleHttp\Psr7\Response as PsrResponse;
use Illuminate\Cache\CacheManager;
use Illuminate\Config\Repository;
use Illuminate\Container\Container;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Events\Dispatcher;
use Illuminate\Http\Client\Factory;
use Illuminate\Http\Response;
use Illuminate\Routing\Router;
use Illuminate\Support\Facades\Facade;
use Illuminate\Support\Facades\Http;
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\RequestInterface;
use Psr\Log\AbstractLogger;
use Psr\Log\LoggerInterface;
use Symfony\Component\Console\Tester\CommandTester;

/**
 * The service provider for Laravel, with its own container, configuration, cache, events, router and HTTP client, of version 8.
 * Stand-ins: the application and the exception handler, which Debian 12 lacks. `make trust` has a whole
 * application, with Laravel 10.
 */
final class LaravelTest extends TestCase
{
    private Container $app;

    /** @var list<Checked> */
    private array $events = [];

    private LoggerInterface $log;

    protected function setUp(): void
    {
        needPsr('GuzzleHttp', 'Illuminate/Container', 'Illuminate/Http', 'Illuminate/Cache', 'Illuminate/Console', 'Psr/Log');
        needPsr('Illuminate/Config', 'Illuminate/Events', 'Illuminate/Routing', 'PhpOption', 'Dotenv');
        $environment = ['KOMMO_SECRET' => 'secret', 'KOMMO_PREVIOUS_SECRETS' => 'old', 'APP_NAME' => 'shop'];
        $environment += ['IMBACHAT_LOGIN' => 'root', 'IMBACHAT_PASSWORD' => 'a-b-c', 'MOR_SECRET' => 'secret'];
        $environment += ['MOR_URL' => 'https://mor.example.com', 'KAYAKO_SECRET' => 'secret', 'KAYAKO_API_KEY' => 'key'];
        $environment += ['KAYAKO_URL' => 'https://help.example.com', 'APISIG_LONGEST' => '60'];
        foreach ($environment as $name => $value) {
            $_ENV[$name] = $value;
        }
        $this->app = $this->application(['default' => 'array', 'stores' => ['array' => ['driver' => 'array'], 'null' => ['driver' => 'null']]]);
        $this->boot();
        \array_map(static function (string $name): void {
            unset($_ENV[$name]);
        }, \array_keys($environment));
    }

    private function boot(): void
    {
        $provider = new ApisigServiceProvider($this->app);
        $provider->register();
        $provider->boot();
    }

    private function application(array $cache): Container
    {
        $app = new class extends Container {
            public bool $runsTests = true;

            public function runningUnitTests(): bool
            {
                return $this->runsTests;
            }

            public function basePath(string $path): string
            {
                return "/srv/$path";
            }
        };
        Container::setInstance($app);
        Facade::clearResolvedInstances();
        Facade::setFacadeApplication($app);
        $events = new Dispatcher($app);
        $events->listen(RequestChecked::class, function (RequestChecked $event): void {
            $this->events[] = $event->checked;
        });
        $this->log = new class extends AbstractLogger {
            /** @var list<string> */
            public array $lines = [];

            public function log($level, $message, array $context = []): void
            {
                $this->lines[] = "$level $message";
            }
        };
        $app->instance('config', new Repository(['cache' => $cache]));
        $app->instance('events', $events);
        $app->instance('cache', new CacheManager($app));
        $app->instance('router', new Router($events, $app));
        $app->instance(LoggerInterface::class, $this->log);
        $app->instance(\Illuminate\Contracts\Container\Container::class, $app);
        $app->singleton(Factory::class);
        return $app;
    }

    private function route(string $method, string $middleware): void
    {
        $this->app->make('router')->$method('/hook', fn () => new Response('reached'))->middleware($middleware);
    }

    private function answer(FakeRequest $sent): array
    {
        $response = $this->app->make('router')->dispatch($sent->to('/hook')->laravel());
        return [$response->getStatusCode(), $response->getContent()];
    }

    public function testOnlySignedWebhooksReachARouteAndOnce(): void
    {
        $this->route('post', 'apisig.kommo');
        $kommo = new FakeKommo('secret');
        $webhook = $kommo->webhook();
        $this->assertSame([200, 'reached'], $this->answer($webhook));
        $this->assertSame([401, ''], $this->answer($webhook), 'a replay');
        $this->assertSame([401, ''], $this->answer($kommo->webhook(broken: 'SECRET_NEWLINE')));
        $this->assertSame([401, ''], $this->answer(new FakeRequest('POST', '/', [], '{}')));
        $this->assertSame([413, ''], $this->answer($kommo->webhook(['text' => \str_repeat('x', 1 << 20)])));
        $this->assertSame([200, 'reached'], $this->answer((new FakeKommo('old'))->webhook('typing')));
        $this->assertEquals([
            new Checked('kommo', Outcome::Admitted, 0),
            new Checked('kommo', Outcome::Replayed, 0),
            new Checked('kommo', Outcome::Mismatch),
            new Checked('kommo', Outcome::Malformed),
            new Checked('kommo', Outcome::TooLarge),
            new Checked('kommo', Outcome::Admitted, 1),
        ], $this->events);
        $this->assertSame('warning kommo: refused with 401: replayed', $this->log->lines[1]);
    }

    public function testAWebhookIsRememberedForAsLongAsTheConfigurationSays(): void
    {
        $clock = new FixedClock();
        $this->app->instance(ReplayStore::class, new MemoryReplayStore($clock(...)));
        $this->route('post', 'apisig.kommo');
        $webhook = (new FakeKommo('secret'))->webhook();
        $statuses = [$this->answer($webhook)[0], $this->answer($webhook)[0]];
        $clock->advance(60);
        $this->assertSame([200, 401, 200], [...$statuses, $this->answer($webhook)[0]]);
    }

    public function testALargerBodyThanTheConfigurationAllowsIsRefused(): void
    {
        $this->app->instance(ReplayStore::class, new MemoryReplayStore());
        $webhook = (new FakeKommo('secret'))->webhook();
        // A string, as a variable has it.
        $this->app->make('config')->set('apisig.kommo.limit', (string) \strlen($webhook->body));
        $this->route('post', 'apisig.kommo');
        $larger = new FakeRequest('POST', '/', $webhook->headers, "$webhook->body ");
        $this->assertSame([413, 200], [$this->answer($larger)[0], $this->answer($webhook)[0]]);
    }

    public function testNoMoreMemoryIsTakenThanABodyNeeds(): void
    {
        $this->app->instance(ReplayStore::class, new MemoryReplayStore());
        $this->app->make('config')->set('apisig.kommo.limit', \PHP_INT_MAX);
        $this->route('post', 'apisig.kommo');
        $this->assertSame(200, $this->answer((new FakeKommo('secret'))->webhook())[0]);
    }

    /** "30d" is not 30 seconds. Nothing, as a variable without a value, is the default. */
    public function testANumberIsDigits(): void
    {
        $settings = static fn (mixed $limit): Settings => new Settings('kommo', ['secret' => 's', 'limit' => $limit]);
        $gate = static fn (mixed $limit): object => \Apisig\Framework\Kommo::gate($settings($limit), null);
        $guard = function (mixed $longest): ReplayGuard {
            $this->app->make('config')->set('apisig.longest', $longest);
            $this->app->forgetInstance(ReplayGuard::class);
            return $this->app->make(ReplayGuard::class);
        };
        foreach (['kommo.limit' => $gate, 'longest' => $guard] as $name => $make) {
            $this->assertEquals($make(null), $make(''));
            foreach (['1M', '30d', '1e3', '60.5', '99999999999999999999', ['60'], 1.5] as $value) {
                $message = thrown(InvalidArgument::class, fn () => $make($value))->getMessage();
                $this->assertSame("The setting $name is not a whole number. Set an integer, such as 60.", $message);
            }
            thrown(InvalidArgument::class, fn () => $make('-1'));
            thrown(InvalidArgument::class, fn () => $make(true));
        }
    }

    public function testImbaChatsLogin(): void
    {
        $this->route('get', 'apisig.imbachat');
        $this->assertSame([200, 'reached'], $this->answer((new FakeImbaChat('root', 'a-b-c'))->users()));
        $wrong = (new FakeImbaChat('root', 'a-b-c'))->users(broken: 'SECRET_CASE')->to('/hook')->laravel();
        $refused = $this->app->make('router')->dispatch($wrong);
        $page = ImbaChat::unauthorized();
        $this->assertSame([401, $page->body], [$refused->getStatusCode(), $refused->getContent()]);
        $this->assertSame($page->headers['WWW-Authenticate'], $refused->headers->get('WWW-Authenticate'));
    }

    public function testWhatIsNotConfiguredAdmitsNothing(): void
    {
        $this->app->make('config')->set('apisig.kommo.secret', '');
        $this->route('post', 'apisig.kommo');
        $call = fn () => $this->app->make('router')->dispatch((new FakeKommo('secret'))->webhook()->to('/hook')->laravel());
        $this->assertSame('The setting kommo.secret is not set. Set it in the configuration of apisig.', thrown(InvalidArgument::class, $call)->getMessage());
        $this->setUp();
        $this->app->make('config')->set('apisig.cache', 'null');
        $this->route('post', 'apisig.kommo');
        thrown(InvalidArgument::class, $call);
    }

    public function testRequestsAreSigned(): void
    {
        $sent = new \ArrayObject();
        // Behind the signer, in place of the network. Http::fake() of version 8 stands in front of it.
        $network = static fn () => static function (RequestInterface $request) use ($sent): FulfilledPromise {
            $sent[] = $request;
            return new FulfilledPromise(new PsrResponse());
        };
        Http::kommo()->withMiddleware($network)->post('/v2/origin/custom/1/connect', ['title' => 'Shop']);
        Http::mor()->withMiddleware($network)->post('/billing/api/user_balance_get', ['u' => 'admin', 'user_id' => '2']);
        Http::kayako()->withMiddleware($network)->get('/api/index.php?e=/Base/User/1');
        Http::kayako()->withMiddleware($network)->post('/api/index.php?e=/Tickets/Ticket', ['subject' => 'Zoë']);
        [$connect, $balance, $user, $ticket] = $sent->getArrayCopy();
        $this->assertSame('https://amojo.kommo.com/v2/origin/custom/1/connect', (string) $connect->getUri());
        $isRight = (new Kommo('secret'))->verify('POST', $connect->getUri()->getPath(), (string) $connect->getBody(), $connect->getHeaders());
        $this->assertTrue($isRight);
        $this->assertTrue((new Mor('secret'))->verifyRequest('user_balance_get', (string) $balance->getBody()));
        $kayako = new Kayako('secret');
        $this->assertTrue($kayako->verifyRequest('key', $user->getUri()->getQuery()));
        $this->assertTrue($kayako->verifyRequest('key', (string) $ticket->getBody()));
        $other = new PsrRequest('POST', 'https://evil.example/v2');
        thrown(InvalidArgument::class, fn () => $this->app->make(KommoSigner::class)->sign($other));
    }

    public function testTheClassesAreThere(): void
    {
        $this->assertSame($this->app->make(Kommo::class), $this->app->make(Kommo::class));
        $this->assertTrue($this->app->make(Kommo::class)->verifyWebhook('{}', (new Kommo('old'))->signWebhook('{}')));
        $message = thrown(InvalidArgument::class, fn () => $this->app->make(\Apisig\RetailCrm::class))->getMessage();
        $this->assertSame('The setting retailcrm.secret is not set. Set it in the configuration of apisig.', $message);
    }

    public function testWhatYourCodeThrowsIsRendered(): void
    {
        $handler = new class implements ExceptionHandler {
            /** @var list<callable> */
            public array $renderers = [];

            public function renderable(callable $renderer): void
            {
                $this->renderers[] = $renderer;
            }

            public function report(\Throwable $e)
            {
            }

            public function shouldReport(\Throwable $e)
            {
                return true;
            }

            public function render($request, \Throwable $e)
            {
            }

            public function renderForConsole($output, \Throwable $e)
            {
            }
        };
        $this->app->singleton(ExceptionHandler::class, fn () => $handler);
        $this->app->make(ExceptionHandler::class);
        $rendered = [];
        foreach ($handler->renderers as $renderer) {
            $class = (string) (new \ReflectionFunction($renderer))->getParameters()[0]->getType();
            $answer = $renderer((new \ReflectionClass($class))->newInstanceWithoutConstructor());
            $rendered[$class] = [$answer->getStatusCode(), $answer->getContent()];
        }
        $this->assertSame([VerificationFailed::class => [401, ''], LibraryUnavailable::class => [503, '']], $rendered);
    }

    private function diagnosed(): array
    {
        $command = new CommandTester($this->app->make(DiagnoseCommand::class));
        return [$command->execute([]), \preg_replace('/^library .*\n/', '', $command->getDisplay(true))];
    }

    public function testDiagnose(): void
    {
        $right = 'ok     Its settings are right in form.';
        [$status, $text] = $this->diagnosed();
        $this->assertSame([0, <<<END
            imbachat   -      Not set: secret. What needs them cannot be used.
            kayako     $right
            kommo      $right
            mor        $right
            retailcrm  -      It is not configured.
            replays    ok     The store admits an id once.

            END], [$status, $text]);
        $config = $this->app->make('config');
        $config->set('apisig.kommo.secret', "se-cr-et\n");
        $config->set('apisig.mor.url', 'mor.example.com');
        // What needs no URL is tried without it.
        $config->set('apisig.kayako.url', '');
        $config->set('apisig.kayako.previous_secrets', ['1', '2', '3', '4']);
        $config->set('apisig.cache', 'null');
        $this->app->forgetInstance(ReplayStore::class);
        $this->app->forgetInstance(ReplayGuard::class);
        [$status, $text] = $this->diagnosed();
        $this->assertSame(1, $status);
        $this->assertSame(4, \substr_count($text, ' WRONG '));
        $this->assertStringContainsString('The setting secret has white space around it', $text);
        $this->assertStringContainsString('The setting mor.url is not a whole URL.', $text);
        $this->assertStringContainsString('NullStore cannot add in one step', $text);
        $this->assertStringNotContainsString('se-cr-et', $text);
        $config->set('apisig.kommo', ['secret' => 'secret', 'limit' => 1.5]);
        $this->assertStringContainsString('The setting kommo.limit is not a whole number.', $this->diagnosed()[1]);
    }

    public function testComposerNamesTheProvider(): void
    {
        $composer = \json_decode(\file_get_contents(__DIR__ . '/../../bindings/php/composer.json'), true);
        $this->assertSame([ApisigServiceProvider::class], $composer['extra']['laravel']['providers']);
    }

    public function testTheCacheOfOneProcessIsForTests(): void
    {
        $this->app->runsTests = false;
        $message = thrown(InvalidArgument::class, fn () => $this->app->make(ReplayGuard::class))->getMessage();
        $this->assertStringContainsString('lives in one process', $message);
    }

    public function testASettingIsTextAndNothingThatPhpMakesTextOf(): void
    {
        \ini_set('zend.exception_ignore_args', '0');
        foreach ([['a', 'b'], [['a']], true, false, 1.5] as $value) {
            foreach (['secret' => $value, 'previous_secrets' => ['a-b-c', $value]] as $name => $given) {
                $settings = new Settings('kommo', [$name => $given] + ['secret' => 'secret']);
                $thrown = thrown(InvalidArgument::class, fn () => \Apisig\Framework\Kommo::service($settings));
                $this->assertSame("The setting kommo.$name is not text. Set a string.", $thrown->getMessage());
                $this->assertStringNotContainsString('a-b-c', \json_encode(\array_column($thrown->getTrace(), 'args')));
            }
        }
    }

    public function testSettingsShowNoSecret(): void
    {
        $settings = new Settings('kommo', ['secret' => 'a-b-c']);
        $shown = \print_r($settings, true) . \var_export((array) $settings, true) . \json_encode($settings);
        $this->assertStringNotContainsString('a-b-c', $shown);
        thrown(\LogicException::class, fn () => \serialize($settings));
    }
}
