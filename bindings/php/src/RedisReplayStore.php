<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Ids in Redis, by the extension redis (phpredis): for any number of servers.
 *
 * Give Redis enough memory, and the policy `noeviction`. A server that evicts keys admits replays, and so does a
 * replica that takes over without the last ids.
 */
final class RedisReplayStore implements ReplayStore
{
    /** @param \Redis $redis connected, with retries or without, and neither in a transaction nor in a pipeline */
    public function __construct(private readonly \Redis $redis)
    {
    }

    /**
     * A client may repeat a command whose answer was lost, and SET NX then finds the key that it set itself. So each
     * call sets a value of its own: the id is new if Redis has that value afterwards.
     *
     * @throws \RedisException if Redis does not answer, or answers with an error
     */
    public function rememberIfNew(string $id, int $seconds): bool
    {
        $value = \bin2hex(\random_bytes(16));
        $set = fn (): mixed => $this->redis->set($id, $value, ['nx', 'ex' => $seconds]);
        return $this->transaction($set, fn (): mixed => $this->redis->get($id))[1] === $value;
    }

    /** @throws \RedisException */
    public function forget(string $id): void
    {
        $this->transaction(fn (): mixed => $this->redis->del($id));
    }

    /**
     * Returns what Redis answers to commands that it runs as one. For an error the extension does not throw: it returns
     * false, as for a missing key.
     *
     * @return list<mixed>
     */
    private function transaction(\Closure ...$commands): array
    {
        if ($this->redis->getMode() !== \Redis::ATOMIC) {
            throw new \RedisException('The connection is in a transaction or a pipeline: use one of its own.');
        }
        $this->redis->clearLastError();
        try {
            $this->redis->multi();
            foreach ($commands as $command) {
                $command();
            }
            $answers = $this->redis->exec();
        } finally {
            // Where an exception left it open.
            if ($this->redis->getMode() !== \Redis::ATOMIC) {
                $this->redis->discard();
            }
        }
        $error = $this->redis->getLastError();
        if ($error !== null || !\is_array($answers)) {
            throw new \RedisException($error ?? 'Redis did not run the transaction.');
        }
        return $answers;
    }
}
