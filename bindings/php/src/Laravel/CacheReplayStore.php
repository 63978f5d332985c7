<?php

declare(strict_types=1);

namespace Apisig\Laravel;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\ReplayStore;
use Illuminate\Cache\ArrayStore;
use Illuminate\Contracts\Cache\Repository;

/**
 * Ids in Laravel's cache, by Cache::add(): for the servers that share the cache. Clearing the cache forgets them.
 *
 * Cache::add() is one step only where the store itself has a method add(): redis, memcached, dynamodb, database, file.
 * Others are refused. The store `array` is admitted, for tests: it lives in one process.
 */
final class CacheReplayStore implements ReplayStore
{
    /**
     * @param Repository $cache such as Cache::store('redis')
     * @throws InvalidArgument if its store cannot add in one step
     */
    public function __construct(private readonly Repository $cache)
    {
        $store = $cache->getStore();
        if (!\method_exists($store, 'add') && !$store instanceof ArrayStore) {
            $class = $store::class;
            throw new InvalidArgument("The cache store $class cannot add in one step. Use redis, database or file.");
        }
    }

    /**
     * A client may repeat a command whose answer was lost, and then finds the value that it added itself. So each call
     * adds a value of its own.
     *
     * @throws \Exception if the cache fails
     */
    public function rememberIfNew(string $id, int $seconds): bool
    {
        $value = \bin2hex(\random_bytes(16));
        if ($this->cache->add($id, $value, $seconds)) {
            return true;
        }
        $stored = $this->cache->get($id) ?? throw new Exception('The cache did not store the id of a request.');
        return $stored === $value;
    }

    /** @throws \Exception if the cache fails */
    public function forget(string $id): void
    {
        $this->cache->forget($id);
    }
}
