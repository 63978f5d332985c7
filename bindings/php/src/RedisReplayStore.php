<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Ids in Redis, by the extension redis (phpredis): for any number of servers.
 *
 * Give Redis memory enough, and the policy `noeviction`: one that drops keys when memory is short lets replays in, and
 * so does a replica that takes over without having seen the last ids.
 */
final class RedisReplayStore implements ReplayStore
{
    /** @param \Redis $redis connected, and neither in a transaction nor in a pipeline */
    public function __construct(private readonly \Redis $redis)
    {
    }

    /** @throws \RedisException if Redis does not answer, or answers with an error */
    public function rememberIfNew(string $id, int $seconds): bool
    {
        $this->redis->clearLastError();
        // SET id 1 NX EX seconds
        return $this->answer($this->redis->set($id, '1', ['nx', 'ex' => $seconds])) === true;
    }

    /** @throws \RedisException */
    public function forget(string $id): void
    {
        $this->redis->clearLastError();
        $this->answer($this->redis->del($id));
    }

    /** Of most errors that Redis answers with the extension makes no exception, but the false of an id that is there. */
    private function answer(mixed $answer): mixed
    {
        $error = $this->redis->getLastError();
        if ($error !== null || \is_object($answer)) {
            throw new \RedisException($error ?? 'Redis queues the commands here: use a connection of its own.');
        }
        return $answer;
    }
}
