<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Engine;
use Apisig\Kayako;
use Apisig\Native;
use GuzzleHttp\Psr7\HttpFactory;
use Illuminate\Container\Container;
use Illuminate\Support\Facades\Facade;
use Nyholm\Psr7\Factory\Psr17Factory;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Server\RequestHandlerInterface;

/**
 * The PHP of docs/php.md, docs/testing.md and docs/migrating-php.md: every piece has a file and a mark above it, its syntax is right,
 * and what is marked as tested runs here as it stands there, against the servers of tests/packages/examples. Those of docs/laravel.md
 * and docs/symfony.md run in tests/trust/frameworks.sh.
 */
final class DocsTest extends TestCase
{
    private const DOCS = __DIR__ . '/../../docs/';
    private const AUTOLOAD = __DIR__ . '/../../bindings/php/vendor/autoload.php';

    private const ENVIRONMENT = [
        'KOMMO_SECRET' => 'secret',
        'KOMMO_CHANNEL' => 'f62a0162-46a7-430e-b06c-0ef798d56b21',
        'KOMMO_ACCOUNT' => '52fd2a28-d2eb-4bd8-b862-b57934927b38',
        'KAYAKO_API_KEY' => 'f1ac9b8e-0b5a',
        'KAYAKO_SECRET' => 'secret',
        'MOR_USER' => 'admin',
        'MOR_SECRET' => 'secret',
        'IMBACHAT_LOGIN' => 'root',
        'IMBACHAT_PASSWORD' => 'abc',
        'no_proxy' => '127.0.0.1',
    ];
    private const SCOPE = self::ENVIRONMENT['KOMMO_CHANNEL'] . '_' . self::ENVIRONMENT['KOMMO_ACCOUNT'];

    /** The variables that each piece of docs/migrating-php.md is for; and their value, where the lines before do not run. */
    private const RESULTS = [
        'kommo-request' => ['headers'],
        'kommo-connect' => ['url body'],
        'kommo-webhook' => ['isValid'],
        'amojo-client' => ['scopeId', self::SCOPE],
        'amojo-webhook' => ['isValid', true],
        'imbachat-token' => ['token'],
        'imbachat-login' => ['authorized'],
        'imbachat-users' => ['ids'],
        'retailcrm-token' => ['isValid'],
        'retailcrm-register' => ['apiKey systemUrl'],
        'retailcrm-client' => ['isValid', true],
        'kayako-signature' => ['query'],
        'kayako-parameters' => ['form'],
        'kayako-library' => ['users', 'GET /Base/User/Filter/0/10 []'],
        'mor-values' => ['hash'],
        'mor-request' => ['body'],
        'mor-laravel' => ['balance', 12.5],
    ];

    private static string $folder = '';

    /** @var array<string, true> the tests of several pieces that have passed */
    private static array $done = [];

    /** @var array<string, array{resource, string}> */
    private static array $servers = [];

    public static function setUpBeforeClass(): void
    {
        needPsr('GuzzleHttp', 'Nyholm/Psr7', 'Psr/Http/Client', 'Symfony/Component/HttpClient', 'Illuminate/Container');
        needPsr('Illuminate/Http', 'Psr/Log');
        \date_default_timezone_set('UTC');
        self::$folder = \sys_get_temp_dir() . '/apisig-docs-' . \getmypid();
        foreach (self::pieces() as [$file, , , $code]) {
            self::write(self::$folder . "/$file", "<?php\n$code");
        }
        $autoload = \var_export(\realpath(self::AUTOLOAD), true);
        self::write(self::$folder . '/wp-content/plugins/my-chats/vendor/autoload.php', "<?php require_once $autoload;");
        foreach (self::ENVIRONMENT as $name => $value) {
            \putenv("$name=$value");
        }
        self::$servers = startVendors([]);
        foreach (self::$servers as $vendor => [, $url]) {
            \putenv(\strtoupper($vendor) . "_URL=$url");
        }
    }

