<?php

/**
 * What the PHP tests share: the classes under test, random bytes, exceptions, and processes beside the test.
 */

declare(strict_types=1);

namespace Apisig\Tests;

use PHPUnit\Framework\Assert;

require __DIR__ . '/../../bindings/php/vendor/autoload.php';
require __DIR__ . '/psr.php';
require __DIR__ . '/Calls.php';

/** Random bytes of a random length, NUL and high bytes among them. */
function bytes(int $min, int $max): string
{
    $length = \random_int($min, $max);
    return $length > 0 ? \random_bytes($length) : '';
}

/** Something cannot be tested here: a failure where everything must be. */
function missing(string $what): never
{
    \getenv('REQUIRE_ALL') === '1' ? Assert::fail($what) : Assert::markTestSkipped($what);
    throw new \LogicException();
}

/** What a call throws, which has to be of this class. */
function thrown(string $class, \Closure $call): \Throwable
{
    try {
        $call();
    } catch (\Throwable $thrown) {
        Assert::assertInstanceOf($class, $thrown);
        return $thrown;
    }
    Assert::fail("No $class was thrown.");
}

/**
 * What PHP prints.
 *
 * @param list<string> $arguments
 * @param array<string, string> $environment beside the test's own
 */
function php(array $arguments, array $environment = []): string
{
    $process = \proc_open([\PHP_BINARY, ...$arguments], [1 => ['pipe', 'w']], $pipes, null, $environment + \getenv());
    $output = \stream_get_contents($pipes[1]);
    \proc_close($process);
    return $output;
}

/** A header for ffi.preload with the library's path. */
function preloaded(): string
{
    $library = (string) \getenv('APISIG_LIBRARY');
    $header = \file_get_contents(__DIR__ . '/../../bindings/php/apisig.ffi.h');
    $file = \dirname($library, 2) . '/tests/preloaded.h';
    \file_put_contents($file, \str_replace('libapisig.so.0', $library, $header));
    return $file;
}

/** A port of this machine that nobody listens at. */
function freePort(): int
{
    $socket = \stream_socket_server('tcp://127.0.0.1:0');
    $port = (int) \substr(\strrchr(\stream_socket_get_name($socket, false), ':'), 1);
    \fclose($socket);
    return $port;
}

/**
 * Starts a server and waits until it listens.
 *
 * @param list<string> $command
 * @param array<string, string> $environment beside the test's own
 * @return resource the process: stop() ends it
 */
function start(array $command, int $port, array $environment = [])
{
    $output = ['file', '/dev/null', 'w'];
    $process = \proc_open($command, [['file', '/dev/null', 'r'], $output, $output], $pipes, null, $environment + \getenv());
    for ($tries = 0; $tries < 200; $tries++) {
        $socket = @\fsockopen('127.0.0.1', $port);
        if ($socket !== false) {
            \fclose($socket);
            return $process;
        }
        \usleep(25000);
    }
    stop($process);
    Assert::fail("$command[0] does not listen.");
}

/**
 * @param resource $process
 * @param int $signal SIGTERM, if not given
 */
function stop($process, int $signal = 15): void
{
    \proc_terminate($process, $signal);
    \proc_close($process);
}

/**
 * A server of Redis.
 *
 * @return array{resource, int} the process, and its port
 */
function startRedis(): array
{
    if (!\extension_loaded('redis') || !\extension_loaded('pcntl') || \shell_exec('command -v redis-server') === null) {
        missing('redis-server or the PHP extension redis or pcntl is not installed.');
    }
    $port = freePort();
    $settings = ['--bind', '127.0.0.1', '--port', (string) $port, '--save', '', '--appendonly', 'no'];
    return [start(['redis-server', ...$settings], $port), $port];
}

/**
 * The servers of tests/packages/examples, which check with PHP's own functions.
 *
 * @return array<string, array{resource, string}> the process of each vendor, and its URL
 */
function startVendors(array $environment): array
{
    $servers = [];
    foreach (\glob(\dirname(__DIR__) . '/packages/examples/*_server.php') as $router) {
        $address = '127.0.0.1:' . $port = freePort();
        $server = start([\PHP_BINARY, '-S', $address, $router], $port, $environment);
        $servers[\basename($router, '_server.php')] = [$server, "http://$address"];
    }
    return $servers;
}
