<?php

/**
 * A module of RetailCRM (Simla) with simple connection. It runs behind an https server at MODULE_URL; as root, add
 * -d opcache.preload_user=root:
 *
 *     export RETAILCRM_SECRET=… MODULE_URL=https://module.example MODULE_ACCOUNTS=/var/lib/module/accounts.json
 *     php -d opcache.preload=bindings/php/preload.php -S 127.0.0.1:8000 examples/php/retailcrm.php
 */

declare(strict_types=1);

use Apisig\Request;
use Apisig\Response;
use Apisig\RetailCrm;
use Apisig\VerificationFailed;

require __DIR__ . '/../../bindings/php/vendor/autoload.php';

const CODE = 'example-module';
const SCOPES = ['integration_read', 'integration_write'];
// The hosts of the accounts: the vendor's domains. Add those of customers who host the system themselves.
const HOSTS = ['retailcrm.ru', 'retailcrm.pro', 'retailcrm.es', 'simla.com'];

/** Sends a request unchanged. Returns the body of the answer. */
$send ??= static function (Request $request): string {
    $lines = array_map(fn ($name, $value) => "$name: $value", array_keys($request->headers), $request->headers);
    return (string) file_get_contents($request->url, false, stream_context_create(['http' => [
        'method' => $request->method,
        'header' => $lines,
        'content' => $request->body,
        'ignore_errors' => true,
        'follow_location' => 0,
        'timeout' => 10,
    ]]));
};

/** Returns the accounts by clientId. A real module uses a database and encrypts the API keys. */
function accounts(): array
{
    return json_decode((string) @file_get_contents(getenv('MODULE_ACCOUNTS')), true) ?? [];
}

function save(string $clientId, array $account): void
{
    file_put_contents(getenv('MODULE_ACCOUNTS'), json_encode([$clientId => $account] + accounts()), LOCK_EX);
}

/** The user clicks "Connect": registers the module in the system, and answers with the account page's URL. */
function register(string $form, callable $send): Response
{
    $registration = (new RetailCrm(getenv('RETAILCRM_SECRET')))->register($form, HOSTS);
    $clientId = bin2hex(random_bytes(16));
    $answer = $send(RetailCrm::edit($registration, CODE, [
        'integrationCode' => CODE,
        'active' => true,
        'name' => 'Example',
        'clientId' => $clientId,
        'baseUrl' => getenv('MODULE_URL'),
        'accountUrl' => getenv('MODULE_URL') . '/account',
        'actions' => ['activity' => '/activity'],
    ]));
    if ((json_decode($answer)->success ?? false) !== true) {
        return RetailCrm::failed('The module could not register itself. Please try again later.');
    }
    $account = ['apiKey' => $registration->apiKey, 'systemUrl' => $registration->systemUrl, 'active' => true];
    save($clientId, $account);
    return RetailCrm::registered(getenv('MODULE_URL') . '/account');
}

/** The user arrives with a clientId, which is not signed. */
function account(string $form): Response
{
    $account = accounts()[RetailCrm::clientId($form)] ?? null;
    return $account === null
        ? new Response(404, [], 'There is no such account.')
        : new Response(200, ['Content-Type' => 'text/plain'], "This is the account of {$account['systemUrl']}.");
}

/** The module was turned on or off, or the account frozen. */
function activity(string $form): Response
{
    $activity = RetailCrm::activity($form);
    $account = accounts()[$activity->clientId] ?? null;
    if ($account === null) {
        return RetailCrm::failed('There is no such account.');
    }
    save($activity->clientId, ['active' => $activity->active && !$activity->freeze] + $account);
    return RetailCrm::accepted();
}

try {
    $form = (string) file_get_contents('php://input');
    $response = match ($_SERVER['REQUEST_METHOD'] . ' ' . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
        'GET /config' => RetailCrm::config(SCOPES, getenv('MODULE_URL') . '/register'),
        'POST /register' => register($form, $send),
        'POST /account' => account($form),
        'POST /activity' => activity($form),
        default => new Response(404, [], ''),
    };
} catch (VerificationFailed $refused) {
    error_log('refused: ' . $refused->status->name);
    $response = RetailCrm::failed('The request could not be verified.');
}
$response->send();
