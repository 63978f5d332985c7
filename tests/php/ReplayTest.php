<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\ApcuReplayStore;
use Apisig\Exception;
use Apisig\ImbaChat;
use Apisig\InvalidArgument;
use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\MemoryReplayStore;
use Apisig\Mor;
use Apisig\RedisReplayStore;
use Apisig\ReplayGuard;
use Apisig\ReplayId;
use Apisig\ReplayStore;
use Apisig\RetailCrm;
use Apisig\VerificationFailed;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * A signed request is admitted once: the ids of all vendors, the guard, and its stores, Redis by a server of its own.
 */
final class ReplayTest extends TestCase
{
    private const HASH = 'b93c35d5c6183288322122561a3da7e09abb63b7';

    /** @var ?resource */
    private static $server = null;
    private static int $port;

    public static function tearDownAfterClass(): void
    {
        self::$server === null || stop(self::$server);
        self::$server = null;
    }

    /** What `printf %s SIGNATURE | sha256sum` prints; Python makes the same ids. */
    public function testIds(): void
    {
        $sha256 = '9b75c86dad8bf18cc40530472608e1bd7f1c3e39eb1b120cff048b38a9070633';
        $headers = ['x-signature' => [\strtoupper(self::HASH)], 'Date' => 'whatever'];
        $token = (new ImbaChat('secret'))->sign(1, 60, 1000);
        $ids = [
            ["kommo:$sha256", 1801, Kommo::replayId($headers, Kommo::TOLERANCE)],
            ["kommo:$sha256", 1, Kommo::replayId($headers, tolerance: 0)],
            ["kommo:$sha256", 2 ** 31 + 1, Kommo::replayId($headers, \PHP_INT_MAX)],
            ["kommo-webhook:$sha256", null, Kommo::webhookReplayId(\strtoupper(self::HASH))],
            ['imbachat:' . \hash('sha256', $token), 60, ImbaChat::replayId($token, now: 1000)],
            ['imbachat:' . \hash('sha256', $token), 1, ImbaChat::replayId($token, now: 2000)],
            ['imbachat:' . \hash('sha256', $token), 70, ImbaChat::replayId($token, now: 1000, leeway: 10)],
            ["retailcrm:$sha256", null, RetailCrm::replayId(\strtoupper(self::HASH))],
            ["kayako:$sha256", null, Kayako::replayId(self::HASH)],
            ["mor:$sha256", null, Mor::replayId(self::HASH)],
        ];
        foreach ($ids as [$id, $seconds, $replayId]) {
            $this->assertSame([$id, $seconds], [$replayId->id, $replayId->seconds]);
        }
        // All spellings that verifyRequest() accepts have one id.
        $kayako = new Kayako('secret');
        $signature = $kayako->sign('2');
        $this->assertStringContainsString('+', $signature);
        foreach ([$signature, \strtr($signature, '+', ' '), "$signature\n", "\t$signature"] as $spelled) {
            $this->assertTrue($kayako->verifyRequest('key', ['apikey' => 'key', 'salt' => '2', 'signature' => $spelled]));
            $this->assertEquals(Kayako::replayId($signature), Kayako::replayId($spelled));
        }
        $this->assertNotEquals(Kayako::replayId('a'), Kayako::replayId('A'), 'base64 is no hex');
        thrown(VerificationFailed::class, fn () => ImbaChat::replayId('token'));
    }

    public function testNoIdIsRememberedForMoreThanTenYears(): void
    {
        $asked = [];
        $store = $this->createMock(ReplayStore::class);
        $store->method('rememberIfNew')->willReturnCallback(static function (string $id, int $seconds) use (&$asked): bool {
            $asked[] = $seconds;
            return true;
        });
        (new ReplayGuard($store, 'shop', 315360000))->admit(new ReplayId('one', null));
        (new ReplayGuard($store, 'shop'))->admit(new ReplayId('two', \PHP_INT_MAX));
        (new ReplayGuard($store, 'shop'))->admit(new ReplayId('three', 60));
        $this->assertSame([315360000, 315360000, 60], $asked);
    }

    public function testOwnMistakes(): void
    {
        $mistakes = [
            fn () => Kommo::replayId([], -1),
            fn () => ImbaChat::replayId((new ImbaChat('s'))->sign(1), leeway: -1),
            fn () => new ReplayId('id', 0),
            fn () => new ReplayGuard(new MemoryReplayStore(), 'shop', 0),
            fn () => new ReplayGuard(new MemoryReplayStore(), 'shop', 315360001),
            fn () => new ReplayGuard(new MemoryReplayStore(), ''),
        ];
        foreach ($mistakes as $mistake) {
            thrown(InvalidArgument::class, $mistake);
        }
    }

