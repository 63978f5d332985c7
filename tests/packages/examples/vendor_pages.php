<?php

/**
 * The code that the vendors' pages print, where the pages lie beside the project.
 */

declare(strict_types=1);

namespace Apisig\Tests;

/** What matches, of the page with these words; null where there are no pages. */
function printed(string $words, string $pattern): ?string
{
    foreach (\glob(__DIR__ . '/../../../../shared/seeds/*_*.txt') ?: [] as $file) {
        $page = \file_get_contents($file);
        if (\str_contains($page, $words)) {
            \preg_match($pattern, $page, $found) === 1 || throw new \LogicException("$file prints its code no more");
            return $found[0];
        }
    }
    return null;
}

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

/** Kayako's code that makes $encodedSignature; null where there is no page. */
function kayakoCode(): ?string
{
    $code = printed('Kayako REST API', '/\$signature = hash_hmac.*?urlencode\(\$encodedSignature\);/s');
    // The page as it was stored has lost its line breaks, so that its comments swallow its code.
    return $code === null ? null : \preg_replace('/ (?=\$\w+ = )/', "\n", $code);
}

/** RetailCRM's expression of a token, with $apiKey and $secret in their places. */
function retailcrmCode(): string
{
    $code = "hash_hmac('sha256', '<api-key>', '<secret>')";
    $printed = printed('simple connection', '/' . \preg_quote($code) . '/') ?? $code;
    return \strtr($printed, ["'<api-key>'" => '$apiKey', "'<secret>'" => '$secret']);
}
