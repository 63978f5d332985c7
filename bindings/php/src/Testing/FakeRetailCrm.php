<?php

declare(strict_types=1);

namespace Apisig\Testing;

use Apisig\InvalidArgument;
use Apisig\Mistake;
use Apisig\RetailCrm;

/**
 * Sends what a RetailCRM system sends to a module.
 */
final class FakeRetailCrm extends Fake
{
    public const MISTAKES = [...parent::MISTAKES, Mistake::SecretSwapped, Mistake::Base64];

    private const URL = 'https://demo.retailcrm.ru';

    /**
     * Returns a register request.
     *
     * @param Mistake|string|null $broken what is wrong with it, one of MISTAKES
     * @throws InvalidArgument if it cannot have the mistake, or the API key is empty
     */
    public function register(
        #[\SensitiveParameter] string $apiKey = 'api_key',
        string $systemUrl = self::URL,
        Mistake|string|null $broken = null
    ): FakeRequest {
        $mistake = self::mistake($broken);
        $token = $mistake === Mistake::SecretSwapped
            ? (new RetailCrm($apiKey))->sign($this->secret())
            : (new RetailCrm($this->secret($mistake)))->sign($apiKey);
        $token = $mistake === Mistake::Base64 ? \base64_encode(\hex2bin($token)) : $token;
        return self::form(['register' => \json_encode(\compact('token', 'apiKey', 'systemUrl'))]);
    }

    /** Returns the request that tells of a module's activity. Nothing signs it. */
    public function activity(bool $active, bool $freeze = false, string $clientId = 'client-1'): FakeRequest
    {
        $activity = \json_encode(\compact('active', 'freeze'));
        return self::form(['clientId' => $clientId, 'activity' => $activity, 'systemUrl' => self::URL]);
    }

    /** Returns the request by which a user's browser comes to the accountUrl. Nothing signs it. */
    public function transition(string $clientId = 'client-1'): FakeRequest
    {
        return self::form(['clientId' => $clientId]);
    }

    private static function form(#[\SensitiveParameter] array $fields): FakeRequest
    {
        $headers = ['Content-Type' => 'application/x-www-form-urlencoded'];
        return new FakeRequest('POST', '/', $headers, \http_build_query($fields, '', '&'));
    }
}
