<?php

/**
 * The example of RetailCRM in PHP, its requests sent to the CRM of the test. The test alone does this: a system URL has
 * https and no port, and the library accepts no other.
 */

declare(strict_types=1);

use Apisig\Request;

$send = static function (Request $request): string {
    $path = parse_url($request->url, PHP_URL_PATH);
    $headers = ['Host: ' . parse_url($request->url, PHP_URL_HOST)];
    foreach ($request->headers as $name => $value) {
        $headers[] = "$name: $value";
    }
    return (string) file_get_contents(getenv('CRM_ORIGIN') . $path, false, stream_context_create(['http' => [
        'method' => $request->method,
        'header' => $headers,
        'content' => $request->body,
        'ignore_errors' => true,
    ]]));
};

require __DIR__ . '/../../../examples/php/retailcrm.php';