    public static function tearDownAfterClass(): void
    {
        \array_map(stop(...), \array_column(self::$servers, 0));
        self::$servers = [];
        if (self::$folder !== '') {
            \exec('rm -r ' . \escapeshellarg(self::$folder));
        }
        \array_map('putenv', [...\array_keys(self::ENVIRONMENT), 'KOMMO_URL', 'KAYAKO_URL', 'MOR_URL', 'REDIS_HOST', 'REDIS_PORT']);
    }

    /** @return array<string, array{string, string, string, string}> file, mark, language, code */
    private static function pieces(string $document = 'php.md'): array
    {
        $text = \file_get_contents(self::DOCS . $document);
        \preg_match_all('/^`([^`\n]+)` \(([^)\n]+)\)\n\n```(\w+)\n(.*?)^```$/ms', $text, $found, \PREG_SET_ORDER);
        $pieces = [];
        foreach ($found as [, $file, $mark, $language, $code]) {
            $pieces[$file] = [$file, $mark, $language, $code];
        }
        return $pieces;
    }

    private static function write(string $file, string $text): void
    {
        @\mkdir(\dirname($file), 0777, true);
        \file_put_contents($file, $text);
    }

    public function testEveryPieceHasAFileAndAMark(): void
    {
        $documents = ['php.md' => ['tested', 'not tested'], 'migrating-php.md' => ['both tested', '+ tested']];
        $documents += ['laravel.md' => ['tested', 'not tested'], 'symfony.md' => ['tested', 'not tested']];
        foreach ($documents as $name => $marks) {
            $pieces = self::pieces($name);
            $fences = \preg_match_all('/^```(php|diff|yaml)$/m', \file_get_contents(self::DOCS . $name));
            $this->assertCount($fences, $pieces);
            $this->assertSame([], \array_diff(\array_column($pieces, 1), $marks));
        }
    }

    /** @return array<string, array{string, string, string, string}> */
    public static function piecesOfPhp(): array
    {
        return self::pieces();
    }

    public function testTheSyntaxOfThePiecesForFrameworks(): void
    {
        foreach ([...self::pieces('laravel.md'), ...self::pieces('symfony.md')] as [, , $language, $code]) {
            $this->assertTrue($language === 'yaml' || \PhpToken::tokenize("<?php\n$code", \TOKEN_PARSE) !== []);
        }
    }

    /** @dataProvider piecesOfPhp */
    #[DataProvider('piecesOfPhp')]
    public function testPhp(string $file, string $mark, string $language, string $code): void
    {
        $this->assertNotEmpty(\PhpToken::tokenize("<?php\n$code", \TOKEN_PARSE));
        if ($mark === 'not tested') {
            return;
        }
        // A piece that is marked as tested, but has no test, is an error here.
        $test = match (\strtok($file, '/')) {
            'wp-content' => 'wordpress',
            default => \basename($file, '.php'),
        };
        self::$done[$test] ??= $this->$test() ?? true;
        $this->assertTrue(self::$done[$test]);
    }

    private function guzzle(): void
    {
        $this->assertSame(self::SCOPE, $this->variables('guzzle.php')['connection']->scopeId);
    }

    private function engine(): void
    {
        ['engine' => $engine, 'reason' => $reason, 'diagnoses' => $diagnoses] = $this->variables('engine.php');
        $this->assertSame([$engine === Engine::Native, Native::reason()], [$diagnoses, $reason]);
        $this->assertSame($engine, \getenv('APISIG_ENGINE') === 'php' ? Engine::Portable : Engine::Native);
    }

    private function psr18(): void
    {
        ['user' => $user, 'balance' => $balance] = $this->variables('psr18.php');
        $this->assertSame('GET /Base/User/1 []', (string) $user->getBody());
        $this->assertStringContainsString('<balance>12.50</balance>', (string) $balance->getBody());
    }

