<?php

declare(strict_types=1);

namespace Apisig\Tests;

require_once __DIR__ . '/vendor_pages.php';

/** RetailCRM's expression of a token, with $apiKey and $secret in their places. */
function retailcrmCode(): string
{
    $code = "hash_hmac('sha256', '<api-key>', '<secret>')";
    $printed = printed('simple connection', '/' . \preg_quote($code) . '/') ?? $code;
    return \strtr($printed, ["'<api-key>'" => '$apiKey', "'<secret>'" => '$secret']);
}
