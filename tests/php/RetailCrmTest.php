<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\InvalidArgument;
use Apisig\RetailCrm;
use Apisig\RetailCrmRegistration;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\TestCase;

/**
 * RetailCRM's simple connection as a PHP module sees it: $_POST, values, messages, what is refused.
 */
final class RetailCrmTest extends TestCase
{
    private const KEY = 'Xb1eT0mVxzPzJpYpdd9Ym2Zyc5OzqC4E';
    private const URL = 'https://demo.retailcrm.ru';
    private const HOSTS = ['retailcrm.ru', 'simla.com'];

    /** @return array<string, string> what the system sends, token by PHP's own function */
    private static function sent(string $systemUrl = self::URL, string $secret = 'secret'): array
    {
        $token = \hash_hmac('sha256', self::KEY, $secret);
        return ['token' => $token, 'apiKey' => self::KEY, 'systemUrl' => $systemUrl];
    }

    public function testWhatIsLeftInPostCanBeRegistered(): void
    {
        $retailcrm = new RetailCrm('secret', ['old']);
        foreach ([\json_encode(self::sent()), self::sent(self::URL . '/', 'old')] as $register) {
            $body = \http_build_query(['register' => $register]);
            \parse_str($body, $post);
            foreach ([$body, \http_build_query(['register' => $post['register']])] as $form) {
                $registration = $retailcrm->register($form, self::HOSTS);
                $this->assertSame([self::KEY, self::URL], [$registration->apiKey, $registration->systemUrl]);
            }
        }
        $refused = [
            'Malformed' => 'register=' . \urlencode('{"apiKey":"' . self::KEY . '"}'),
            'Mismatch' => \http_build_query(['register' => self::sent(self::URL, 'other')]),
            'Url' => \http_build_query(['register' => self::sent('https://example.org')]),
        ];
        foreach ($refused as $status => $form) {
            $failed = thrown(VerificationFailed::class, fn () => $retailcrm->register($form, self::HOSTS));
            $this->assertSame($status, $failed->status->name);
        }
    }

    /** explode(',', getenv('HOSTS')) must not allow every host where the variable is missing. */
    public function testAnEmptyEntryIsNoEmptyList(): void
    {
        $form = \http_build_query(['register' => self::sent()]);
        $lists = [[''], \explode(',', ''), ['retailcrm.ru', ''], ['*.retailcrm.ru'], [self::URL], [null], [1]];
        foreach ($lists as $hosts) {
            thrown(InvalidArgument::class, fn () => (new RetailCrm('secret'))->register($form, $hosts));
        }
        $this->assertSame(self::URL, (new RetailCrm('secret'))->register($form, [])->systemUrl);
        foreach ([[''], ['order_read', ''], [null]] as $scopes) {
            thrown(InvalidArgument::class, fn () => RetailCrm::config($scopes, 'https://module.example'));
        }
    }

    public function testAnswersAreJsonWithStatus200(): void
    {
        $answers = [
            [RetailCrm::config(['order_read', 'order_write'], 'https://module.example/r'),
                ['success' => true, 'scopes' => ['order_read', 'order_write'], 'registerUrl' => 'https://module.example/r']],
            [RetailCrm::config([], 'https://module.example/r'),
                ['success' => true, 'scopes' => [], 'registerUrl' => 'https://module.example/r']],
            [RetailCrm::accepted(), ['success' => true]],
        ];
        foreach ($answers as [$answer, $expected]) {
            $this->assertSame(\json_encode($expected, \JSON_UNESCAPED_SLASHES), $answer->body);
            $this->assertSame([200, ['Content-Type' => 'application/json']], [$answer->status, $answer->headers]);
        }
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

    public function testTheActivityIsRead(): void
    {
        $json = '{"active":true,"freeze":false,"more":[]}';
        $form = ['activity' => $json, 'clientId' => 'клиент 1', 'systemUrl' => 'https://demo.retailcrm.ru/', 'x' => '1'];
        $activity = RetailCrm::activity(\http_build_query($form));
        $this->assertSame(
            [true, false, 'клиент 1', 'https://demo.retailcrm.ru/'],
            [$activity->active, $activity->freeze, $activity->clientId, $activity->systemUrl]
        );
        $this->assertSame(
            ['activity' => ['active' => true, 'freeze' => false, 'more' => []], 'x' => '1'],
            \array_diff_key($activity->raw, ['clientId' => 0, 'systemUrl' => 0])
        );
        $fields = RetailCrm::activity('activity[active]=true&activity[freeze]=false&activity[more]=1&clientId=a')->raw;
        $this->assertSame(['active' => 'true', 'freeze' => 'false', 'more' => '1'], $fields['activity']);
        $fields = RetailCrm::activity(" u\0=&activity[active]=true&activity[freeze]=false&clientId=a&x=1\0")->raw;
        $active = ['active' => 'true', 'freeze' => 'false'];
        $this->assertSame(['u' => '', 'activity' => $active, 'clientId' => 'a', 'x' => "1\0"], $fields);
        $this->assertSame('клиент 1', RetailCrm::clientId(\http_build_query($form)));
        foreach ([RetailCrm::activity(...), RetailCrm::clientId(...)] as $read) {
            foreach ([null, [], '', 'clientId=', 'clientId=a&clientId=a'] as $form) {
                $failed = thrown(VerificationFailed::class, fn () => $read($form));
                $this->assertSame(Status::Malformed, $failed->status);
            }
        }
    }
}
