<?php

declare(strict_types=1);

namespace Apisig;

/**
 * The answer to a vendor's request.
 */
final class Response
{
    /**
     * @param int $status of HTTP, such as 200
     * @param array<string, string> $headers by name
     * @param string $body the raw bytes
     */
    public function __construct(
        public readonly int $status,
        public readonly array $headers,
        public readonly string $body
    ) {
    }

    /** Sends it by header() and echo, if no framework does. */
    public function send(): void
    {
        \http_response_code($this->status);
        foreach ($this->headers as $name => $value) {
            \header("$name: $value");
        }
        echo $this->body;
    }
}
