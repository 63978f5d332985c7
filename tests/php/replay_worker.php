<?php

/**
 * Workers that all take copies of one signed request at the same time: prints how many of them were checked, and how many let in.
 *
 *     php replay_worker.php STORE WORKERS COPIES     STORE: a port of Redis, "apcu", a DSN of PDO, or the folder of Laravel's cache
 */

declare(strict_types=1);

use Apisig\ApcuReplayStore;
use Apisig\Kommo;
use Apisig\Laravel\CacheReplayStore;
use Apisig\PdoReplayStore;
use Apisig\RedisReplayStore;
use Apisig\ReplayGuard;
use Apisig\ReplayStore;
use Illuminate\Cache\FileStore;
use Illuminate\Cache\Repository;
use Illuminate\Filesystem\Filesystem;

// phpcs:disable PSR1.Files.SideEffects
require __DIR__ . '/../../bindings/php/vendor/autoload.php';

/** A connection of this worker's own, as every process of a server has one. */
function store(string $name): ReplayStore
{
    if ($name === 'apcu') {
        return new ApcuReplayStore();
    }
    if (is_dir($name)) {
        require_once 'Illuminate/Cache/autoload.php';
        return new CacheReplayStore(new Repository(new FileStore(new Filesystem(), $name)));
    }
    if (str_contains($name, ':')) {
        return new PdoReplayStore(new PDO($name));
    }
    $redis = new Redis();
    $redis->connect('127.0.0.1', (int) $name);
    return new RedisReplayStore($redis);
}

[, $name, $workers, $copies] = $argv;
$headers = (new Kommo('channel secret'))->sign('POST', '/v2/origin/custom/1', '{}');
$start = microtime(true) + 0.2;
$children = [];
for ($worker = 0; $worker < (int) $workers; $worker++) {
    [$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    $pid = pcntl_fork();
    if ($pid !== 0) {
        fclose($theirs);
        $children[$pid] = $ours;
        continue;
    }
    $guard = new ReplayGuard(store($name), 'shop');
    $kommo = new Kommo('channel secret');
    time_sleep_until($start);
    $checked = $admitted = 0;
    for ($copy = 0; $copy < (int) $copies; $copy++) {
        if ($kommo->verify('POST', '/v2/origin/custom/1', '{}', $headers)) {
            $checked++;
            $admitted += (int) $guard->admit(Kommo::replayId($headers, Kommo::TOLERANCE));
        }
    }
    fwrite($theirs, "$checked $admitted");
    exit;
}
$sums = [0, 0];
foreach ($children as $pid => $socket) {
    [$checked, $admitted] = explode(' ', stream_get_contents($socket));
    $sums = [$sums[0] + (int) $checked, $sums[1] + (int) $admitted];
    pcntl_waitpid($pid, $status);
}
echo implode(' ', $sums);
