<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What a RetailCRM register request brings: a plain value, to be stored.
 *
 * Whoever has the API key may use the account: keep it as a password. var_dump() and print_r() do not show it;
 * json_encode(), serialize() and var_export() do.
 */
final class RetailCrmRegistration
{
    /**
     * @param string $apiKey what the module shows the system in its own requests
     * @param string $systemUrl such as "https://demo.retailcrm.ru": in lower case, without a slash behind it
     */
    public function __construct(
        #[\SensitiveParameter] public readonly string $apiKey,
        public readonly string $systemUrl
    ) {
    }

    /** @return array<string, string> what var_dump() and the like see: not the API key */
    public function __debugInfo(): array
    {
        return ['systemUrl' => $this->systemUrl];
    }
}
