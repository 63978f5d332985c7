<?php

/**
 * A small site with ImbaChat: the chat and a "Write message" button on a page, and the Users info URL, where ImbaChat
 * asks about users. Set the widget's settings in the environment; as root, add -d opcache.preload_user=root:
 *
 *     export IMBACHAT_DEV_ID=15 IMBACHAT_SECRET=… IMBACHAT_LOGIN=… IMBACHAT_PASSWORD=…
 *     php -d opcache.preload=bindings/php/preload.php -S 127.0.0.1:8000 examples/php/imbachat.php
 */

declare(strict_types=1);

use Apisig\ImbaChat;
use Apisig\ImbaChatUser;
use Apisig\Response;
use Apisig\VerificationFailed;

require __DIR__ . '/../../bindings/php/vendor/autoload.php';

/** Returns the answer to ImbaChat's GET /users?user_ids=1,2. */
function usersInfo(): Response
{
    if (!ImbaChat::verifyRequest(getenv('IMBACHAT_LOGIN'), getenv('IMBACHAT_PASSWORD'), $_SERVER)) {
        return ImbaChat::unauthorized();
    }
    try {
        $ids = ImbaChat::userIds($_GET['user_ids'] ?? null);
    } catch (VerificationFailed) {
        return new Response(400, [], '');
    }
    // A real site queries its database here, with a placeholder for each id.
    $url = 'https://www.example.com';
    $users = [
        1 => new ImbaChatUser(1, 'John', "$url/contents/avatars/1.jpg", "$url/members/1/", 1590488400, 'VIP'),
        2 => new ImbaChatUser(2, 'Jané', false, "$url/members/2/", false, ''),
    ];
    return ImbaChat::users(array_intersect_key($users, array_flip($ids)));
}

/** Returns Jane's page for John, who is logged in. */
function page(): Response
{
    $me = 1;
    $token = (new ImbaChat(getenv('IMBACHAT_SECRET')))->sign($me, ttl: 3600);
    $widget = ImbaChat::widget(getenv('IMBACHAT_DEV_ID'), $me, $token, getenv('IMBACHAT_ORIGIN') ?: '');
    $writeMessage = ImbaChat::openDialog(2);
    return new Response(200, ['Content-Type' => 'text/html; charset=utf-8'], <<<HTML
        <!DOCTYPE html>
        <html lang="en">
        <title>Jane</title>
        <body>
        <button onclick="$writeMessage">Write message</button>
        $widget
        </body>
        </html>
        HTML);
}

$response = match (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    '/' => page(),
    '/users' => usersInfo(),
    default => new Response(404, [], ''),
};
$response->send();
