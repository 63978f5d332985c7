<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What a KommoWebhook says of a user who writes. A field that it lacks is null; $raw has all of them.
 */
final class KommoTyping
{
    public readonly ?string $userId;

    /** The chat's id at Kommo. */
    public readonly ?string $conversationId;

    /** The chat's id on your side. */
    public readonly ?string $conversationClientId;

    /** Until when to show it, in Unix seconds. */
    public readonly ?int $expiredAt;

    /** @param array<mixed> $raw the webhook's member `action.typing`, decoded */
    public function __construct(#[\SensitiveParameter] public readonly array $raw)
    {
        $this->userId = Payload::text($raw, 'user', 'id');
        $this->conversationId = Payload::text($raw, 'conversation', 'id');
        $this->conversationClientId = Payload::text($raw, 'conversation', 'client_id');
        $this->expiredAt = Payload::integer($raw, 'expired_at');
    }
}