    private function middleware(): void
    {
        $variables = $this->variables('middleware.php');
        ['webhook' => $webhook, 'login' => $login] = $variables;
        $factory = new Psr17Factory();
        $request = $factory->createServerRequest('POST', '/')->withBody($factory->createStream('{}'));
        $signed = $request->withHeader('X-Signature', \hash_hmac('sha1', '{}', 'secret'));
        $authorized = $request->withHeader('Authorization', 'Basic ' . \base64_encode('root:abc'));
        $handler = new class implements RequestHandlerInterface {
            public function handle(ServerRequestInterface $request): ResponseInterface
            {
                return (new Psr17Factory())->createResponse(200);
            }
        };
        foreach ([[$webhook, $signed, $authorized], [$login, $authorized, $signed]] as [$middleware, $right, $wrong]) {
            $this->assertSame(200, $middleware->process($right, $handler)->getStatusCode());
            $this->assertSame(401, $middleware->process($wrong, $handler)->getStatusCode());
        }
        $words = ['kommo admitted by secret 0', 'kommo malformed by secret '];
        $this->assertSame([...$words, 'imbachat admitted by secret 0', 'imbachat mismatch by secret '], $variables['counts']);
    }

    private function wordpress(): void
    {
        $this->assertSame(self::SCOPE, $this->outputOf('wordpress', 'connect'));
        $signature = \hash_hmac('sha1', '{"text":"Hi"}', 'secret');
        $this->assertSame('Hi 200', $this->outputOf('wordpress', 'webhook', $signature, "{\"text\":\"Hi\"}\n"));
        $this->assertSame('401', $this->outputOf('wordpress', 'webhook', '', "{\"text\":\"Hi\"}\n"));
        $users = 'another page: [{"user_id":2,"name":"Jané"}] 200';
        $this->assertSame($users, $this->outputOf('wordpress', 'users', 'root', "a'bc", '2,3'));
        $this->assertSame('another page: [] 200', $this->outputOf('wordpress', 'users', 'root', "a'bc", ''));
        $this->assertStringEndsWith('} 401', $this->outputOf('wordpress', 'users', 'root', 'abc', '2'));
        $this->assertSame('another page:  400', $this->outputOf('wordpress', 'users', 'root', "a'bc", '2;3'));
        $this->assertStringContainsString('window.ImbaChat.load', $this->outputOf('wordpress', 'page', '2'));
        $this->assertSame('', $this->outputOf('wordpress', 'page', '0'), 'nobody is logged in');
        $engine = \getenv('APISIG_ENGINE');
        \putenv('APISIG_ENGINE=none');
        try {
            $this->assertSame('503', $this->outputOf('wordpress', 'webhook', $signature, "{\"text\":\"Hi\"}\n"));
            $this->assertSame('another page:  503', $this->outputOf('wordpress', 'users', 'root', "a'bc", '2'));
            $this->assertSame('', $this->outputOf('wordpress', 'page', '2'));
        } finally {
            \putenv("APISIG_ENGINE=$engine");
        }
    }

    private function replay(): void
    {
        $this->withRedis(function (): void {
            $isAdmitted = $this->variables('replay.php')['isAdmitted'];
            $signature = (new Kayako('secret'))->sign('1');
            $answers = [$isAdmitted(['1'], 'wrong'), $isAdmitted('1', $signature), $isAdmitted('1', $signature)];
            $this->assertSame([false, true, false], $answers);
        });
    }

    /** Runs it with a server that REDIS_HOST and REDIS_PORT name. */
    private function withRedis(\Closure $run): void
    {
        [$server, $port] = startRedis();
        \putenv('REDIS_HOST=127.0.0.1');
        \putenv("REDIS_PORT=$port");
        try {
            $run();
        } finally {
            stop($server);
        }
    }

    /** @return array<string, array{string, string, string, string}> */
    public static function piecesOfMigrating(): array
    {
        return self::pieces('migrating-php.md');
    }

