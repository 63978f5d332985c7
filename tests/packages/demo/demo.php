<?php

/**
 * Signs the vendors' documented examples in PHP, and prints each value behind its name.
 */

declare(strict_types=1);

use Apisig\ImbaChat;
use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\Mor;
use Apisig\RetailCrm;

spl_autoload_register(function (string $class): void {
    require __DIR__ . '/../../../bindings/php/src/' . basename(strtr($class, '\\', '/')) . '.php';
});

$url = 'https://amojo.kommo.com/v2/origin/custom/f62a0162-46a7-430e-b06c-0ef798d56b21/connect';
$body = '{"account_id":"52fd2a28-d2eb-4bd8-b862-b57934927b38","title":"MyKommo","hook_api_version":"v2"}';
$date = 'Wed, 23 Nov 2022 19:25:21 +0000';
$kommo = new Kommo('fb50586ff7b68cd831fe0ef356345903f644c0d2');
$imbachat = new ImbaChat('lPXBFPqNg3f661JcegBY0N0dPXqUBdHXqj2cHf04PZgLHxT6z55e20ozojvMRvB8');

$signed = $kommo->signDigest('POST', $url, 'fa59c326af78bd12ed820daa497ab999', 'application/json', $date);
echo "kommo sign_digest\t$signed\n";
echo "kommo sign\t", $kommo->sign('POST', $url, $body, 1669231521)['X-Signature'], "\n";
echo "imbachat sign\t", $imbachat->sign(1, 3600, 1590488400), "\n";
echo "retailcrm sign\t", (new RetailCrm('secret'))->sign('api_key'), "\n";
echo "kayako sign\t", (new Kayako('secretkey'))->sign('1234567890'), "\n";
echo "mor sign\t", (new Mor('Very Sercet Key'))->sign(123, 1252454580, 'answered'), "\n";
