<?php

declare(strict_types=1);

namespace Apisig\Testing;

use Apisig\InvalidArgument;
use Apisig\Kommo;
use Apisig\Mistake;

/**
 * Sends what Kommo sends: the webhooks of a chat channel, signed with its secret.
 */
final class FakeKommo extends Fake
{
    public const MISTAKES = [...parent::MISTAKES, Mistake::Base64, Mistake::BodyOther];

    /**
     * Returns a webhook. Its body ends with a line feed that is not signed, as the vendor's do. Each call
     * makes another conversation, so a replay guard admits each webhook.
     *
     * @param string|array<string, mixed> $event "message", "typing" or "reaction"; or a payload of your own
     * @param Mistake|string|null $broken what is wrong with it, one of MISTAKES
     * @throws InvalidArgument if there is no such event, or it cannot have the mistake
     */
    public function webhook(string|array $event = 'message', Mistake|string|null $broken = null): FakeRequest
    {
        $mistake = self::mistake($broken);
        $payload = \is_string($event) ? self::payload($event) : $event;
        $body = \json_encode($payload, \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES | \JSON_THROW_ON_ERROR);
        $signature = (new Kommo($this->secret($mistake)))->signWebhook($body);
        $headers = [
            'Content-Type' => Kommo::CONTENT_TYPE,
            'X-Signature' => $mistake === Mistake::Base64 ? \base64_encode(\hex2bin($signature)) : $signature,
        ];
        return new FakeRequest('POST', '/', $headers, $body . ($mistake === Mistake::BodyOther ? " \n" : "\n"));
    }

    /** @return array<string, mixed> */
    private static function payload(string $event): array
    {
        $talk = ['id' => 'talk-' . \bin2hex(\random_bytes(8)), 'client_id' => 'client-1'];
        $payloads = [
            'message' => ['message' => [
                'receiver' => ['id' => 'user-1', 'name' => 'Ann'],
                'sender' => ['id' => 'manager-1', 'name' => 'Ben'],
                'conversation' => $talk,
                'timestamp' => 1669231521,
                'msec_timestamp' => 1669231521000,
                'message' => ['id' => 'message-1', 'type' => 'text', 'text' => 'Hello'],
            ]],
            'typing' => ['action' => ['typing' => [
                'user' => ['id' => 'manager-1'],
                'conversation' => $talk,
                'expired_at' => 1669231531,
            ]]],
            'reaction' => ['action' => ['reaction' => [
                'type' => 'react',
                'emoji' => '+1',
                'user' => ['id' => 'manager-1'],
                'conversation' => $talk,
                'message' => ['id' => 'message-1'],
            ]]],
        ];
        return ['account_id' => '52fd2a28-d2eb-4bd8-b862-b57934927b38', 'time' => 1669231521] + ($payloads[$event]
            ?? throw new InvalidArgument('There is no such event. Pass "message", "typing" or "reaction".'));
    }
}
