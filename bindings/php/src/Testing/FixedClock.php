<?php

declare(strict_types=1);

namespace Apisig\Testing;

/**
 * A clock that a test sets: `now: $clock()` for what takes a time, and $clock(...) for what takes a clock, such as
 * MemoryReplayStore. It does not replace the system's clock.
 */
final class FixedClock
{
    /** @param int $now Unix seconds */
    public function __construct(private int $now = 1669231521)
    {
    }

    /** Returns the time, in Unix seconds. */
    public function __invoke(): int
    {
        return $this->now;
    }

    /** Sets the clock forward, or back. */
    public function advance(int $seconds): void
    {
        $this->now += $seconds;
    }
}
