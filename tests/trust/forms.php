<?php

/**
 * What PHP reads of a body that was posted to it, and what each function that reads a form has to answer: run by php-fpm for
 * tests/trust/forms.py. Values come from $_POST alone; which fields PHP gives a name, parse_str() tells of each by itself.
 */

declare(strict_types=1);

const MALFORMED = -2;
const MISMATCH = -3;
const URL = -10;
/** json_decode() takes one level less. */
const DEPTH = 33;
const SECRETS = ['secret', 'old secret'];
const HOST = '(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?:retailcrm\.ru|simla\.com)';

/**
 * Each field's name, decoded, and the variables that PHP makes of it: as it is, and if a bracket closed it.
 *
 * @return list<array{string, list<string>}>
 */
function fields(string $form): array
{
    $known = [];
    $fields = [];
    foreach (array_filter(explode('&', $form), static fn (string $field): bool => $field !== '') as $field) {
        $name = urldecode(explode('=', $field, 2)[0]);
        if (!isset($known[$name])) {
            // parse_str() stops at a NUL that is not encoded.
            $start = explode("\0", $name, 2)[0];
            parse_str(urlencode($start) . '&' . urlencode("$start]"), $read);
            $known[$name] = array_map('strval', array_keys($read));
        }
        $fields[] = [$name, $known[$name]];
    }
    return $fields;
}

/** Whether PHP reads all fields, and no other reader could take the body for one of several parts. */
function is_read_alike(string $form): bool
{
    return error_get_last() === null && preg_match('/^--|[\r\n]--/', $form) !== 1;
}

/** The only field of a name, '' without one. Null if PHP gives the name to two fields or to one that is spelled otherwise. */
function only(array $fields, string $name): ?string
{
    $named = array_filter($fields, static fn (array $field): bool => in_array($name, $field[1], true));
    if ($named === []) {
        return '';
    }
    return count($named) === 1 && reset($named)[0] === $name ? $_POST[$name] : null;
}

function text(array $fields, string $name): ?string
{
    $text = only($fields, $name);
    return $text !== null && strlen($text) <= 512 && preg_match('/^[^\x00-\x1f\x7f]+\z/u', $text) === 1 ? $text : null;
}

function kayako(string $form, array $fields): int
{
    [$key, $salt, $signature] = array_map(static fn (string $name) => only($fields, $name), ['apikey', 'salt', 'signature']);
    if (!is_read_alike($form) || $key === null || $salt === null || $signature === null || in_array($salt, ['', '0'], true)) {
        return MALFORMED;
    }
    $right = static fn (string $secret): string => base64_encode(hash_hmac('sha256', $salt, $secret, true));
    $index = array_search(trim(str_replace(' ', '+', $signature)), array_map($right, SECRETS), true);
    return $index === false || trim($key) !== 'apikey' ? MISMATCH : $index;
}

/** Members of an object of JSON. Null if it is none, or has one member twice. */
function members(string $json): ?array
{
    $members = strlen($json) <= 4096 ? json_decode($json, true, DEPTH) : null;
    if (!is_array($members) || ltrim($json, " \t\r\n")[0] !== '{' || count($members) > 32) {
        return null;
    }
    preg_match_all('/"(?:[^"\\\\]|\\\\.)*+"|[][{}:]/s', $json, $tokens);
    $depth = $count = 0;
    foreach ($tokens[0] as $token) {
        $depth += ['{' => 1, '[' => 1, '}' => -1, ']' => -1][$token] ?? 0;
        $count += (int) ($token === ':' && $depth === 1);
    }
    return $count === count($members) ? $members : null;
}

/** The members of RetailCRM's object and whether they are JSON. Null if two readers could find others. */
function object(array $fields, string $object): ?array
{
    $is_of_object = static fn (array $field): bool => in_array($object, $field[1], true)
        || preg_match("/^ *{$object}[ .]/", explode("\0", $field[0], 2)[0]) === 1;
    $names = array_column(array_filter($fields, $is_of_object), 0);
    if ($names === [$object]) {
        $members = members($_POST[$object]);
        return $members === null ? null : [$members, true];
    }
    if (preg_grep("/^{$object}\\[[A-Za-z0-9_]*\\]\\z/", $names) !== $names) {
        return null;
    }
    return [$_POST[$object] ?? [], false, array_count_values($names)];
}

/** The value of a member that is there once. */
function member(?array $object, string $prefix, string $name): mixed
{
    return ($object[2]["{$prefix}[$name]"] ?? 1) === 1 ? $object[0][$name] ?? null : null;
}

function register(string $form, array $fields): array
{
    $object = is_read_alike($form) && strlen($form) <= 65536 ? object($fields, 'register') : null;
    [$token, $key, $url] = array_map(
        static fn (string $name) => member($object, 'register', $name),
        ['token', 'apiKey', 'systemUrl']
    );
    if (
        !is_string($token) || !is_string($key) || !is_string($url) || preg_match('/^[!-~]{1,255}\z/', $key) !== 1
        || strlen($url) > 262 || preg_match('/[\x00-\x1f\x7f]/', $url) === 1
    ) {
        return [MALFORMED, '', ''];
    }
    $right = array_map(static fn (string $secret): string => hash_hmac('sha256', $key, $secret), SECRETS);
    $index = array_search(strtolower($token), $right, true);
    if ($index === false) {
        return [MISMATCH, '', ''];
    }
    $is_allowed = preg_match('~^(https://' . HOST . ')/?\z~i', $url, $parts) === 1 && strlen($parts[1]) <= 261;
    return $is_allowed ? [$index, $key, strtolower($parts[1])] : [URL, '', ''];
}

function client_id(string $form, array $fields): ?string
{
    return is_read_alike($form) && strlen($form) <= 65536 ? text($fields, 'clientId') : null;
}

function activity(string $form, array $fields): ?string
{
    $id = client_id($form, $fields);
    $url = only($fields, 'systemUrl') === '' && !in_array('systemUrl', array_column($fields, 0), true)
        ? ''
        : text($fields, 'systemUrl');
    $object = $id !== null && $url !== null ? object($fields, 'activity') : null;
    $words = array_map(static fn (string $name): string => match (member($object, 'activity', $name)) {
        ($object[1] ?? false) ? true : 'true' => "true\n",
        ($object[1] ?? false) ? false : 'false' => "false\n",
        default => '',
    }, ['active', 'freeze']);
    return in_array('', $words, true) ? null : "$words[0]$words[1]$id\n$url";
}

/** The method users_get, which hashes u and p. */
function mor(string $form, array $fields): int
{
    $names = array_column($fields, 0);
    if (
        !is_read_alike($form) || str_contains($form, ';') || preg_grep('/^[A-Za-z0-9_-]+\z/', $names) !== $names
        || max([0, ...array_values(array_intersect_key(array_count_values($names), ['u' => 0, 'p' => 0, 'hash' => 0]))]) > 1
    ) {
        return MALFORMED;
    }
    $hash = static fn (string $secret): string => sha1(($_POST['u'] ?? '') . ($_POST['p'] ?? '') . $secret);
    $index = array_search($_POST['hash'] ?? '', array_map($hash, SECRETS), true);
    return $index === false ? MISMATCH : $index;
}

$form = (string) file_get_contents('php://input');
$fields = fields($form);
echo implode("\0", [
    kayako($form, $fields),
    ...register($form, $fields),
    activity($form, $fields) ?? MALFORMED,
    client_id($form, $fields) ?? MALFORMED,
    mor($form, $fields),
]);
