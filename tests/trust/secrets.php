<?php

/**
 * Uses the classes of all vendors with a secret that comes through standard input, and waits for somebody to take a dump
 * of its memory: once when objects have been used, once when they are gone. What PHP itself copies is overwritten here, as a careful
 * user would. Usage: secrets.php [keep: PHP's copy of the secret is not overwritten]
 */

declare(strict_types=1);

require __DIR__ . '/../../bindings/php/vendor/autoload.php';

use Apisig\ImbaChat;
use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\Mor;
use Apisig\RetailCrm;

// PHP's own streams keep what they have read.
$c = FFI::cdef('ssize_t read(int from, void *to, size_t len);');

function wait_for_the_dump(string $when): void
{
    global $c;
    echo "$when\n";
    $c->read(0, FFI::new('char[1]'), 1) === 1 || exit(1);
}

echo "secret\n";
$length = FFI::new('uint16_t[1]');
$c->read(0, $length, 2);
$place = FFI::new('char[4096]');
$c->read(0, $place, $length[0]) === $length[0] || exit(1);
$secret = FFI::string($place, $length[0]);
FFI::memset($place, 0, 4096);

$mor = new Mor($secret);
$mor->sign('1', 'a');
$mor->verify(str_repeat('0', 40), '1', 'a');
unset($mor);

$kommo = new Kommo($secret);
$kommo->sign('POST', '/x', 'body', 1669231521);
$kommo->verifyWebhook('body', str_repeat('0', 40));
$imbachat = new ImbaChat($secret);
$imbachat->verify($imbachat->sign(1, 3600, 1600000000), 1600000000);
$retailcrm = new RetailCrm($secret);
$retailcrm->verify('key', str_repeat('0', 64));
$kayako = new Kayako($secret);
$kayako->verify('salt', base64_encode(str_repeat('0', 32)));
if ($argc < 2) {
    sodium_memzero($secret);
}

wait_for_the_dump('used');
unset($kommo, $imbachat, $retailcrm, $kayako);
wait_for_the_dump('freed');
