<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\InvalidArgument;
use Apisig\Kayako;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * Signs requests of Kayako's REST API: adds apikey, a fresh salt and its signature where the vendor's server reads
 * them, in the query (GET and DELETE), in the body (POST), in both (PUT, of which it may read either).
 *
 * The signature never expires: keep URL and body out of logs. Every retry needs the request that was not signed yet.
 */
final class KayakoSigner extends Signer
{
    private readonly Secret $apiKey;

    private const PARAMETERS = ['apikey', 'salt', 'signature'];

    /** @param string $apiKey the helpdesk's API key */
    public function __construct(
        private readonly Kayako $kayako,
        #[\SensitiveParameter] string $apiKey,
        private readonly StreamFactoryInterface $streams,
        ?string $host = null
    ) {
        parent::__construct($host);
        $this->apiKey = new Secret($apiKey);
    }

    /**
     * The request with the three parameters; what is there stays as it is.
     *
     * @throws InvalidArgument if the method is none of GET, POST, PUT, DELETE; a body of POST or PUT cannot be rewound,
     *     or is no form; a parameter is named apikey, salt or signature, as is that of a staff user, which is sent as
     *     staffsignature; or the API key is white space
     */
    public function sign(RequestInterface $request): RequestInterface
    {
        $this->requireHost($request);
        $parameters = $this->kayako->encodedParameters($this->apiKey->text());
        return match ($request->getMethod()) {
            'GET', 'DELETE' => $this->withQuery($request, $parameters),
            'POST' => $this->withBody($request, $parameters),
            'PUT' => $this->withBody($this->withQuery($request, $parameters), $parameters),
            default => throw new InvalidArgument('The method is none of GET, POST, PUT, DELETE.'),
        };
    }

    private function withQuery(RequestInterface $request, #[\SensitiveParameter] string $parameters): RequestInterface
    {
        $uri = $request->getUri();
        Body::refuse($uri->getQuery(), ...self::PARAMETERS);
        return $request->withUri($uri->withQuery(Body::joined($uri->getQuery(), $parameters)), true);
    }

    private function withBody(RequestInterface $request, #[\SensitiveParameter] string $parameters): RequestInterface
    {
        $form = Body::form($request, ...self::PARAMETERS);
        return Body::withForm($request, $this->streams, Body::joined($parameters, $form));
    }
}
