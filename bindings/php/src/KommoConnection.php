<?php

declare(strict_types=1);

namespace Apisig;

/**
 * A channel of Kommo's that is connected to an account: what the vendor answered.
 */
final class KommoConnection
{
    /**
     * @param string $accountId the account's amojo_id
     * @param string $scopeId the channel's id in this account: keep it, it is in the path of every other request
     * @param string $title the channel's name
     * @param string $hookApiVersion the form of the webhooks: "v1" or "v2"
     */
    public function __construct(
        public readonly string $accountId,
        public readonly string $scopeId,
        public readonly string $title,
        public readonly string $hookApiVersion
    ) {
    }
}
