<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\Mor;
use Apisig\Status;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * Signs requests of Kolmisoft's MOR API: adds the parameter hash to the form of a POST to …/billing/api/METHOD.
 */
final class MorSigner extends Signer
{
    public function __construct(
        private readonly Mor $mor,
        private readonly StreamFactoryInterface $streams,
        ?string $host = null
    ) {
        parent::__construct($host);
    }

    /**
     * The request with the hash behind the other parameters of its form, which stay as they are.
     *
     * @throws Exception if the method is not in the registry: Mor::sign() makes the hash of its values then
     * @throws InvalidArgument if it is no POST to such a path; it has a query; its body cannot be rewound, is no form,
     *     has a parameter hash, or is one that servers read in different ways, as Mor::verifyRequest() says
     */
    public function sign(RequestInterface $request): RequestInterface
    {
        $this->requireHost($request);
        $isApi = \preg_match('~/billing/api/([^/]+)\z~', $request->getUri()->getPath(), $path) === 1;
        if (!$isApi || $request->getMethod() !== 'POST' || $request->getUri()->getQuery() !== '') {
            throw new InvalidArgument('This is no POST to …/billing/api/METHOD without a query.', Status::Argument);
        }
        $form = Body::form($request, 'hash');
        $hash = $this->mor->signRequest($path[1], self::parameters($form));
        $signed = Body::joined($form, "hash=$hash");
        if (!$this->mor->verifyRequest($path[1], $signed)) {
            throw new InvalidArgument(
                'The form is one that servers read in different ways: a parameter twice, an array, or an odd name.',
                Status::Argument
            );
        }
        return Body::withForm($request, $this->streams, $signed);
    }

    /** @return array<string, string> decoded; of two with one name the last */
    private static function parameters(#[\SensitiveParameter] string $form): array
    {
        $parameters = [];
        foreach (\array_filter(\explode('&', $form), '\strlen') as $field) {
            [$name, $value] = \explode('=', $field, 2) + [1 => ''];
            $parameters[\urldecode($name)] = \urldecode($value);
        }
        return $parameters;
    }
}
