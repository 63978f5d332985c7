<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What a RetailCRM system says about a module's activity. Nothing signs it.
 */
final class RetailCrmActivity
{
    /**
     * @param bool $active whether the module is switched on
     * @param bool $freeze whether the account is frozen
     * @param string $clientId the account's, which the module gave when it registered itself
     * @param string $systemUrl as it was sent, '' if it was not: send nothing there
     * @param array<mixed> $raw all fields of the form, with the JSON of `activity` decoded
     */
    public function __construct(
        public readonly bool $active,
        public readonly bool $freeze,
        public readonly string $clientId,
        public readonly string $systemUrl,
        public readonly array $raw = []
    ) {
    }
}
