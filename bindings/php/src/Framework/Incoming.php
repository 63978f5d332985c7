<?php

declare(strict_types=1);

namespace Apisig\Framework;

/**
 * A request as a Gate reads it, whatever the framework.
 *
 * @internal
 */
interface Incoming
{
    /**
     * Returns all values of a header.
     *
     * @param string $name case-insensitive
     * @return list<string>
     */
    public function header(string $name): array;

    /**
     * Returns the raw body, rewound for the next reader; null if it is longer than $max bytes. Stops reading soon
     * after the limit.
     */
    public function body(int $max): ?string;

    /**
     * Returns what PHP has in $_SERVER.
     *
     * @return array<string, mixed>
     */
    public function server(): array;
}
