<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Where a ReplayGuard remembers ids. All processes that take requests for one secret share one store.
 */
interface ReplayStore
{
    /**
     * Remembers an id for so many seconds if it is not remembered already, in one step: of any number of callers at the
     * same time one alone is answered true.
     *
     * @param int $seconds 1 or more
     * @throws \Exception if the store fails, or cannot say. Never an answer then: true would let a replay in
     */
    public function rememberIfNew(string $id, int $seconds): bool;

    /**
     * Forgets an id, if it is remembered.
     *
     * @throws \Exception if the store fails
     */
    public function forget(string $id): void;
}
