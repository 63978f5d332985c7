<?php

/**
 * Prints what the PHP classes say about each form of a file: what alike.py prints. Usage: alike.php FILE
 */

declare(strict_types=1);

use Apisig\Exception;
use Apisig\ImbaChatUser;
use Apisig\Kayako;
use Apisig\Mor;
use Apisig\RetailCrm;
use Apisig\RetailCrmRegistration;

require __DIR__ . '/../../bindings/php/vendor/autoload.php';

\set_error_handler(static fn (int $type, string $text) => throw new \ErrorException($text, 0, $type));

$kayako = new Kayako('secret', ['old secret']);
$mor = new Mor('secret', ['old secret']);
$retailCrm = new RetailCrm('secret', ['old secret']);

/** A form as the caller's own fields, nothing of it decoded; without names that PHP takes for integers. */
$fields = static function (string $form): array {
    $fields = [];
    foreach (\preg_grep('/^-?\d/', \explode('&', $form), \PREG_GREP_INVERT) as $field) {
        [$name, $value] = \explode('=', $field, 2) + [1 => ''];
        $fields[$name] = $value;
    }
    return $fields;
};

$functions = [
    'client id' => static fn (string $form): array => [RetailCrm::clientId($form)],
    'activity' => static function (string $form): array {
        $told = RetailCrm::activity($form);
        return [(string) (int) $told->active, (string) (int) $told->freeze, $told->clientId, $told->systemUrl];
    },
    'register' => static function (string $form) use ($retailCrm): array {
        $made = $retailCrm->register($form, ['simla.com']);
        return [$made->apiKey, $made->systemUrl];
    },
    "Kayako's check" => static fn (string $form): array => [(string) $kayako->checkRequest('apikey', $form)],
    "Kayako's request" => static fn (string $form): array => [
        $kayako->request('POST', 'https://x', '/x', 'apikey', $fields($form), false, '1')->body,
    ],
    "Kayako's parameters" => static fn (string $form): array =>
        \array_values($kayako->parameters((string) \preg_replace('/[\x80-\xff]/', '', $form), '1')),
    "ImbaChat's user" => static fn (string $form): array =>
        \array_values((new ImbaChatUser($form, $form, "https://x/$form"))->jsonSerialize()),
    "RetailCRM's request" => static fn (string $form): array => [
        RetailCrm::edit(new RetailCrmRegistration($form, 'https://x.simla.com'), 'x', [])->headers['X-API-KEY'],
    ],
    "MOR's check" => static fn (string $form): array => [(string) $mor->checkRequest('users_get', $form)],
    "MOR's hash" => static fn (string $form): array => [$mor->signRequest('users_get', $form)],
    "MOR's parameters" => static function (string $form): array {
        $parameters = Mor::parameters('payment_create', $form);
        return [\implode(',', $parameters->hashed), \implode(',', $parameters->others)];
    },
    "MOR's request" => static fn (string $form): array => [
        $mor->request('user_balance_update', $fields($form), 'https://x')->body,
    ],
];

foreach (\file($argv[1], \FILE_IGNORE_NEW_LINES) as $line) {
    foreach ($functions as $name => $function) {
        try {
            $texts = $function((string) \hex2bin($line));
        } catch (Exception $exception) {
            $texts = [\strtolower($exception->status?->name ?? ''), $exception->getMessage()];
        }
        echo $line, "\t", $name, "\t", \implode(' ', \array_map(\bin2hex(...), $texts)), "\n";
    }
}
