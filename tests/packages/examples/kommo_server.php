<?php

/**
 * A stand-in for Kommo's Chat API, for `php -S`: checks each request with the code printed on the vendor's page, where
 * the page lies beside the project, and answers as the vendor does. It knows one channel.
 */

declare(strict_types=1);

require __DIR__ . '/kommo_vendor.php';

/** Whether the request carries the four headers that the page's code makes, and its Date is of these 15 minutes. */
function isSigned(string $method, string $path, string $requestBody): bool
{
    $sent = array_change_key_case(getallheaders());
    $secret = getenv('KOMMO_SECRET');
    $contentType = 'application/json';
    $date = $sent['date'] ?? '';
    eval(Apisig\Tests\kommoCode());
    foreach ($headers as $name => $value) {
        if (($sent[strtolower($name)] ?? null) !== $value) {
            return false;
        }
    }
    return abs(time() - (int) strtotime($date)) <= 900;
}

function error(int $status, string $type, string $description): array
{
    $codes = ['status' => 0, 'error_code' => $status];
    return [$status, $codes + ['error_type' => $type, 'error_description' => $description]];
}

/** The answer's status and what its body is made of. */
function answer(string $method, string $path, string $requestBody): array
{
    $channel = getenv('KOMMO_CHANNEL');
    if (!str_starts_with($path, "/v2/origin/custom/$channel")) {
        return error(404, 'ORIGIN_NOT_REGISTERED', 'NOT_FOUND');
    }
    if (!isSigned($method, $path, $requestBody)) {
        return error(403, 'ORIGIN_INVALID_SIGNATURE', 'invalid signature');
    }
    $sent = json_decode($requestBody, true);
    switch ($method . substr($path, strlen("/v2/origin/custom/$channel"))) {
        case 'POST/connect':
            $connection = ['account_id' => $sent['account_id'], 'scope_id' => "{$channel}_{$sent['account_id']}"];
            return [200, $connection + ['title' => $sent['title'], 'hook_api_version' => $sent['hook_api_version']]];
        case 'DELETE/disconnect':
            return [200, new stdClass()];
        case 'POST_' . getenv('KOMMO_ACCOUNT'):
            return [200, ['new_message' => ['conversation_id' => $sent['payload']['conversation_id']]]];
    }
    return error(404, 'NOT_FOUND', $path);
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
[$status, $body] = answer($_SERVER['REQUEST_METHOD'], $path, file_get_contents('php://input'));
http_response_code($status);
header('Content-Type: application/json');
echo json_encode($body);
