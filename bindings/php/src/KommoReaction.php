<?php

declare(strict_types=1);

namespace Apisig;

/**
 * The reaction of a KommoWebhook. A field that it lacks is null; $raw has all of them.
 */
final class KommoReaction
{
    /** "react" or "unreact". */
    public readonly ?string $type;

    public readonly ?string $emoji;

    public readonly ?string $userId;

    /** The chat's id at Kommo. */
    public readonly ?string $conversationId;

    /** The chat's id on your side. */
    public readonly ?string $conversationClientId;

    /** The message's id at Kommo. */
    public readonly ?string $messageId;

    /** @param array<mixed> $raw the webhook's member `action.reaction`, decoded */
    public function __construct(#[\SensitiveParameter] public readonly array $raw)
    {
        $this->type = Payload::text($raw, 'type');
        $this->emoji = Payload::text($raw, 'emoji');
        $this->userId = Payload::text($raw, 'user', 'id');
        $this->conversationId = Payload::text($raw, 'conversation', 'id');
        $this->conversationClientId = Payload::text($raw, 'conversation', 'client_id');
        $this->messageId = Payload::text($raw, 'message', 'id');
    }
}
