<?php

declare(strict_types=1);

namespace Apisig;

/**
 * A signed request, for any HTTP client: send its body byte for byte.
 */
final class Request
{
    /**
     * @param string $method such as "POST"
     * @param string $url whole, with its query
     * @param array<string, string> $headers by name
     * @param string $body the raw bytes: send them as they are
     */
    public function __construct(
        public readonly string $method,
        public readonly string $url,
        public readonly array $headers,
        #[\SensitiveParameter] public readonly string $body
    ) {
    }

    /** @return array{method: string, host: string} what var_dump() shows: URL, headers and body may have a credential */
    public function __debugInfo(): array
    {
        return ['method' => $this->method, 'host' => (string) \parse_url($this->url, \PHP_URL_HOST)];
    }
}
