<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\InvalidArgument;
use Apisig\RetailCrm;
use Apisig\RetailCrmRegistration;
use PHPUnit\Framework\TestCase;

/**
 * RetailCRM's simple connection as a PHP module sees it: lists, values, messages, what is refused.
 */
final class RetailCrmTest extends TestCase
{
    private const KEY = 'Xb1eT0mVxzPzJpYpdd9Ym2Zyc5OzqC4E';
    private const URL = 'https://demo.retailcrm.ru';

    /** explode(',', getenv('HOSTS')) must not allow every host where the variable is missing. */
    public function testAnEmptyEntryIsNoEmptyList(): void
    {
        foreach ([[''], \explode(',', ''), ['retailcrm.ru', ''], [null], [1]] as $hosts) {
            thrown(InvalidArgument::class, fn () => (new RetailCrm('secret'))->register('', $hosts));
        }
        foreach ([[''], ['order_read', ''], [null]] as $scopes) {
            thrown(InvalidArgument::class, fn () => RetailCrm::config($scopes, 'https://module.example'));
        }
    }

    public function testAnswersAreJsonWithStatus200(): void
    {
        foreach ([RetailCrm::config([], self::URL), RetailCrm::accepted()] as $answer) {
            $this->assertSame([200, ['Content-Type' => 'application/json']], [$answer->status, $answer->headers]);
        }
        $this->assertSame('{"success":true}', $answer->body);
    }

    public function testTheEditRequestIsReadAsTheSystemReadsIt(): void
    {
        $registration = new RetailCrmRegistration(self::KEY, self::URL);
        $module = ['clientId' => 'a&b=c+d', 'name' => 'Модуль "1"/', 'actions' => ['activity' => '/a'], 'code' => 'x'];
        $request = RetailCrm::edit($registration, 'my-module', $module);
        $this->assertSame(['POST', self::URL . '/api/v5/integration-modules/my-module/edit'], [$request->method, $request->url]);
        $type = ['Content-Type' => 'application/x-www-form-urlencoded'];
        $this->assertSame(['X-API-KEY' => self::KEY] + $type, $request->headers);
        $this->assertStringNotContainsString(self::KEY, $request->body . $request->url);
        \parse_str($request->body, $fields);
        $this->assertSame(['integrationModule'], \array_keys($fields));
        $json = \json_encode(['code' => 'my-module'] + $module, \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES);
        $this->assertSame($json, $fields['integrationModule']);
        foreach (['', "a\r\nX: y", "a\n", 'a b', 'é'] as $key) {
            $edit = fn () => RetailCrm::edit(new RetailCrmRegistration($key, self::URL), 'x', []);
            thrown(InvalidArgument::class, $edit);
        }
        thrown(\JsonException::class, fn () => RetailCrm::edit($registration, 'x', ['name' => "\xff"]));
    }

    public function testTheApiKeyIsNotShown(): void
    {
        $registration = new RetailCrmRegistration(self::KEY, self::URL);
        \ob_start();
        \var_dump($registration);
        $shown = \ob_get_clean() . \print_r($registration, true);
        $this->assertStringNotContainsString(self::KEY, $shown);
        $this->assertStringContainsString(self::URL, $shown);
        $this->expectException(\Error::class);
        $registration->apiKey = 'other';
    }

    public function testAllFieldsOfAnActivityAreKept(): void
    {
        $json = '{"active":true,"freeze":false,"more":[]}';
        $form = ['activity' => $json, 'clientId' => 'клиент 1', 'systemUrl' => self::URL, 'x' => '1'];
        $activity = RetailCrm::activity(\http_build_query($form));
        $this->assertSame(['activity' => ['active' => true, 'freeze' => false, 'more' => []]] + $form, $activity->raw);
        $fields = RetailCrm::activity('activity[active]=true&activity[freeze]=false&activity[more]=1&clientId=a')->raw;
        $this->assertSame(['active' => 'true', 'freeze' => 'false', 'more' => '1'], $fields['activity']);
        $fields = RetailCrm::activity(" u\0=&activity[active]=true&activity[freeze]=false&clientId=a&x=1\0")->raw;
        $active = ['active' => 'true', 'freeze' => 'false'];
        $this->assertSame(['u' => '', 'activity' => $active, 'clientId' => 'a', 'x' => "1\0"], $fields);
    }
}
