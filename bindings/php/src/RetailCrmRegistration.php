<?php

declare(strict_types=1);

namespace Apisig;

/**
 * The API key and the system URL of a register request, to be stored.
 *
 * The API key gives access to the account: keep it like a password. var_dump() and print_r() do not show it;
 * json_encode(), serialize() and var_export() do.
 */
final class RetailCrmRegistration
{
    /**
     * @param string $apiKey sent with the module's own requests
     * @param string $systemUrl such as "https://demo.retailcrm.ru": in lower case, without a slash at the end
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
