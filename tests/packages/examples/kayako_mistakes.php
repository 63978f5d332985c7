<?php

/**
 * What the helpdesk of the examples answers to a request that is encoded once, twice or not at all, has no salt or another
 * API key, or has its parameters in the wrong place: a line each. Usage: php kayako_mistakes.php URL
 */

declare(strict_types=1);

require __DIR__ . '/../../../bindings/php/vendor/autoload.php';

use Apisig\Kayako;

// A salt whose signature holds + and /.
$salt = '1234567893';
$apiKey = getenv('KAYAKO_API_KEY');
$kayako = new Kayako(getenv('KAYAKO_SECRET'));
$parameters = $kayako->parameters($apiKey, $salt);
$once = $kayako->encodedParameters($apiKey, $salt);

$send = static function (string $method, string $url, string $body = '') use ($argv): string {
    $options = ['method' => $method, 'content' => $body, 'ignore_errors' => true];
    if ($body !== '') {
        $options['header'] = 'Content-Type: application/x-www-form-urlencoded';
    }
    $answer = file_get_contents($argv[1] . $url, false, stream_context_create(['http' => $options]));
    return substr($http_response_header[0], 9, 3) . " $answer";
};
$get = static fn (string $query, string $route = '?e=/x'): string => $send('GET', "/api/index.php$route&$query");

$requests = [
    'encoded once' => $get($once),
    'the standard URL' => $get($once, '?/x'),
    'raw values through http_build_query' => $get(http_build_query($parameters)),
    'encoded ones through http_build_query' => $get(http_build_query(
        ['signature' => urlencode($parameters['signature'])] + $parameters
    )),
    'a + of the signature not encoded' => $get(str_replace('%2B', '+', $once)),
    'a + of the salt not encoded' => $get(str_replace('a%2Bb', 'a+b', $kayako->encodedParameters($apiKey, 'a+b'))),
    'a line feed behind the signature' => $get("$once%0A"),
    'the salt 0' => $get(str_replace($salt, '0', $once)),
    'another API key' => $get($kayako->encodedParameters('other', $salt)),
    'the parameters of POST in the query alone' => $send('POST', "/api/index.php?e=/x&$once", 'a=b'),
    'the parameters of PUT in the body alone' => $send('PUT', '/api/index.php?e=/x', $once),
];
foreach ($requests as $what => $answer) {
    echo "$what: $answer\n";
}