    /** @dataProvider piecesOfMigrating */
    #[DataProvider('piecesOfMigrating')]
    public function testMigrating(string $name, string $mark, string $language, string $code): void
    {
        $before = \preg_replace(['/^\+.*\n/m', '/^[- ]/m'], '', $code);
        $after = \preg_replace(['/^-.*\n/m', '/^[+ ]/m'], '', $code);
        $this->assertNotEmpty(\PhpToken::tokenize("<?php\n$before", \TOKEN_PARSE));
        foreach (self::inputs($name) as $number => $inputs) {
            do {
                $second = \time();
                $expected = $mark === 'both tested' ? self::results($name, $before, $inputs) : [self::RESULTS[$name][1]];
                $made = self::results($name, $after, $inputs);
            } while (\time() !== $second);
            $this->assertSame($expected, $made);
            $this->assertSame($number === 0, $made !== [false], 'the first is right');
        }
    }

    /** What goes into a piece: the same variables into all, and into some others that are wrong. */
    private static function inputs(string $name): array
    {
        $environment = \getenv();
        $signature = \hash_hmac('sha1', '{}', 'secret');
        $request = (new HttpFactory())->createServerRequest('POST', '/')->withHeader('X-Signature', $signature);
        $token = \hash_hmac('sha256', 'key', 'secret');
        $register = ['token' => $token, 'apiKey' => 'key', 'systemUrl' => 'https://demo.retailcrm.ru'];
        $inputs = [
            'secret' => 'secret',
            'secretKey' => 'secret',
            'channelId' => $environment['KOMMO_CHANNEL'],
            'accountId' => $environment['KOMMO_ACCOUNT'],
            'title' => 'Chat / 1',
            'path' => '/v2/x',
            'origin' => $environment['KOMMO_URL'],
            'body' => "{}\n",
            'signature' => $signature,
            'request' => $request->withBody((new HttpFactory())->createStream("{}\n")),
            'userId' => 42,
            'login' => 'root',
            'password' => 'abc',
            '_SERVER' => ['PHP_AUTH_USER' => 'ROOT', 'PHP_AUTH_PW' => 'abc'],
            '_GET' => ['user_ids' => '1,2'],
            'register' => $register,
            'registerRequest' => (object) $register,
            'form' => \http_build_query(['register' => \json_encode($register)]),
            'apiKey' => $environment['KAYAKO_API_KEY'],
            'salt' => '1234567890',
            'helpdesk' => $environment['KAYAKO_URL'],
            'periodStart' => 1252454580,
            'callType' => 'answered',
            'user' => $environment['MOR_USER'],
            'server' => $environment['MOR_URL'],
        ];
        $wrong = match ($name) {
            'kommo-webhook' => [['body' => "{} \n"]],
            'imbachat-login' => [['_SERVER' => ['PHP_AUTH_USER' => 'root', 'PHP_AUTH_PW' => 'abd']], ['_SERVER' => []]],
            'retailcrm-token' => [['secret' => 'other']],
            default => [],
        };
        return [$inputs, ...\array_map(static fn (array $others): array => $others + $inputs, $wrong)];
    }

    /** The values that a piece gives to its variables. */
    private static function results(string $name, string $code, array $inputs): array
    {
        if (\str_contains($code, 'Facades\Http')) {
            Facade::setFacadeApplication(new Container());
        }
        // Superglobals are of all scopes.
        $globals = [$_SERVER, $_GET];
        [$_SERVER, $_GET] = [$inputs['_SERVER'], $inputs['_GET']];
        unset($inputs['_SERVER'], $inputs['_GET']);
        try {
            return (static function () use ($name, $code, $inputs): array {
                \extract($inputs);
                eval($code);
                $all = \get_defined_vars();
                return \array_map(static fn (string $of): mixed => $all[$of], \explode(' ', self::RESULTS[$name][0]));
            })();
        } finally {
            [$_SERVER, $_GET] = $globals;
        }
    }

    /** @return array<string, mixed> what a piece leaves in its variables */
    private function variables(string $file): array
    {
        return (static function (string $file): array {
            require $file;
            return \get_defined_vars();
        })(self::$folder . "/$file");
    }

    /** What a script of tests/php/docs prints that runs pieces. */
    private function outputOf(string $script, string ...$arguments): string
    {
        return php([__DIR__ . "/docs/$script.php", self::$folder, ...$arguments]);
    }
}