    public function testApplicationsAndHelpdesksDoNotCollide(): void
    {
        $store = new MemoryReplayStore();
        foreach (['shop', 'crm'] as $application) {
            $guard = new ReplayGuard($store, $application);
            foreach (['secret of A', 'secret of B'] as $secret) {
                $id = Kayako::replayId((new Kayako($secret))->sign('1234567890'));
                $this->assertSame([true, false], [$guard->admit($id), $guard->admit($id)], "$application, $secret");
            }
        }
    }

    /** Otherwise it would have another id. */
    public function testNoOtherSpellingOfASignatureIsAccepted(): void
    {
        [$kayako, $imbachat] = [new Kayako('secret'), new ImbaChat('secret')];
        [$signature, $token] = [$kayako->sign('1'), $imbachat->sign(42)];
        $others = [\rtrim($signature, '='), "$signature=", "$signature\n", \urlencode($signature), "$token=", " $token"];
        foreach (\str_split('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') as $character) {
            \array_push($others, \substr($signature, 0, -2) . "$character=", \substr($token, 0, -1) . $character);
        }
        $isAccepted = fn (string $other): bool => $kayako->verify('1', $other) || $imbachat->verify($other);
        $accepted = \array_values(\array_unique(\array_filter($others, $isAccepted)));
        $this->assertEqualsCanonicalizing([$signature, $token], $accepted);
    }

    public function testOfOneRequestTheFirstIsAdmitted(): void
    {
        $kommo = new Kommo('secret');
        $headers = $kommo->sign('POST', '/x', '{}');
        $other = $kommo->sign('POST', '/x', '{"another":1}');
        $upper = ['X-SIGNATURE' => \strtoupper($headers['X-Signature'])] + $headers;
        unset($upper['X-Signature']);
        $this->assertTrue($kommo->verify('POST', '/x', '{}', $upper));
        $guard = new ReplayGuard(new MemoryReplayStore(), 'shop');
        $admitted = \array_map(fn (array $one): bool => $guard->admit(Kommo::replayId($one, 900)), [$headers, $headers, $upper, $other]);
        $this->assertSame([true, false, false, true], $admitted);
        $guard->forget(Kommo::replayId($headers, 900));
        $this->assertTrue($guard->admit(Kommo::replayId($headers, 900)));
    }

    /** The earliest and the latest moment at which a signature of Kommo's is valid are 1800 seconds apart. */
    public function testAnIdIsRememberedAsLongAsItsSignatureIsValid(): void
    {
        [$kommo, $imbachat, $date] = [new Kommo('secret'), new ImbaChat('secret'), 1669231521];
        $headers = $kommo->sign('GET', '/x', '', $date);
        $now = $date - Kommo::TOLERANCE;
        $token = $imbachat->sign(7, 1800, $now);
        $guard = new ReplayGuard(new MemoryReplayStore(static function () use (&$now): int {
            return $now;
        }), 'shop', longest: 100);
        $admitted = fn (int $now): array => [
            $guard->admit(Kommo::replayId($headers, Kommo::TOLERANCE)),
            $guard->admit(ImbaChat::replayId($token, $now)),
            $guard->admit(Mor::replayId(self::HASH)),
        ];
        $isValid = fn (int $now): array => [$kommo->verify('GET', '/x', '', $headers, $now), $imbachat->verify($token, $now)];
        $this->assertSame([true, true, true], $admitted($now));
        $now = $date + Kommo::TOLERANCE - 1;
        $this->assertSame([false, false, true], $admitted($now), 'what never expires is new after the longest time');
        $this->assertSame([true, true], $isValid($now));
        $now += 2;
        $this->assertSame([false, false], $isValid($now));
    }

    public function testAStoreThatFailsAdmitsNothing(): void
    {
        $store = $this->createMock(ReplayStore::class);
        $store->method('rememberIfNew')->willThrowException(new \RuntimeException('down'));
        $this->expectExceptionMessage('down');
        (new ReplayGuard($store, 'shop'))->admit(Kayako::replayId('1'));
    }

    /** A connection to the server, which has forgotten everything. */
    private static function redis(?int $port = null): \Redis
    {
        if (self::$server === null) {
            [self::$server, self::$port] = startRedis();
        }
        $redis = new \Redis();
        $redis->connect('127.0.0.1', $port ?? self::$port);
        $port === null && $redis->flushAll();
        return $redis;
    }

