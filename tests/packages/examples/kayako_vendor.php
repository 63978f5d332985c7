<?php

/**
 * How the vendor's server reads and authenticates a request, with PHP's own functions: what the tests and the local server
 * compare with.
 */

declare(strict_types=1);

namespace Apisig\Tests;

require_once __DIR__ . '/vendor_pages.php';

/**
 * The variables of a request, from where that server takes them for its method.
 *
 * @param array<mixed> $get $_GET
 * @param array<mixed> $post $_POST, which PHP fills for POST alone
 */
function kayakoVariables(string $method, string $contentType, array $get, array $post, string $body): array
{
    if (\str_contains($contentType, 'application/json')) {
        return (array) \json_decode($body, true);
    }
    if ($method === 'POST') {
        return $post;
    }
    if ($method !== 'PUT' || $get !== []) {
        return $get;
    }
    \parse_str($body, $fields);
    return $fields;
}

/** What that server answers, beside the HTTP status 401, to variables that it does not take; null if it takes them. */
function kayakoRefusal(array $variables, string $apiKey, string $secretKey): ?string
{
    $salt = $variables['salt'] ?? '';
    if (empty($salt)) {
        return 'NO SALT PROVIDED!';
    }
    $presented = [$variables['apikey'] ?? '', $salt, $variables['signature'] ?? ''];
    if ($presented !== \array_filter($presented, '\is_string')) {
        return 'FAILED TO AUTHENTICATE';
    }
    $signature = \trim(\str_replace(' ', '+', $presented[2]));
    $expected = \base64_encode(\hash_hmac('sha256', $salt, $secretKey, true));
    return \trim($presented[0]) === $apiKey && $signature === $expected ? null : 'FAILED TO AUTHENTICATE';
}

/** Kayako's code that makes $encodedSignature; null where there is no page. */
function kayakoCode(): ?string
{
    $code = printed('Kayako REST API', '/\$signature = hash_hmac.*?urlencode\(\$encodedSignature\);/s');
    // The page as it was stored has lost its line breaks, so that its comments swallow its code.
    return $code === null ? null : \preg_replace('/ (?=\$\w+ = )/', "\n", $code);
}

/** The signature that the code on the vendor's page makes, urlencoded as it is there; null where there is no page. */
function kayakoPageSignature(string $salt, string $secretKey): ?string
{
    eval(kayakoCode() ?? '$encodedSignature = null;');
    return $encodedSignature;
}
