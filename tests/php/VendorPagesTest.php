<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\ImbaChat;
use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\RetailCrm;
use PHPUnit\Framework\TestCase;

foreach (\glob(__DIR__ . '/../packages/examples/*_vendor.php') as $file) {
    require_once $file;
}

/**
 * A thousand random inputs for each vendor whose page prints PHP: the classes give what that code gives. Where the pages are
 * not beside the project, PHP's own functions stand in for them.
 */
final class VendorPagesTest extends TestCase
{
    public function testKommo(): void
    {
        $page = kommoCode();
        $contentType = 'application/json';
        foreach (self::secrets() as $i => $secret) {
            $method = \preg_replace('/[^!-~]|[?#]/', 'x', bytes(1, 10));
            // No dot segments, which clients resolve.
            $path = '/' . \str_replace('.', '-', \rawurlencode(bytes(0, 100)));
            $requestBody = $i < 3 ? \random_bytes(65536) : bytes(0, 300);
            $now = \random_int(0, 4102444800);
            $date = \gmdate(\DateTimeInterface::RFC2822, $now);
            eval($page);
            $kommo = new Kommo($secret);
            $this->assertSame($headers, $kommo->sign($method, $path, $requestBody, $now));
            $this->assertTrue($kommo->verify($method, $path, $requestBody, $headers, $now));
            $this->assertSame(\hash_hmac('sha1', $requestBody, $secret), $kommo->signWebhook($requestBody));
        }
    }

    public function testImbaChat(): void
    {
        eval(imbachatToken());
        foreach (self::secrets() as $i => $secret) {
            $userId = $i < 3 ? \PHP_INT_MAX - $i : \random_int(1, 1 << \random_int(1, 40));
            $ttl = \random_int(0, 1_000_000);
            do {
                $second = \time();
                $token = getJWT($userId, $secret, $ttl);
                $made = (new ImbaChat($secret))->sign($userId, $ttl);
            } while (\time() !== $second);
            $this->assertSame($token, $made);
            $this->assertSame($userId, (new ImbaChat($secret))->check($token, $second));
        }
    }

    public function testRetailCrm(): void
    {
        $code = "hash_hmac('sha256', '<api-key>', '<secret>')";
        $printed = printed('simple connection', '/' . \preg_quote($code) . '/') ?? $code;
        $page = \strtr($printed, ["'<api-key>'" => '$apiKey', "'<secret>'" => '$secret']);
        foreach (self::secrets() as $i => $secret) {
            $apiKey = $i < 3 ? \random_bytes(65536) : bytes(1, 300);
            $token = eval("return $page;");
            $this->assertSame($token, (new RetailCrm($secret))->sign($apiKey));
            $this->assertTrue((new RetailCrm($secret))->verify($apiKey, $token));
        }
    }

    public function testKayako(): void
    {
        $page = kayakoCode()
            ?? '$encodedSignature = urlencode(base64_encode(hash_hmac("sha256", $salt, $secretKey, true)));';
        foreach (self::secrets() as $i => $secretKey) {
            $salt = $i < 3 ? \random_bytes(65536) : 's' . bytes(0, 300);
            eval($page);
            $this->assertSame($encodedSignature, \urlencode((new Kayako($secretKey))->sign($salt)));
            $this->assertTrue((new Kayako($secretKey))->verify($salt, \urldecode($encodedSignature)));
        }
    }

    private static function secrets(): iterable
    {
        for ($i = 0; $i < 1000; $i++) {
            yield bytes(1, 200);
        }
    }
}
