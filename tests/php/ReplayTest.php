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
use PHPUnit\Framework\TestCase;

/**
 * A signed request is let in once: the ids of all vendors, the guard, and its stores, Redis by a server of its own.
 */
final class ReplayTest extends TestCase
{
    private const HASH = 'b93c35d5c6183288322122561a3da7e09abb63b7';

    /** What `printf %s SIGNATURE | sha256sum` prints; Python makes the same ids. */
    public function testIds(): void
    {
        $sha256 = '9b75c86dad8bf18cc40530472608e1bd7f1c3e39eb1b120cff048b38a9070633';
        $headers = ['x-signature' => [\strtoupper(self::HASH)], 'Date' => 'whatever'];
        $token = (new ImbaChat('secret'))->sign(1, 60, 1000);
        $ids = [
            ["kommo:$sha256", 1801, Kommo::replayId($headers, Kommo::TOLERANCE)],
            ["kommo:$sha256", 1, Kommo::replayId($headers, tolerance: 0)],
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
        $this->assertNotEquals(Kayako::replayId('a'), Kayako::replayId('A'), 'base64 is no hex');
    }

    /** The ids and keys of Python, of real signatures. */
    public function testPythonMakesTheSameIds(): void
    {
        $python = \dirname(__DIR__, 2) . '/.venv/bin/python';
        if (!\is_executable($python)) {
            missing('.venv with the Python tools is not there.');
        }
        $script = <<<'PYTHON'
            import apisig, json
            headers = apisig.Kommo("s").sign("POST", "/x", b"{}", 1700000000)
            token, salted = apisig.ImbaChat("s").sign(7, 86400, 1700000000), apisig.Kayako("s").sign("1234567890")
            ids = [
                apisig.Kommo.replay_id(headers, 900), apisig.Kommo.webhook_replay_id(headers["X-Signature"]),
                apisig.ImbaChat.replay_id(token, 1700000001, 5), apisig.RetailCrm.replay_id(apisig.RetailCrm("s").sign("k")),
                apisig.Kayako.replay_id(salted), apisig.Mor.replay_id(headers["X-Signature"]),
            ]
            keys = []
            class Store:
                def remember_if_new(self, id, seconds):
                    keys.append([id, seconds])
                    return True
            guard = apisig.ReplayGuard(Store(), "shop é", longest=60)
            assert all(guard.admit(id) for id in ids)
            print(json.dumps(keys))
            PYTHON;
        $process = \proc_open([$python, '-c', $script], [1 => ['pipe', 'w']], $pipes, null, [
            'PYTHONPATH' => \dirname(__DIR__, 2) . '/bindings/python',
            'APISIG_LIBRARY' => \getenv('APISIG_LIBRARY'),
        ]);
        $theirs = \json_decode(\stream_get_contents($pipes[1]));
        \proc_close($process);

        $headers = (new Kommo('s'))->sign('POST', '/x', '{}', 1700000000);
        $store = new class implements ReplayStore {
            /** @var list<array{string, int}> */
            public array $keys = [];

            public function rememberIfNew(string $id, int $seconds): bool
            {
                $this->keys[] = [$id, $seconds];
                return true;
            }

            public function forget(string $id): void
            {
            }
        };
        $guard = new ReplayGuard($store, 'shop é', longest: 60);
        $guard->admit(Kommo::replayId($headers, 900));
        $guard->admit(Kommo::webhookReplayId($headers['X-Signature']));
        $guard->admit(ImbaChat::replayId((new ImbaChat('s'))->sign(7, 86400, 1700000000), 1700000001, 5));
        $guard->admit(RetailCrm::replayId((new RetailCrm('s'))->sign('k')));
        $guard->admit(Kayako::replayId((new Kayako('s'))->sign('1234567890')));
        $guard->admit(Mor::replayId($headers['X-Signature']));
        $this->assertSame($store->keys, $theirs);
        $this->assertStringStartsWith('apisig:shop é:kommo:', $store->keys[0][0]);
    }

    public function testApplicationsAndHelpdesksDoNotCollide(): void
    {
        $store = new MemoryReplayStore();
        foreach (['shop', 'crm'] as $application) {
            $guard = new ReplayGuard($store, $application);
            foreach (['secret of A', 'secret of B'] as $secret) {
                $signature = (new Kayako($secret))->sign('1234567890');
                $this->assertTrue($guard->admit(Kayako::replayId($signature)), "$application, $secret");
                $this->assertFalse($guard->admit(Kayako::replayId($signature)));
            }
        }
    }

    public function testATokenIsRememberedUntilItExpires(): void
    {
        $now = 1700000000;
        $guard = new ReplayGuard(new MemoryReplayStore(static function () use (&$now): int {
            return $now;
        }), 'shop');
        $imbachat = new ImbaChat('secret');
        $token = $imbachat->sign(7, 86400, $now);
        $this->assertTrue($guard->admit(ImbaChat::replayId($token, $now)));
        foreach ([3600, 7200, 86399] as $later) {
            $now = 1700000000 + $later;
            $this->assertTrue($imbachat->verify($token, $now));
            $this->assertFalse($guard->admit(ImbaChat::replayId($token, $now)), "after $later s");
        }
        $now++;
        $this->assertFalse($imbachat->verify($token, $now));
    }

    public function testNoOtherSpellingOfAKayakoSignatureHolds(): void
    {
        $kayako = new Kayako('secret');
        $signature = $kayako->sign('1');
        $others = [\rtrim($signature, '='), "$signature=", "$signature\n", \urlencode($signature), \strtr($signature, '+/', '-_')];
        foreach (\str_split('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') as $character) {
            $others[] = \substr($signature, 0, -2) . "$character=";
        }
        $held = \array_filter($others, static fn (string $other) => $kayako->verify('1', $other));
        $this->assertSame([$signature], \array_values(\array_unique($held)));
    }

    public function testNoOtherSpellingOfATokenHolds(): void
    {
        $imbachat = new ImbaChat('secret');
        $token = $imbachat->sign(42);
        $others = ["$token=", "$token\n", " $token", \strtoupper($token)];
        foreach (\str_split('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') as $character) {
            $others[] = \substr($token, 0, -1) . $character;
        }
        $held = \array_values(\array_filter($others, static fn (string $other) => $imbachat->verify($other)));
        $this->assertSame([$token], $held);
    }

    /** @return array<string, array{\Closure(): mixed}> */
    public function ownMistakes(): array
    {
        return [
            'a negative tolerance' => [static fn () => Kommo::replayId([], -1)],
            'a tolerance that is too long' => [static fn () => Kommo::replayId([], \PHP_INT_MAX)],
            'a negative leeway' => [static fn () => ImbaChat::replayId((new ImbaChat('s'))->sign(1), leeway: -1)],
            'no seconds' => [static fn () => new ReplayId('id', 0)],
            'no longest time' => [static fn () => new ReplayGuard(new MemoryReplayStore(), 'shop', 0)],
            'no application' => [static fn () => new ReplayGuard(new MemoryReplayStore(), '')],
        ];
    }

    public function testATokenThatCannotBeReadHasNoId(): void
    {
        $this->expectException(VerificationFailed::class);
        ImbaChat::replayId('token');
    }

    /** @dataProvider ownMistakes */
    public function testOwnMistakes(\Closure $mistake): void
    {
        $this->expectException(InvalidArgument::class);
        $mistake();
    }

    public function testOfOneRequestTheFirstIsLetIn(): void
    {
        $kommo = new Kommo('secret');
        $headers = $kommo->sign('POST', '/x', '{}');
        $other = $kommo->sign('POST', '/x', '{"another":1}');
        $upper = ['X-SIGNATURE' => \strtoupper($headers['X-Signature'])] + $headers;
        $guard = new ReplayGuard(new MemoryReplayStore(), 'shop');
        $this->assertTrue($guard->admit(Kommo::replayId($headers, 900)));
        $this->assertFalse($guard->admit(Kommo::replayId($headers, 900)));
        unset($upper['X-Signature']);
        $this->assertTrue($kommo->verify('POST', '/x', '{}', $upper));
        $this->assertFalse($guard->admit(Kommo::replayId($upper, 900)), 'in upper case it is the same');
        $this->assertTrue($guard->admit(Kommo::replayId($other, 900)));
        $guard->forget(Kommo::replayId($headers, 900));
        $this->assertTrue($guard->admit(Kommo::replayId($headers, 900)));
    }

    /** The earliest and the latest moment at which a signature holds are 1800 seconds apart. */
    public function testAnIdIsRememberedAsLongAsItsSignatureHolds(): void
    {
        [$kommo, $date] = [new Kommo('secret'), 1669231521];
        $headers = $kommo->sign('GET', '/x', '', $date);
        $now = $date - Kommo::TOLERANCE;
        $guard = new ReplayGuard(new MemoryReplayStore(static function () use (&$now): int {
            return $now;
        }), 'shop', longest: 100);
        $this->assertTrue($guard->admit(Kommo::replayId($headers, Kommo::TOLERANCE)));
        $this->assertTrue($guard->admit(Mor::replayId(self::HASH)));
        $now = $date + Kommo::TOLERANCE;
        $this->assertTrue($kommo->verify('GET', '/x', '', $headers, $now));
        $this->assertFalse($guard->admit(Kommo::replayId($headers, Kommo::TOLERANCE)));
        $this->assertTrue($guard->admit(Mor::replayId(self::HASH)), 'after the longest time it is new');
        $now++;
        $this->assertFalse($kommo->verify('GET', '/x', '', $headers, $now));
    }

    public function testAStoreThatFailsLetsNothingIn(): void
    {
        $store = new class implements ReplayStore {
            public function rememberIfNew(string $id, int $seconds): bool
            {
                throw new \RuntimeException('down');
            }

            public function forget(string $id): void
            {
            }
        };
        $this->expectExceptionMessage('down');
        (new ReplayGuard($store, 'shop'))->admit(Kayako::replayId('1'));
    }

    public function testRedis(): void
    {
        [$redis, $server] = $this->redis($port);
        try {
            $guard = new ReplayGuard(new RedisReplayStore($redis), 'shop', longest: 1234);
            $id = Mor::replayId(self::HASH);
            $this->assertTrue($guard->admit($id));
            $this->assertFalse($guard->admit($id));
            $this->assertSame(1234, $redis->ttl("apisig:shop:$id->id"));
            $this->assertTrue($guard->admit(new ReplayId('short', 1)));
            $guard->forget($id);
            $this->assertTrue($guard->admit($id));
            \usleep(1100000);
            $this->assertTrue($guard->admit(new ReplayId('short', 1)), 'Redis forgets it by itself');
        } finally {
            stop($server);
        }
    }

    /** @return array<string, array{int, int}> */
    public function lostAnswers(): array
    {
        $cases = [];
        foreach ([0, 3] as $retries) {
            foreach (['none', 'MULTI', 'SET', 'GET', 'EXEC'] as $lost => $command) {
                $cases["$command, $retries retries"] = [$lost, $retries];
            }
        }
        return $cases;
    }

    /**
     * A request that nobody has seen is never taken for a replay.
     *
     * @dataProvider lostAnswers
     */
    public function testALostAnswerOfRedis(int $lost, int $retries): void
    {
        [, $server] = $this->redis($port);
        $lossyPort = freePort();
        // start() connects to it too, and asks nothing.
        $proxy = start([\PHP_BINARY, __DIR__ . '/lossy_redis.php', (string) $lossyPort, (string) $port, (string) $lost], $lossyPort);
        try {
            $redis = new \Redis();
            $redis->connect('127.0.0.1', $lossyPort);
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
            stop($server);
        }
    }

    public function testARedisThatFailsLetsNothingIn(): void
    {
        [$redis, $server] = $this->redis($port);
        try {
            $store = new RedisReplayStore($redis);
            $redis->config('SET', 'maxmemory', '1');
            $this->assertFails(static fn () => $store->rememberIfNew('a', 60), 'OOM');
            $redis->config('SET', 'maxmemory', '0');
            $this->assertFails(static fn () => $store->rememberIfNew('a', \PHP_INT_MAX), 'ERR invalid expire time');
            $this->assertTrue($store->rememberIfNew('a', 60), 'an error of before is not of now');
            $redis->multi();
            $this->assertFails(static fn () => $store->rememberIfNew('b', 60), 'a transaction or a pipeline');
            $redis->discard();
            $redis->pipeline();
            $this->assertFails(static fn () => $store->forget('a'), 'a transaction or a pipeline');
            $redis->discard();
            $redis->lPush('list', 'x');
            $this->assertFails(static fn () => $store->rememberIfNew('list', 60), 'WRONGTYPE');
            $this->assertTrue($store->rememberIfNew('b', 60));
        } finally {
            stop($server);
        }
        $this->assertFails(static fn () => $store->rememberIfNew('c', 60), '');
        $this->assertFails(static fn () => $store->forget('c'), '');
    }

    public function testOfAThousandCopiesAtOnceRedisLetsOneIn(): void
    {
        [, $server] = $this->redis($port);
        try {
            $this->assertSame('1000 1', $this->workers([], (string) $port));
        } finally {
            stop($server);
        }
    }

    public function testOfAThousandCopiesAtOnceApcuLetsOneIn(): void
    {
        if (!\extension_loaded('apcu') || !\extension_loaded('pcntl')) {
            missing('The PHP extensions apcu and pcntl are not installed.');
        }
        $this->assertSame('1000 1', $this->workers(['-d', 'apc.enable_cli=1'], 'apcu'));
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
        $this->assertSame('[true,false][true,60]', self::output(['-d', 'apc.enable_cli=1', '-r', $script, $autoload]));
        $this->assertFalse(\apcu_enabled(), 'on the command line it is off');
        $this->expectException(Exception::class);
        new ApcuReplayStore();
    }

    private function assertFails(\Closure $call, string $message): void
    {
        try {
            $call();
        } catch (\RedisException $exception) {
            $this->assertStringContainsString($message, $exception->getMessage());
            return;
        }
        $this->fail('It answers.');
    }

    /** @return array{\Redis, resource} a connection to a server of its own */
    private function redis(?int &$port): array
    {
        if (!\extension_loaded('redis') || !\extension_loaded('pcntl') || \shell_exec('command -v redis-server') === null) {
            missing('redis-server or the PHP extension redis or pcntl is not installed.');
        }
        $port = freePort();
        $settings = ['--bind', '127.0.0.1', '--port', (string) $port, '--save', '', '--appendonly', 'no'];
        $server = start(['redis-server', ...$settings], $port);
        $redis = new \Redis();
        $redis->connect('127.0.0.1', $port);
        return [$redis, $server];
    }

    /** @param list<string> $settings */
    private function workers(array $settings, string $store): string
    {
        return self::output([...$settings, __DIR__ . '/replay_worker.php', $store, '8', '125']);
    }

    /** @param list<string> $arguments of php */
    private static function output(array $arguments): string
    {
        $process = \proc_open([\PHP_BINARY, ...$arguments], [1 => ['pipe', 'w']], $pipes);
        $output = \stream_get_contents($pipes[1]);
        \proc_close($process);
        return $output;
    }
}
