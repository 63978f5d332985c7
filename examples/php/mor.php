<?php

// Gets a user's balance from a MOR server, and makes a payment. The hash covers no method: send over TLS only.
//
// MOR_USER=… MOR_SECRET=… php mor.php https://mor.example.com

require __DIR__ . '/../../bindings/php/vendor/autoload.php';

use Apisig\Mor;
use Apisig\Request;

function send(Request $request): SimpleXMLElement
{
    $headers = [];
    foreach ($request->headers as $name => $value) {
        $headers[] = "$name: $value";
    }
    $answer = file_get_contents($request->url, false, stream_context_create(['http' => [
        'method' => $request->method,
        'header' => $headers,
        'content' => $request->body,
    ]]));
    $page = $answer === false ? false : simplexml_load_string($answer);
    if ($page === false) {
        exit("No answer that can be read.\n");
    }
    // Older servers answer <error>, newer ones <page><status><error>.
    foreach ($page->xpath('//error') as $error) {
        exit("Refused: $error\n");
    }
    return $page;
}

$server = $argv[1];
$user = getenv('MOR_USER');
$mor = new Mor(getenv('MOR_SECRET'));

// The library has the server's order of the hashed values: here username, currency.
$page = send($mor->request('user_balance_get', ['u' => $user, 'currency' => 'EUR', 'username' => 'zoë & co'], $server));
echo "Balance: $page->balance $page->currency\n";

$page = send($mor->request('payment_create', [
    'u' => $user,
    'user_id' => 123,
    'p_currency' => 'EUR',
    'amount' => '10.50', // as text: a float can be written in several ways
    'paymenttype' => 'Bank transfer',
    'payer_email' => 'zoe+mor@example.com',
], $server));
echo "Payment {$page->response->payment->payment_id}: {$page->response->payment->amount}\n";
