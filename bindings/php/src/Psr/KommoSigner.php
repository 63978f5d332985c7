<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\InvalidArgument;
use Apisig\Kommo;
use Apisig\Status;
use Psr\Http\Message\RequestInterface;

/**
 * Signs requests of Kommo's (amoCRM's) Chat API: sets the headers Date, Content-Type, Content-MD5 and X-Signature.
 */
final class KommoSigner extends Signer
{
    /** Dot segments, and unreserved characters that are encoded: curl and Symfony's client send another path. */
    private const REWRITTEN = '~/\.\.?(?:/|\z)|%(?:2[DE]|3\d|[46][1-9A-F]|5[\dAF]|7[\dAE])~i';

    /** @param ?string $host such as "amojo.kommo.com": requests to any other are refused */
    public function __construct(private readonly Kommo $kommo, ?string $host = null)
    {
        parent::__construct($host);
    }

    /**
     * The request with the four headers. Its content type becomes application/json, the only one that the vendor takes.
     *
     * @throws InvalidArgument if the body cannot be rewound; the path has dot segments, "/../", or encoded characters
     *     that need no encoding, "%41"; or there is a request target other than the URI's
     */
    public function sign(RequestInterface $request): RequestInterface
    {
        $this->requireHost($request);
        $path = $request->getUri()->getPath() ?: '/';
        if (\explode('?', $request->getRequestTarget(), 2)[0] !== $path || \preg_match(self::REWRITTEN, $path) === 1) {
            throw new InvalidArgument(
                'What the client would send may be another path than the one that is signed: take the request target of'
                . ' the URI, and a path without dot segments and needless percent-encoding.',
                Status::Argument
            );
        }
        $headers = $this->kommo->sign($request->getMethod(), $path, Body::read($request));
        foreach ($headers as $name => $value) {
            $request = $request->withHeader($name, $value);
        }
        return $request;
    }
}
