<?php

declare(strict_types=1);

namespace Apisig;

/**
 * A webhook of a chat channel, in version v2. At most one of message, typing and reaction is set; none for other
 * events. Kommo::webhook() reads it, and of() what is already decoded. A field that the webhook lacks, or has of
 * another type, is null; $raw has all fields.
 *
 * Source: the vendor's page on webhooks.
 */
final class KommoWebhook
{
    /** The account's amojo_id. */
    public readonly ?string $accountId;

    /** Unix seconds. */
    public readonly ?int $time;

    /** A message of a user of the account, for your side of the chat. */
    public readonly ?KommoMessage $message;

    /** A user of the account writes. */
    public readonly ?KommoTyping $typing;

    /** A user of the account reacts to a message, or takes that back. */
    public readonly ?KommoReaction $reaction;

    /** "message", "typing", "reaction"; or "other". */
    public readonly string $event;

    /**
     * Returns what a decoded webhook says, such as one from a queue. Kommo::webhook() decodes it.
     *
     * @param array<mixed> $raw the decoded JSON, with objects as arrays
     */
    public static function of(#[\SensitiveParameter] array $raw): self
    {
        return new self($raw);
    }

    /** @param array<mixed> $raw the decoded JSON */
    private function __construct(#[\SensitiveParameter] public readonly array $raw)
    {
        $message = Payload::object($raw, 'message');
        $typing = Payload::object($raw, 'action', 'typing');
        $reaction = Payload::object($raw, 'action', 'reaction');
        $this->accountId = Payload::text($raw, 'account_id');
        $this->time = Payload::integer($raw, 'time');
        $this->message = $message === null ? null : new KommoMessage($message);
        $this->typing = $typing === null ? null : new KommoTyping($typing);
        $this->reaction = $reaction === null ? null : new KommoReaction($reaction);
        $this->event = match (true) {
            $message !== null => 'message',
            $typing !== null => 'typing',
            $reaction !== null => 'reaction',
            default => 'other',
        };
    }
}
