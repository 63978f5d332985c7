<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\Mor;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * Signs requests of Kolmisoft's MOR API: adds the parameter hash to the form of a POST to …/billing/api/METHOD.
 */
final class MorSigner extends Signer
{
    /**
     * @param bool $allowGet sign the query of a GET too, for a server that allows it. Web servers and proxies log it.
     */
    public function __construct(
        private readonly Mor $mor,
        private readonly StreamFactoryInterface $streams,
        ?string $host = null,
        private readonly bool $allowGet = false
    ) {
        parent::__construct($host);
    }

    /**
     * Returns the request with the hash behind the other parameters of its form.
     *
     * @throws Exception if the method is not in the registry: use Mor::sign()
     * @throws InvalidArgument if it is neither a POST to such a path without a query, nor a GET that is allowed and
     *     has no body; its body cannot be rewound or is not a form; or as Mor::signForm()
     */
    public function sign(RequestInterface $request): RequestInterface
    {
        $this->requireHost($request);
        $uri = $request->getUri();
        $isApi = \preg_match('~/billing/api/([^/]+)\z~', $uri->getPath(), $path) === 1;
        if ($isApi && $this->allowGet && $request->getMethod() === 'GET' && $request->getBody()->getSize() === 0) {
            return $request->withUri($uri->withQuery($this->mor->signForm($path[1], $uri->getQuery())));
        }
        if (!$isApi || $request->getMethod() !== 'POST' || $uri->getQuery() !== '') {
            throw new InvalidArgument(
                'The request is not a POST to /billing/api/METHOD without a query. Send the parameters as a form.'
            );
        }
        return Body::withForm($request, $this->streams, $this->mor->signForm($path[1], Body::form($request)));
    }
}
