<?php

declare(strict_types=1);

namespace Apisig\Testing;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\Mistake;
use Apisig\Mor;

/**
 * Sends what a client of MOR's API sends: for tests of a server or a gateway that checks it.
 */
final class FakeMor extends Fake
{
    public const MISTAKES = [...parent::MISTAKES, Mistake::UpperCase];

    /**
     * Returns a request.
     *
     * @param string $method such as "user_balance_get", as in Mor::request()
     * @param array<string, string|int> $parameters as in Mor::request()
     * @param Mistake|string|null $broken what is wrong with it, one of MISTAKES
     * @throws InvalidArgument if it cannot have the mistake; or by Mor::request()
     * @throws Exception if the method is not in the registry
     */
    public function request(
        string $method = 'user_balance_get',
        #[\SensitiveParameter] array $parameters = ['u' => 'admin', 'user_id' => 2],
        Mistake|string|null $broken = null
    ): FakeRequest {
        $mistake = self::mistake($broken);
        $mor = new Mor($this->secret($mistake));
        $request = $mor->request($method, $parameters, 'http://localhost');
        $hash = $mor->signRequest($method, $parameters);
        $sent = $mistake === Mistake::UpperCase ? \strtoupper($hash) : $hash;
        $body = \str_replace("hash=$hash", "hash=$sent", $request->body);
        return new FakeRequest($request->method, $request->url, $request->headers, $body);
    }
}
