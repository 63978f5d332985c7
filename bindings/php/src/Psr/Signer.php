<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\InvalidArgument;
use Psr\Http\Message\RequestInterface;

/**
 * Signs the requests of PSR-7: a callable, as Guzzle's Middleware::mapRequest() and Laravel's Http take it.
 *
 * Let it be the last that changes a request, and follow no redirect: the new request would be signed for another host.
 * Give the vendor's host, and such a request is refused.
 */
abstract class Signer
{
    /** @param ?string $host the only one that requests are signed for, without its port; null: any */
    protected function __construct(private readonly ?string $host)
    {
    }

    /**
     * Returns the signed request. The one that was passed in is not changed, but its body is read and rewound.
     *
     * @throws InvalidArgument if the request cannot be signed as it would be sent
     */
    abstract public function sign(RequestInterface $request): RequestInterface;

    /**
     * Returns the same as sign().
     *
     * @throws InvalidArgument
     */
    final public function __invoke(RequestInterface $request): RequestInterface
    {
        return $this->sign($request);
    }

    /** @throws InvalidArgument if the request goes to another host than the one that was given, or to another target */
    final protected function requireHost(RequestInterface $request): void
    {
        $path = $request->getUri()->getPath() ?: '/';
        if (\explode('?', $request->getRequestTarget(), 2)[0] !== $path) {
            throw new InvalidArgument('The request target is not that of the URI. Remove withRequestTarget().');
        }
        if ($this->host !== null && \strcasecmp($request->getUri()->getHost(), $this->host) !== 0) {
            throw new InvalidArgument('The request goes to another host. Follow no redirects.');
        }
    }
}
