<?php

declare(strict_types=1);

namespace Apisig\Testing;

use Illuminate\Http\Request as LaravelRequest;
use Psr\Http\Message\ServerRequestFactoryInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Symfony\Component\HttpFoundation\Request as SymfonyRequest;

/**
 * A request as it reaches your application, for your own tests: in the form that your framework takes.
 */
final class FakeRequest
{
    /**
     * @param string $method such as "POST"
     * @param string $url a path or a whole URL, with its query
     * @param array<string, string> $headers by name
     * @param string $body the raw bytes
     */
    public function __construct(
        public readonly string $method,
        public readonly string $url,
        public readonly array $headers = [],
        public readonly string $body = ''
    ) {
    }

    /** Returns the same request to another URL, such as that of your route. It keeps its query. */
    public function to(string $url): self
    {
        $query = \parse_url($this->url, \PHP_URL_QUERY);
        $url .= $query === null ? '' : (\str_contains($url, '?') ? '&' : '?') . $query;
        return new self($this->method, $url, $this->headers, $this->body);
    }

    /**
     * Returns a PSR-7 request.
     *
     * @param ServerRequestFactoryInterface&StreamFactoryInterface $factory such as Nyholm's Psr17Factory or Guzzle's
     *     HttpFactory
     */
    public function psr7(ServerRequestFactoryInterface&StreamFactoryInterface $factory): ServerRequestInterface
    {
        $request = $factory->createServerRequest($this->method, $this->url)
            ->withBody($factory->createStream($this->body))
            ->withQueryParams(self::fields((string) \parse_url($this->url, \PHP_URL_QUERY)))
            ->withParsedBody($this->form());
        foreach ($this->headers as $name => $value) {
            $request = $request->withHeader($name, $value);
        }
        return $request;
    }

    /** Returns a request of Symfony's HttpFoundation. */
    public function symfony(): SymfonyRequest
    {
        return SymfonyRequest::create(...$this->arguments());
    }

    /** Returns a request of Laravel. */
    public function laravel(): LaravelRequest
    {
        return LaravelRequest::create(...$this->arguments());
    }

    /**
     * Returns the arguments of what sends a request to the application under test: $this->call(...$it->arguments()) in
     * Laravel's tests, $client->request(...$it->arguments()) in Symfony's.
     *
     * @return array{method: string, uri: string, parameters: array<mixed>, server: array<string, string>,
     *     content: string}
     */
    public function arguments(): array
    {
        return [
            'method' => $this->method,
            'uri' => $this->url,
            'parameters' => $this->form(),
            'server' => $this->server(),
            'content' => $this->body,
        ];
    }

    /**
     * Returns the headers as they are in $_SERVER.
     *
     * @return array<string, string>
     */
    public function server(): array
    {
        $server = [];
        foreach ($this->headers as $name => $value) {
            $name = \strtoupper(\strtr($name, '-', '_'));
            $server[$name === 'CONTENT_TYPE' ? $name : "HTTP_$name"] = $value;
        }
        return $server;
    }

    /** @return array<mixed> what PHP reads into $_POST */
    private function form(): array
    {
        $isForm = ($this->headers['Content-Type'] ?? '') === 'application/x-www-form-urlencoded';
        return $isForm ? self::fields($this->body) : [];
    }

    /** @return array<mixed> */
    private static function fields(#[\SensitiveParameter] string $query): array
    {
        \parse_str($query, $fields);
        return $fields;
    }
}
