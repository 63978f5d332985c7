<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Ids in APCu: for one server, and the worker processes of one php-fpm alone.
 *
 * APCu forgets everything when php-fpm is restarted, and drops entries when its memory is full: then replays are
 * admitted. Where that matters, use Redis.
 */
final class ApcuReplayStore implements ReplayStore
{
    /** @throws Exception if APCu is not enabled: on the command line it needs apc.enable_cli=1 */
    public function __construct()
    {
        if (!\function_exists('apcu_enabled') || !\apcu_enabled()) {
            throw new Exception('APCu is not enabled: install the extension apcu, and set apc.enabled=1.');
        }
    }

    /** @throws Exception if APCu has no memory for it */
    public function rememberIfNew(string $id, int $seconds): bool
    {
        // It returns false also if the id cannot be stored.
        return \apcu_add($id, 1, $seconds)
            || !\apcu_exists($id) && throw new Exception('APCu did not store the id: raise apc.shm_size.');
    }

    public function forget(string $id): void
    {
        \apcu_delete($id);
    }
}
