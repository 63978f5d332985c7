<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\InvalidArgument;
use Psr\Http\Message\RequestInterface;

/**
 * Signs the requests of PSR-7: a callable, as Guzzle's Middleware::mapRequest() and Laravel's Http take it.
 *
 * Let it be the last that changes a request, and follow no redirect: the new request would be signed for another host.
 */
abstract class Signer
{
    /**
     * The request, signed. The one that was passed in stays as it is, but its body is read and rewound.
     *
     * @throws InvalidArgument if the request cannot be signed as it would be sent
     */
    abstract public function sign(RequestInterface $request): RequestInterface;

    /**
     * The same.
     *
     * @throws InvalidArgument
     */
    final public function __invoke(RequestInterface $request): RequestInterface
    {
        return $this->sign($request);
    }
}
