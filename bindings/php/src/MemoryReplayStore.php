<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Ids in this object, for tests: other processes do not see them, and none is ever dropped.
 */
final class MemoryReplayStore implements ReplayStore
{
    /** @var array<string, int> until when each is remembered */
    private array $until = [];

    /** @param ?\Closure(): int $clock Unix seconds; the system's clock if null */
    public function __construct(private readonly ?\Closure $clock = null)
    {
    }

    public function rememberIfNew(string $id, int $seconds): bool
    {
        $now = $this->clock === null ? \time() : ($this->clock)();
        if (($this->until[$id] ?? $now) > $now) {
            return false;
        }
        $this->until[$id] = $now + $seconds;
        return true;
    }

    public function forget(string $id): void
    {
        unset($this->until[$id]);
    }
}