    public function testRedis(): void
    {
        $redis = self::redis();
        $guard = new ReplayGuard(new RedisReplayStore($redis), 'shop', longest: 1234);
        $id = Mor::replayId(self::HASH);
        $this->assertSame([true, false], [$guard->admit($id), $guard->admit($id)]);
        $this->assertSame(1234, $redis->ttl("apisig:shop:$id->id"));
        $this->assertTrue($guard->admit(new ReplayId('short', 1)));
        $guard->forget($id);
        $this->assertTrue($guard->admit($id));
        \usleep(1100000);
        $this->assertTrue($guard->admit(new ReplayId('short', 1)), 'Redis forgets it by itself');
    }

    /**
     * A new request is never taken for a replay.
     *
     * @dataProvider lostAnswers
     */
    #[DataProvider('lostAnswers')]
    public function testALostAnswerOfRedis(int $lost, int $retries): void
    {
        self::redis();
        $port = freePort();
        // start() connects to it too, and asks nothing.
        $arguments = \array_map('strval', [$port, self::$port, $lost]);
        $proxy = start([\PHP_BINARY, __DIR__ . '/lossy_redis.php', ...$arguments], $port);
        try {
            $redis = self::redis($port);
            $redis->setOption(\Redis::OPT_MAX_RETRIES, $retries);
            $guard = new ReplayGuard(new RedisReplayStore($redis), 'shop');
            try {
                $this->assertTrue($guard->admit(Kayako::replayId('one')));
                $this->assertFalse($guard->admit(Kayako::replayId('one')));
            } catch (\RedisException) {
                $this->assertGreaterThan(0, $lost);
            }
            $this->assertSame(\Redis::ATOMIC, $redis->getMode());
        } finally {
            stop($proxy);
        }
    }

    public static function lostAnswers(): iterable
    {
        foreach ([0, 3] as $retries) {
            foreach (['none', 'MULTI', 'SET', 'GET', 'EXEC'] as $lost => $command) {
                yield "$command, $retries retries" => [$lost, $retries];
            }
        }
    }

    public function testARedisThatFailsAdmitsNothing(): void
    {
        $redis = self::redis();
        $store = new RedisReplayStore($redis);
        $fails = function (string $message, \Closure $call): void {
            $this->assertStringContainsString($message, thrown(\RedisException::class, $call)->getMessage());
        };
        $redis->config('SET', 'maxmemory', '1');
        $fails('OOM', fn () => $store->rememberIfNew('a', 60));
        $redis->config('SET', 'maxmemory', '0');
        $fails('ERR invalid expire time', fn () => $store->rememberIfNew('a', \PHP_INT_MAX));
        $this->assertTrue($store->rememberIfNew('a', 60), 'an error of before is not of now');
        $redis->multi();
        $fails('a transaction or a pipeline', fn () => $store->rememberIfNew('b', 60));
        $redis->discard();
        $redis->pipeline();
        $fails('a transaction or a pipeline', fn () => $store->forget('a'));
        $redis->discard();
        $redis->lPush('list', 'x');
        $fails('WRONGTYPE', fn () => $store->rememberIfNew('list', 60));
        $this->assertTrue($store->rememberIfNew('b', 60));
        self::tearDownAfterClass();
        $fails('', fn () => $store->rememberIfNew('c', 60));
        $fails('', fn () => $store->forget('c'));
    }

    public function testOfAThousandCopiesAtOnceOneIsAdmitted(): void
    {
        self::redis();
        $workers = __DIR__ . '/replay_worker.php';
        $this->assertSame('1000 1', php([$workers, (string) self::$port, '8', '125']));
        if (!\extension_loaded('apcu')) {
            missing('The PHP extension apcu is not installed.');
        }
        $this->assertSame('1000 1', php(['-d', 'apc.enable_cli=1', $workers, 'apcu', '8', '125']));
    }

    public function testApcu(): void
    {
        if (!\extension_loaded('apcu')) {
            missing('The PHP extension apcu is not installed.');
        }
        $script = <<<'PHP'
            require $argv[1];
            $store = new Apisig\ApcuReplayStore();
            echo json_encode([$store->rememberIfNew('a', 60), $store->rememberIfNew('a', 60)]);
            $store->forget('a');
            echo json_encode([$store->rememberIfNew('a', 60), apcu_key_info('a')['ttl']]);
            PHP;
        $autoload = \dirname(__DIR__, 2) . '/bindings/php/vendor/autoload.php';
        $this->assertSame('[true,false][true,60]', php(['-d', 'apc.enable_cli=1', '-r', $script, $autoload]));
        $this->assertFalse(\apcu_enabled(), 'on the command line it is off');
        thrown(Exception::class, fn () => new ApcuReplayStore());
    }
}
