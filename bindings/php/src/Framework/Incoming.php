<?php

declare(strict_types=1);

namespace Apisig\Framework;

/**
 * A request as a Gate reads it, whatever the framework.
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
     * Returns the raw body, which its next reader reads from its start; null if it has more than $max bytes, of which
     * not many more are read.
     */
    public function body(int $max): ?string;

    /**
     * Returns what PHP has in $_SERVER.
     *
     * @return array<string, mixed>
     */
    public function server(): array;
}
