<?php

/**
 * Measures the PHP classes beside the PHP that they replace, in one process, round by round in turn. Prints a row for each:
 * name, against, ratios (median, least, greatest), nanoseconds of both.
 */

declare(strict_types=1);

use Apisig\ImbaChat;
use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\Mor;
use Apisig\RetailCrm;

require __DIR__ . '/../bindings/php/vendor/autoload.php';

const ROUNDS = 41;
const SECRET = 'fb50586ff7b68cd831fe0ef356345903f644c0d2';
const PATH = '/v2/origin/custom/f62a0162-46a7-430e-b06c-0ef798d56b21/connect';
const API_KEY = 'f62a0162-46a7-430e-b06c-0ef798d56b21';

/** The steps of Kommo's page. */
function kommo_page(string $method, string $path, string $body): array
{
    $contentType = 'application/json';
    $date = date(DateTimeInterface::RFC2822);
    $checkSum = md5($body);
    $signature = hash_hmac('sha1', implode("\n", [strtoupper($method), $checkSum, $contentType, $date, $path]), SECRET);
    return [
        'Date' => $date,
        'Content-Type' => $contentType,
        'Content-MD5' => strtolower($checkSum),
        'X-Signature' => strtolower($signature),
    ];
}

/** The same by one who counts nanoseconds: the date is made once a second, nothing is joined that can be written. */
function kommo_expert(string $method, string $path, string $body): array
{
    static $second = 0;
    static $date = '';
    if ($second !== ($now = time())) {
        $second = $now;
        $date = gmdate('D, d M Y H:i:s +0000', $now);
    }
    $md5 = md5($body);
    return [
        'Date' => $date,
        'Content-Type' => 'application/json',
        'Content-MD5' => $md5,
        'X-Signature' => hash_hmac('sha1', "$method\n$md5\napplication/json\n$date\n$path", SECRET),
    ];
}

function base64url(string $bytes): string
{
    return str_replace(['+', '/', '='], ['-', '_', ''], base64_encode($bytes));
}

/** The steps of ImbaChat's getJWT(). */
function token_page(int $userId, int $time): string
{
    $header = base64url(json_encode(['typ' => 'JWT', 'alg' => 'HS256']));
    $payload = base64url(json_encode(['exp' => (int) date('U') + $time, 'user_id' => $userId]));
    return trim("$header.$payload." . base64url(hash_hmac('sha256', "$header.$payload", SECRET, true)));
}

function token_expert(int $userId, int $time): string
{
    $claims = '{"exp":' . (time() + $time) . ',"user_id":' . $userId . '}';
    $signed = 'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.' . rtrim(strtr(base64_encode($claims), '+/', '-_'), '=');
    return $signed . '.' . rtrim(strtr(base64_encode(hash_hmac('sha256', $signed, SECRET, true)), '+/', '-_'), '=');
}

/** The same functions, turned round to check a token. */
function token_check(string $token): ?int
{
    $parts = explode('.', $token);
    if (count($parts) !== 3) {
        return null;
    }
    [$header, $payload, $signature] = $parts;
    if ((json_decode(base64_decode(strtr($header, '-_', '+/')), true)['alg'] ?? null) !== 'HS256') {
        return null;
    }
    if (!hash_equals(hash_hmac('sha256', "$header.$payload", SECRET, true), base64_decode(strtr($signature, '-_', '+/')))) {
        return null;
    }
    $claims = json_decode(base64_decode(strtr($payload, '-_', '+/')), true);
    return is_int($claims['exp'] ?? null) && $claims['exp'] > time() ? $claims['user_id'] : null;
}

/** A loop around a call that is given as code, so that nothing but the call is measured. */
function loop(string $code, array $variables): Closure
{
    extract($variables);
    $names = implode(', ', array_map(fn ($name) => "&\$$name", array_keys($variables)));
    return eval("return static function (int \$times) use ($names) {
        for (\$i = 0; \$i < \$times; \$i++) {
            \$result = $code;
        }
        return \$result;
    };");
}

/** Nanoseconds of one call. */
function nanoseconds(Closure $loop, int $times): float
{
    $start = hrtime(true);
    $loop($times);
    return (hrtime(true) - $start) / $times;
}

function compare(string $name, string $against, array $variables, string $theirs, string $ours): void
{
    [$theirs, $ours] = [loop($theirs, $variables), loop($ours, $variables)];
    // Both of one second: the clock may turn between them.
    do {
        $second = time();
        $same = $theirs(1) === $ours(1);
    } while (time() !== $second);
    if (!$same) {
        throw new LogicException("$name: different results");
    }
    $times = max(20, (int) (1_000_000 / nanoseconds($theirs, 50)));
    $rounds = [];
    for ($round = 0; $round < ROUNDS; $round++) {
        $their = nanoseconds($theirs, $times);
        $our = nanoseconds($ours, $times);
        $rounds[] = [$their / $our, $our, $their];
    }
    sort($rounds);
    [$ratio, $our, $their] = $rounds[ROUNDS >> 1];
    printf("%s\t%s\t%.2f\t%.2f\t%.2f\t%.0f\t%.0f\n", $name, $against, $ratio, $rounds[0][0], end($rounds)[0], $our, $their);
}

date_default_timezone_set('UTC');
$kommo = new Kommo(SECRET);
foreach (['97 B' => 97, '1 KB' => 1024, '8 KB' => 8192, '64 KB' => 65536] as $size => $length) {
    $variables = ['kommo' => $kommo, 'body' => str_repeat('x', $length)];
    $ours = '$kommo->sign("POST", PATH, $body)';
    compare("PHP Kommo sign, $size", 'the page', $variables, 'kommo_page("POST", PATH, $body)', $ours);
    compare("PHP Kommo sign, $size", 'an expert', $variables, 'kommo_expert("POST", PATH, $body)', $ours);
}
$variables = ['imbachat' => new ImbaChat(SECRET), 'token' => (new ImbaChat(SECRET))->sign(42)];
compare('PHP ImbaChat sign', 'the page', $variables, 'token_page(42, 3600)', '$imbachat->sign(42)');
compare('PHP ImbaChat sign', 'an expert', $variables, 'token_expert(42, 3600)', '$imbachat->sign(42)');
compare('PHP ImbaChat verify', 'the same code', $variables, 'token_check($token)', '$imbachat->check($token)');
$variables = ['retailcrm' => new RetailCrm(SECRET), 'token' => (new RetailCrm(SECRET))->sign(API_KEY)];
$theirs = 'hash_equals(hash_hmac("sha256", API_KEY, SECRET), $token)';
compare('PHP RetailCRM verify', 'the page', $variables, $theirs, '$retailcrm->verify(API_KEY, $token)');
$variables = ['kayako' => new Kayako(SECRET), 'salt' => '1234567890'];
$theirs = 'urlencode(base64_encode(hash_hmac("sha256", $salt, SECRET, true)))';
compare('PHP Kayako sign', 'the page', $variables, $theirs, 'urlencode($kayako->sign($salt))');
$variables = ['mor' => new Mor(SECRET), 'a' => '123', 'b' => '1252454580', 'c' => 'answered'];
compare('PHP MOR sign', 'sha1()', $variables, 'sha1(implode("", [$a, $b, $c]) . SECRET)', '$mor->sign($a, $b, $c)');
