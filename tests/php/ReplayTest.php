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
        $ids = [
            ["apisig:kommo:$sha256", 1801, Kommo::replayId($headers)],
            ["apisig:kommo:$sha256", 1, Kommo::replayId($headers, tolerance: 0)],
            ["apisig:kommo-webhook:$sha256", null, Kommo::webhookReplayId(\strtoupper(self::HASH))],
            ["apisig:imbachat:$sha256", 3600, ImbaChat::replayId(self::HASH)],
            ["apisig:imbachat:$sha256", 60, ImbaChat::replayId(self::HASH, ttl: 60)],
            ["apisig:retailcrm:$sha256", null, RetailCrm::replayId(\strtoupper(self::HASH))],
            ["apisig:kayako:$sha256", null, Kayako::replayId(self::HASH)],
            ["apisig:mor:$sha256", null, Mor::replayId(\strtoupper(self::HASH))],
        ];
        foreach ($ids as [$id, $seconds, $replayId]) {
            $this->assertSame([$id, $seconds], [$replayId->id, $replayId->seconds]);
        }
        $this->assertNotEquals(ImbaChat::replayId('a'), ImbaChat::replayId('A'), 'a token is no hex');
        $this->assertNotEquals(Kayako::replayId('a'), Kayako::replayId('A'), 'neither is a salt');
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
            'no time to live' => [static fn () => ImbaChat::replayId('token', 0)],
            'no seconds' => [static fn () => new ReplayId('id', 0)],
            'no longest time' => [static fn () => new ReplayGuard(new MemoryReplayStore(), 0)],
        ];
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
        $guard = new ReplayGuard(new MemoryReplayStore());
        $this->assertTrue($guard->admit(Kommo::replayId($headers)));
        $this->assertFalse($guard->admit(Kommo::replayId($headers)));
        unset($upper['X-Signature']);
        $this->assertTrue($kommo->verify('POST', '/x', '{}', $upper));
        $this->assertFalse($guard->admit(Kommo::replayId($upper)), 'in upper case it is the same');
        $this->assertTrue($guard->admit(Kommo::replayId($other)));
        $guard->forget(Kommo::replayId($headers));
        $this->assertTrue($guard->admit(Kommo::replayId($headers)));
    }

    /** The earliest and the latest moment at which a signature holds are 1800 seconds apart. */
    public function testAnIdIsRememberedAsLongAsItsSignatureHolds(): void
    {
        [$kommo, $date] = [new Kommo('secret'), 1669231521];
        $headers = $kommo->sign('GET', '/x', '', $date);
        $now = $date - Kommo::TOLERANCE;
        $guard = new ReplayGuard(new MemoryReplayStore(static function () use (&$now): int {
            return $now;
        }), longest: 100);
        $this->assertTrue($guard->admit(Kommo::replayId($headers)));
        $this->assertTrue($guard->admit(Mor::replayId(self::HASH)));
        $now = $date + Kommo::TOLERANCE;
        $this->assertTrue($kommo->verify('GET', '/x', '', $headers, $now));
        $this->assertFalse($guard->admit(Kommo::replayId($headers)));
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
        (new ReplayGuard($store))->admit(Kayako::replayId('1'));
    }

    public function testRedis(): void
    {
        [$redis, $server] = $this->redis($port);
        try {
            $guard = new ReplayGuard(new RedisReplayStore($redis), longest: 1234);
            $id = Mor::replayId(self::HASH);
            $this->assertTrue($guard->admit($id));
            $this->assertFalse($guard->admit($id));
            $this->assertSame(1234, $redis->ttl($id->id));
            $this->assertTrue($guard->admit(new ReplayId('short', 1)));
            $guard->forget($id);
            $this->assertTrue($guard->admit($id));
            \usleep(1100000);
            $this->assertTrue($guard->admit(new ReplayId('short', 1)), 'Redis forgets it by itself');
        } finally {
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
            $this->assertFails(static fn () => $store->rememberIfNew('b', 60), 'queues');
            $redis->discard();
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
