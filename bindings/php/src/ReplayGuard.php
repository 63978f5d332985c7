<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Admits a signed request once. Ask it only after the signature is verified: otherwise untrusted input decides which
 * ids are remembered.
 */
final class ReplayGuard
{
    /** 30 days. */
    public const LONGEST = 2592000;

    /** Ten years: more than that is more than some stores can count. */
    private const MOST = 315360000;

    /**
     * @param string $application the name of yours, not empty, such as "shop". It is part of every key: two
     *     applications that share a store each admit a request that both receive. All processes of one application, in
     *     PHP and Python, use the same name.
     * @param int $longest for how many seconds an id is remembered whose signature never expires, 1 or more, at most
     *     ten years. After that the same request is admitted again
     * @throws InvalidArgument
     */
    public function __construct(
        private readonly ReplayStore $store,
        private readonly string $application,
        private readonly int $longest = self::LONGEST
    ) {
        if ($application === '') {
            throw new InvalidArgument('$application is empty: give the name of your application.');
        }
        if ($longest < 1 || $longest > self::MOST) {
            throw new InvalidArgument('$longest is not a number of seconds from 1 to ten years.');
        }
    }

    /**
     * Whether the request comes for the first time. With true its id is remembered, for at most ten years: if handling
     * the request fails then, forget() the id to admit it again.
     *
     * @throws \Exception if the store fails: admit nothing then. The id may be remembered
     */
    public function admit(ReplayId $id): bool
    {
        return $this->store->rememberIfNew($this->key($id), \min($id->seconds ?? $this->longest, self::MOST));
    }

    /**
     * Admits the same request once more.
     *
     * @throws \Exception if the store fails
     */
    public function forget(ReplayId $id): void
    {
        $this->store->forget($this->key($id));
    }

    private function key(ReplayId $id): string
    {
        return "apisig:$this->application:$id->id";
    }
}
