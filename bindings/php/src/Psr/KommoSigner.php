<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\InvalidArgument;
use Apisig\Kommo;
use Psr\Http\Message\RequestInterface;

/**
 * Signs requests of Kommo's (amoCRM's) Chat API: sets the headers Date, Content-Type, Content-MD5 and X-Signature.
 */
final class KommoSigner extends Signer
{
    /** @param ?string $host such as "amojo.kommo.com": requests to any other are refused */
    public function __construct(private readonly Kommo $kommo, ?string $host = null)
    {
        parent::__construct($host);
    }

    /**
     * Returns the request with the four headers. Its content type becomes application/json, the only one that the
     * vendor accepts.
     *
     * @throws InvalidArgument if the body cannot be rewound; the request target is not that of the URI; or as
     *     Kommo::sign()
     */
    public function sign(RequestInterface $request): RequestInterface
    {
        $this->requireHost($request);
        $path = $request->getUri()->getPath() ?: '/';
        $headers = $this->kommo->sign($request->getMethod(), $path, Body::read($request));
        foreach ($headers as $name => $value) {
            $request = $request->withHeader($name, $value);
        }
        return $request;
    }
}
