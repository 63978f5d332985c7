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
 * The signature never expires: keep URL and body out of logs. For a retry, sign the original request again.
 */
final class KayakoSigner extends Signer
{
    private readonly Secret $apiKey;

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
     * Returns the request with the three parameters behind those that it has.
     *
     * @throws InvalidArgument if the method is not GET, POST, PUT or DELETE; a body of POST or PUT cannot be rewound,
     *     or is not a form; or as Kayako::signForm()
     */
    public function sign(RequestInterface $request): RequestInterface
    {
        $this->requireHost($request);
        $salt = Kayako::salt();
        return match ($request->getMethod()) {
            'GET', 'DELETE' => $this->withQuery($request, $salt),
            'POST' => $this->withBody($request, $salt),
            'PUT' => $this->withBody($this->withQuery($request, $salt), $salt),
            default => throw new InvalidArgument('The method is not GET, POST, PUT or DELETE. Pass one of them.'),
        };
    }

    private function withQuery(RequestInterface $request, string $salt): RequestInterface
    {
        $uri = $request->getUri();
        return $request->withUri($uri->withQuery($this->signed($uri->getQuery(), $salt)), true);
    }

    private function withBody(RequestInterface $request, string $salt): RequestInterface
    {
        return Body::withForm($request, $this->streams, $this->signed(Body::form($request), $salt));
    }

    private function signed(#[\SensitiveParameter] string $form, string $salt): string
    {
        return $this->kayako->signForm($this->apiKey->text(), $form, $salt);
    }
}
