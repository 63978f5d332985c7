<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Where a ReplayGuard remembers ids. All processes of one application share one store.
 */
interface ReplayStore
{
    /**
     * Remembers an id for so many seconds, and returns whether it is new, in one atomic step: of any number of callers
     * at the same time only one gets true.
     *
     * @param int $seconds 1 or more
     * @throws \Exception if the store fails, or cannot tell: true would admit a replay, false would refuse a new
     *     request
     */
    public function rememberIfNew(string $id, int $seconds): bool;

    /**
     * Forgets an id, if it is remembered.
     *
     * @throws \Exception if the store fails
     */
    public function forget(string $id): void;
}
