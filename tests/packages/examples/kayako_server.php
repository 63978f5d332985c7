<?php

/**
 * A helpdesk for the examples, to be run by php -S: it authenticates each request as the vendor's server does, and answers
 * with the route and the fields that it has read. That the code on the vendor's page makes the same signature is a line in
 * its log.
 */

declare(strict_types=1);

namespace Apisig\Tests;

require __DIR__ . '/kayako_vendor.php';

$method = $_SERVER['REQUEST_METHOD'];
$contentType = $_SERVER['CONTENT_TYPE'] ?? '';
$body = \file_get_contents('php://input');
\parse_str($body, $fields);
$variables = kayakoVariables($method, $contentType, $_GET, $_POST, $body);
$refusal = kayakoRefusal($variables, \getenv('KAYAKO_API_KEY'), \getenv('KAYAKO_SECRET'));

\header('Content-Type: text/plain');
if ($refusal !== null) {
    \http_response_code(401);
    exit($refusal);
}
if (\parse_url($_SERVER['REQUEST_URI'], \PHP_URL_PATH) !== '/api/index.php') {
    \http_response_code(404);
    exit('no such page');
}
if (kayakoPageSignature($variables['salt'], \getenv('KAYAKO_SECRET')) === \urlencode($variables['signature'])) {
    \file_put_contents('php://stderr', "signed as on the vendor's page\n");
}
$route = $_GET['e'] ?? \urldecode(\explode('&', $_SERVER['QUERY_STRING'])[0]);
$sent = $method === 'GET' || $method === 'DELETE' ? \array_slice($_GET, 1) : $fields;
$sent = \array_diff_key($sent, ['apikey' => true, 'salt' => true, 'signature' => true]);
echo "$method $route ", \json_encode($sent, \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES);
