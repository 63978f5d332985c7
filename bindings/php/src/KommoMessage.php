<?php

declare(strict_types=1);

namespace Apisig;

/**
 * The message of a KommoWebhook. A field that it lacks is null; $raw has all of them.
 */
final class KommoMessage
{
    /** The message's id at Kommo. */
    public readonly ?string $id;

    /** Such as "text", "picture", "file", "video", "voice", "audio", "sticker", "location", "contact". */
    public readonly ?string $type;

    public readonly ?string $text;

    /** The URL of a picture, a file and the like. */
    public readonly ?string $media;

    public readonly ?string $fileName;

    /** In bytes. */
    public readonly ?int $fileSize;

    /** The chat's id at Kommo. */
    public readonly ?string $conversationId;

    /** The chat's id on your side. */
    public readonly ?string $conversationClientId;

    public readonly ?string $senderId;

    public readonly ?string $senderName;

    public readonly ?string $receiverId;

    public readonly ?string $receiverName;

    /** The receiver's id on your side. */
    public readonly ?string $receiverClientId;

    /** Your id of the source that the message goes through. */
    public readonly ?string $sourceExternalId;

    /** Unix seconds. */
    public readonly ?int $timestamp;

    /** Unix milliseconds. */
    public readonly ?int $msecTimestamp;

    /** @param array<mixed> $raw the webhook's member `message`, decoded */
    public function __construct(#[\SensitiveParameter] public readonly array $raw)
    {
        $this->id = Payload::text($raw, 'message', 'id');
        $this->type = Payload::text($raw, 'message', 'type');
        $this->text = Payload::text($raw, 'message', 'text');
        $this->media = Payload::text($raw, 'message', 'media');
        $this->fileName = Payload::text($raw, 'message', 'file_name');
        $this->fileSize = Payload::integer($raw, 'message', 'file_size');
        $this->conversationId = Payload::text($raw, 'conversation', 'id');
        $this->conversationClientId = Payload::text($raw, 'conversation', 'client_id');
        $this->senderId = Payload::text($raw, 'sender', 'id');
        $this->senderName = Payload::text($raw, 'sender', 'name');
        $this->receiverId = Payload::text($raw, 'receiver', 'id');
        $this->receiverName = Payload::text($raw, 'receiver', 'name');
        $this->receiverClientId = Payload::text($raw, 'receiver', 'client_id');
        $this->sourceExternalId = Payload::text($raw, 'source', 'external_id');
        $this->timestamp = Payload::integer($raw, 'timestamp');
        $this->msecTimestamp = Payload::integer($raw, 'msec_timestamp');
    }
}
