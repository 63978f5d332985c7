<?php

/**
 * A MOR server for the examples, to be run by php -S: it knows two methods with the parameters that their own pages list, and
 * hashes as the vendor's page of the construction says: one with PHP's sha1(), one with the shell line of that page.
 */

declare(strict_types=1);

namespace Apisig\Tests;

require __DIR__ . '/vendor_pages.php';

/** The page's line for a console; the same in other words where there is no page. */
function consoleLine(): string
{
    $line = printed('MOR API hash construction', '/^echo -n "Variable1.*sha1sum.*$/m');
    if ($line !== null) {
        \file_put_contents('php://stderr', "the console line of the vendor's page\n");
        return \preg_replace('/"Variable[^"]*"/', '"$VALUES"', $line);
    }
    return 'printf %s "$VALUES" | sha1sum | cut -d " " -f 1';
}

/** What the console prints for these values and the secret. */
function hashOfConsole(string $values): string
{
    $environment = ['VALUES' => $values, 'PATH' => \getenv('PATH'), 'LC_ALL' => 'C'];
    $process = \proc_open(['bash', '-c', consoleLine()], [1 => ['pipe', 'w']], $pipes, null, $environment);
    $printed = \trim(\stream_get_contents($pipes[1]));
    \proc_close($process);
    return $printed;
}

function answer(string $method, array $sent): string
{
    $value = fn (string $name): string => $sent[$name] ?? '';
    $secret = \getenv('MOR_SECRET');
    if ($value('u') !== \getenv('MOR_USER')) {
        return '<page><status><error>Access Denied</error></status></page>';
    }
    switch ($method) {
        case 'user_balance_get':
            return $value('hash') === \sha1($value('username') . $value('currency') . $secret)
                ? "<page><balance>12.50</balance><currency>{$value('currency')}</currency></page>"
                : '<error>Incorrect hash</error>';
        case 'payment_create':
            $values = $value('user_id') . $value('p_currency') . $value('paymenttype') . $value('tax_in_amount')
                . $value('amount') . $value('transaction') . $value('payer_email');
            return $value('hash') === hashOfConsole($values . $secret)
                ? '<page><response><status>ok</status><payment currency="' . $value('p_currency') . '"><payment_id>7</payment_id>'
                    . "<amount>{$value('amount')}</amount></payment></response></page>"
                : '<page><status><error>Incorrect hash</error></status></page>';
        default:
            return '<page><status><error>There is no such API</error></status></page>';
    }
}

\header('Content-Type: text/xml; charset=utf-8');
echo '<?xml version="1.0" encoding="UTF-8"?>', "\n";
$path = \explode('/', \parse_url($_SERVER['REQUEST_URI'], \PHP_URL_PATH));
$isApi = \count($path) === 4 && [$path[1], $path[2]] === ['billing', 'api'];
if ($_SERVER['REQUEST_METHOD'] !== 'POST' || !$isApi) {
    echo '<error>GET Requests are disabled</error>';
} else {
    echo answer($path[3], $_POST);
}
