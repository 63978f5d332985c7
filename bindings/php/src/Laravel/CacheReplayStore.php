<?php

declare(strict_types=1);

namespace Apisig\Laravel;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\ReplayStore;
use Illuminate\Cache\ArrayStore;
use Illuminate\Cache\DatabaseStore;
use Illuminate\Cache\DynamoDbStore;
use Illuminate\Cache\FileStore;
use Illuminate\Cache\MemcachedStore;
use Illuminate\Cache\RedisStore;
use Illuminate\Contracts\Cache\Repository;

/**
 * Ids in Laravel's cache, by Cache::add(): for the servers that share the cache. Clearing the cache forgets them.
 *
 * Cache::add() is one step in the stores redis, memcached, dynamodb, database and file. Others are refused, such as
 * failover, whose stores do not know each other's ids. The store `array` is for tests: it lives in one process.
 */
final class CacheReplayStore implements ReplayStore
{
    private const STORES = [
        RedisStore::class, MemcachedStore::class, DynamoDbStore::class, DatabaseStore::class, FileStore::class,
        ArrayStore::class,
    ];

    /**
     * @param Repository $cache such as Cache::store('redis')
     * @throws InvalidArgument if its store cannot add in one step
     */
    public function __construct(private readonly Repository $cache)
    {
        $class = $cache->getStore()::class;
        $isKnown = static fn (string $known): bool => \is_a($class, $known, true);
        if (\array_filter(self::STORES, $isKnown) === []) {
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
        $store = $this->cache->getStore();
        if ($store instanceof DatabaseStore && $store->getConnection()->transactionLevel() > 0) {
            throw new Exception('The cache store\'s database is in a transaction: what is rolled back is forgotten.');
        }
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
