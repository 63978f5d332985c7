<?php

declare(strict_types=1);

namespace Apisig\Testing;

use Apisig\InvalidArgument;
use Apisig\Kayako;
use Apisig\Mistake;
use Apisig\Psr\Secret;

/**
 * Sends what a client of Kayako's REST API sends: for tests of a server or a gateway that checks it.
 */
final class FakeKayako extends Fake
{
    public const MISTAKES = [...parent::MISTAKES, Mistake::Hex, Mistake::EncodedTwice];

    private readonly Secret $apiKey;

    public function __construct(#[\SensitiveParameter] string $secret, #[\SensitiveParameter] string $apiKey)
    {
        parent::__construct($secret);
        $this->apiKey = new Secret($apiKey);
    }

    /**
     * Returns a request, with a fresh salt.
     *
     * @param string $method GET, POST, PUT or DELETE
     * @param array<mixed> $fields as in Kayako::request()
     * @param Mistake|string|null $broken what is wrong with it, one of MISTAKES
     * @throws InvalidArgument if it cannot have the mistake; or by Kayako::request()
     */
    public function request(
        string $method = 'GET',
        string $route = '/Base/User/1',
        #[\SensitiveParameter] array $fields = [],
        Mistake|string|null $broken = null
    ): FakeRequest {
        $mistake = self::mistake($broken);
        $kayako = new Kayako($this->secret($mistake));
        $salt = Kayako::salt();
        $signature = $kayako->sign($salt);
        $sent = match ($mistake) {
            Mistake::Hex => \bin2hex(\base64_decode($signature)),
            Mistake::EncodedTwice => \urlencode($signature),
            default => $signature,
        };
        $request = $kayako->request($method, 'http://localhost', $route, $this->apiKey->text(), $fields, salt: $salt);
        $write = static fn (string $text): string => \str_replace(\urlencode($signature), \urlencode($sent), $text);
        return new FakeRequest($request->method, $write($request->url), $request->headers, $write($request->body));
    }
}
