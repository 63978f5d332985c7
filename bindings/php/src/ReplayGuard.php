<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Lets a signed request in once. Ask it after a check that held, and never before one: otherwise a stranger can have
 * ids remembered that are not his.
 */
final class ReplayGuard
{
    /** 30 days. */
    public const LONGEST = 2592000;

    /**
     * @param int $longest for how many seconds an id is remembered whose signature never expires, 1 or more: after
     *     that, the same request is let in once more
     * @throws InvalidArgument
     */
    public function __construct(private readonly ReplayStore $store, private readonly int $longest = self::LONGEST)
    {
        if ($longest < 1) {
            throw new InvalidArgument('The longest time is 1 second or more.', Status::Argument);
        }
    }

    /**
     * Whether this is the first time. True says at once that it was: a request whose handling fails after that is not
     * let in again, unless its id is forgotten.
     *
     * @throws \Exception if the store fails. Nothing is let in then; if only its answer was lost, the id is remembered
     */
    public function admit(ReplayId $id): bool
    {
        return $this->store->rememberIfNew($id->id, $id->seconds ?? $this->longest);
    }

    /**
     * Lets the same request in once more.
     *
     * @throws \Exception if the store fails
     */
    public function forget(ReplayId $id): void
    {
        $this->store->forget($id->id);
    }
}
