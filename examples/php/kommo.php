<?php

/**
 * Kommo: connects a channel to an account, sends a message into it, disconnects it, and checks a webhook.
 *
 *     KOMMO_SECRET=... php kommo.php CHANNEL_ID ACCOUNT_ID [HOST]
 */

declare(strict_types=1);

use Apisig\Kommo;
use Apisig\Request;
use Apisig\RequestRefused;

require __DIR__ . '/../../bindings/php/vendor/autoload.php';

/** Sends a request unchanged. Returns the answer's status and body. */
function send(Request $request): array
{
    $lines = array_map(fn ($name, $value) => "$name: $value", array_keys($request->headers), $request->headers);
    $body = file_get_contents($request->url, false, stream_context_create(['http' => [
        'method' => $request->method,
        'header' => $lines,
        'content' => $request->body,
        'ignore_errors' => true,
        'follow_location' => 0,
        'timeout' => 10,
    ]]));
    if ($body === false) {
        throw new RuntimeException('The server cannot be reached.');
    }
    return [(int) explode(' ', $http_response_header[0])[1], $body];
}

/** Handles a webhook, at the URL that receives them. Returns the status of the answer. */
function receive(Kommo $kommo, string $body, ?string $signature): int
{
    if (!$kommo->verifyWebhook($body, $signature)) {
        return 401;
    }
    $webhook = json_decode($body, true, flags: JSON_THROW_ON_ERROR);
    echo 'received: ', json_encode($webhook['message']['message']['text'] ?? null), "\n";
    return 200;
}

[, $channelId, $accountId] = $argv;
$host = $argv[3] ?? Kommo::HOST;
$kommo = new Kommo((string) getenv('KOMMO_SECRET'));

try {
    $connection = Kommo::connected(...send($kommo->connect($channelId, $accountId, 'MyKommo', 'v2', $host)));
    echo "connected: $connection->scopeId\n";

    $message = json_encode([
        'event_type' => 'new_message',
        'payload' => [
            'timestamp' => time(),
            'msec_timestamp' => time() * 1000,
            'msgid' => bin2hex(random_bytes(16)),
            'conversation_id' => 'conversation-1',
            'sender' => ['id' => 'customer-1', 'name' => 'Zoë'],
            'message' => ['type' => 'text', 'text' => 'Hello / здравствуйте'],
            'silent' => false,
        ],
    ], JSON_THROW_ON_ERROR);
    $request = $kommo->request('POST', "/v2/origin/custom/$connection->scopeId", $message, $host);
    $answer = json_decode(Kommo::accepted(...send($request)), true, flags: JSON_THROW_ON_ERROR);
    echo 'sent: ', $answer['new_message']['conversation_id'], "\n";

    Kommo::accepted(...send($kommo->disconnect($channelId, $accountId, $host)));
    echo "disconnected\n";
} catch (RequestRefused $refused) {
    echo "refused: $refused->httpStatus $refused->errorType\n";
    exit(1);
}

// On a web server use file_get_contents('php://input') and $_SERVER['HTTP_X_SIGNATURE'] ?? null.
$status = receive($kommo, file_get_contents('php://stdin'), getenv('HTTP_X_SIGNATURE') ?: null);
echo "webhook: $status\n";
