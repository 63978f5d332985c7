<?php

declare(strict_types=1);

namespace Apisig\Tests;

require_once __DIR__ . '/vendor_pages.php';

/** Kommo's code that makes the headers of a request; the same in other words where there is no page. */
function kommoCode(): string
{
    return printed('Connecting chat channel', '/\$checkSum = md5.*?\$headers = \[.*?\];/s') ?? <<<'PHP'
        $checkSum = md5($requestBody);
        $signature = hash_hmac('sha1', strtoupper($method) . "\n$checkSum\n$contentType\n$date\n$path", $secret);
        $headers = ['Date' => $date, 'Content-Type' => $contentType, 'Content-MD5' => $checkSum];
        $headers['X-Signature'] = $signature;
        PHP;
}
