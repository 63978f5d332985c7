<?php

// Creates, finds, changes and deletes a user of a Kayako helpdesk:
// KAYAKO_API_KEY=… KAYAKO_SECRET=… php kayako.php https://help.example.com

require __DIR__ . '/../../bindings/php/vendor/autoload.php';

use Apisig\Kayako;
use Apisig\Request;

function send(Request $request): string
{
    $headers = [];
    foreach ($request->headers as $name => $value) {
        $headers[] = "$name: $value";
    }
    $answer = file_get_contents($request->url, false, stream_context_create(['http' => [
        'method' => $request->method,
        'header' => $headers,
        'content' => $request->body,
        'ignore_errors' => true, // the body of a refusal has the reason
    ]]));
    return $answer === false ? exit(1) : $answer;
}

$helpdesk = $argv[1];
$apiKey = getenv('KAYAKO_API_KEY');
$kayako = new Kayako(getenv('KAYAKO_SECRET'));

$user = ['fullname' => 'Zoë Smith & Sons', 'usergroupid' => 2, 'password' => 'a+b=c%', 'email' => ['zoe@example.com']];
echo send($kayako->request('POST', $helpdesk, '/Base/User', $apiKey, $user)), "\n";
echo send($kayako->request('GET', $helpdesk, '/Base/User/Filter', $apiKey, ['marker' => 0, 'maxitems' => 10])), "\n";
echo send($kayako->request('PUT', $helpdesk, '/Base/User/1', $apiKey, ['fullname' => 'Zoë Jones'])), "\n";
echo send($kayako->request('DELETE', $helpdesk, '/Base/User/1', $apiKey)), "\n";
