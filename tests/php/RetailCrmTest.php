<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\InvalidArgument;
use Apisig\Mistake;
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
        $bodies = [
            \http_build_query(['register' => \json_encode(self::sent())]),
            \http_build_query(['register' => self::sent(self::URL . '/', 'old')]),
        ];
        foreach ($bodies as $body) {
            \parse_str($body, $post);
            $again = \http_build_query(['register' => $post['register']]);
            foreach ([$body, $again] as $form) {
                $registration = $retailcrm->register($form, self::HOSTS);
                $this->assertSame([self::KEY, self::URL], [$registration->apiKey, $registration->systemUrl]);
            }
        }
    }

    public function testARefusalSaysWhyAndNothingElse(): void
    {
        \ini_set('zend.exception_ignore_args', '0');
        $retailcrm = new RetailCrm('secret');
        $refused = [
            'Malformed' => 'register=' . \urlencode('{"apiKey":"' . self::KEY . '"}'),
            'Mismatch' => \http_build_query(['register' => self::sent(self::URL, 'other')]),
            'Url' => \http_build_query(['register' => self::sent('https://example.org')]),
        ];
        foreach ($refused as $status => $form) {
            try {
                $retailcrm->register($form, self::HOSTS);
                $this->fail($status);
            } catch (VerificationFailed $exception) {
                $this->assertSame($status, $exception->status->name);
                $this->assertStringNotContainsString(self::KEY, $exception->getMessage());
                if (\PHP_VERSION_ID >= 80200) {
                    // Of checked() and register(); further out, PHPUnit has every vector in its hands.
                    $arguments = \print_r(\array_column(\array_slice($exception->getTrace(), 0, 2), 'args'), true);
                    $this->assertStringContainsString('SensitiveParameterValue', $arguments);
                    $this->assertStringNotContainsString(self::KEY, $arguments);
                }
            }
        }
    }

    /** explode(',', getenv('HOSTS')) must not allow every host where the variable is missing. */
    public function testAListWithAnythingButHostsIsTheCallersMistake(): void
    {
        $form = \http_build_query(['register' => self::sent()]);
        $lists = [[''], \explode(',', ''), ['retailcrm.ru', ''], ['*.retailcrm.ru'], [self::URL], [null], [1]];
        foreach ($lists as $hosts) {
            $this->refuses(fn () => (new RetailCrm('secret'))->register($form, $hosts));
        }
        $this->assertSame(self::URL, (new RetailCrm('secret'))->register($form, [])->systemUrl);
    }

    public function testAnswersAreJsonWithStatus200(): void
    {
        $answers = [
            [
                RetailCrm::config(['order_read', 'order_write'], 'https://module.example/r'),
                ['success' => true, 'scopes' => ['order_read', 'order_write'], 'registerUrl' => 'https://module.example/r'],
            ],
            [
                RetailCrm::config([], 'https://module.example/r'),
                ['success' => true, 'scopes' => [], 'registerUrl' => 'https://module.example/r'],
            ],
            [
                RetailCrm::registered('https://module.example/a?é'),
                ['success' => true, 'accountUrl' => 'https://module.example/a?é'],
            ],
            [RetailCrm::failed("„Nein“\n"), ['success' => false, 'errorMsg' => "„Nein“\n"]],
            [RetailCrm::accepted(), ['success' => true]],
        ];
        $flags = \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES;
        foreach ($answers as [$answer, $expected]) {
            $this->assertSame(\json_encode($expected, $flags), $answer->body);
            $this->assertSame([200, ['Content-Type' => 'application/json']], [$answer->status, $answer->headers]);
        }
        $long = \str_repeat('long ', 10000);
        $this->assertSame($long, \json_decode(RetailCrm::failed($long)->body)->errorMsg);
        foreach ([[''], ['order_read', ''], ['Order'], [null]] as $scopes) {
            $this->refuses(fn () => RetailCrm::config($scopes, 'https://module.example'));
        }
        $this->refuses(fn () => RetailCrm::registered('http://module.example'));
        $this->refuses(fn () => RetailCrm::failed("\xff"));
    }

    public function testTheEditRequestIsReadAsTheSystemReadsIt(): void
    {
        $registration = new RetailCrmRegistration(self::KEY, self::URL);
        $module = ['clientId' => 'a&b=c+d', 'name' => 'Модуль "1"', 'actions' => ['activity' => '/a'], 'code' => 'x'];
        $request = RetailCrm::edit($registration, 'my-module', $module);
        $this->assertSame('POST', $request->method);
        $this->assertSame(self::URL . '/api/v5/integration-modules/my-module/edit', $request->url);
        $this->assertSame(
            ['X-API-KEY' => self::KEY, 'Content-Type' => 'application/x-www-form-urlencoded'],
            $request->headers
        );
        $this->assertStringNotContainsString(self::KEY, $request->body . $request->url);
        \parse_str($request->body, $fields);
        $this->assertSame(['integrationModule'], \array_keys($fields));
        $json = \json_decode($fields['integrationModule'], true, 512, \JSON_THROW_ON_ERROR);
        $this->assertSame(['code' => 'my-module'] + $module, $json);
        $this->assertSame(
            'integrationModule=%7B%22code%22%3A%22x%22%2C%22name%22%3A%22%C3%A9%2F%22%7D',
            RetailCrm::edit($registration, 'x', ['name' => 'é/', 'code' => 1])->body
        );
    }

    public function testAnEditRequestThatWouldGoElsewhereIsRefused(): void
    {
        foreach (['', '..', 'a/b', "a\n", 'a?b'] as $code) {
            $this->refuses(fn () => RetailCrm::edit(new RetailCrmRegistration(self::KEY, self::URL), $code, []));
        }
        foreach (['', 'http://demo.retailcrm.ru', self::URL . ':1', self::URL . '/x', 'https://a@b.ru'] as $url) {
            $this->refuses(fn () => RetailCrm::edit(new RetailCrmRegistration(self::KEY, $url), 'x', []));
        }
        foreach (['', "a\r\nX: y", "a\n", 'a b', 'é'] as $key) {
            $this->refuses(fn () => RetailCrm::edit(new RetailCrmRegistration($key, self::URL), 'x', []));
        }
        $this->expectException(\JsonException::class);
        RetailCrm::edit(new RetailCrmRegistration(self::KEY, self::URL), 'x', ['name' => "\xff"]);
    }

    public function testTheApiKeyIsNotShown(): void
    {
        $registration = new RetailCrmRegistration(self::KEY, self::URL);
        \ob_start();
        \var_dump($registration);
        \print_r($registration);
        $shown = (string) \ob_get_clean();
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
        $this->assertSame('клиент 1', RetailCrm::clientId(\http_build_query($form)));
        $json = \urlencode('{"freeze":true,"active":false}');
        $activity = RetailCrm::activity("&&%61ctivity=$json&client%49d=a%2Bb&systemUrl=x&=&y");
        $this->assertSame([false, true, 'a+b'], [$activity->active, $activity->freeze, $activity->clientId]);
    }

    /** @dataProvider unreadable */
    public function testWhatIsUnsignedIsReadAsStrictly(string $form): void
    {
        try {
            RetailCrm::activity($form);
            $this->fail($form);
        } catch (VerificationFailed $exception) {
            $this->assertSame(Status::Malformed, $exception->status);
        }
    }

    public static function unreadable(): array
    {
        $right = 'activity={"active":true,"freeze":false}&clientId=a&systemUrl=x';
        RetailCrm::activity($right);
        $forms = [
            'nothing' => '',
            'no activity' => 'clientId=a&systemUrl=x',
            'no clientId' => \str_replace('clientId', 'clientID', $right),
            'an empty clientId' => \str_replace('=a', '=', $right),
            'a clientId twice' => "$right&client%49d=a",
            'an activity twice' => "$right&activity",
            'no system URL' => \str_replace('&systemUrl=x', '', $right),
            'a NUL' => \str_replace('=a', '=a%00', $right),
            'a line feed behind' => \str_replace('=a', '=a%0A', $right),
            'a DEL' => \str_replace('=a', '=a%7F', $right),
            'no UTF-8' => \str_replace('=a', '=%FF', $right),
            'a long clientId' => \str_replace('=a', '=' . \str_repeat('a', 513), $right),
            'a long form' => $right . \str_repeat('&', 65536),
            'a list' => \str_replace('clientId', 'clientId[]', $right),
            'no JSON' => \str_replace('{', '', $right),
            'a JSON list' => 'activity=[true,false]&clientId=a&systemUrl=x',
            'no member' => \str_replace('freeze', 'frozen', $right),
            'a number' => \str_replace('true', '1', $right),
            'a string' => \str_replace('true', '"true"', $right),
            'null' => \str_replace('true', 'null', $right),
            'JSON that does not end' => \str_replace('}', '', $right),
            'deep JSON' => \str_replace('true', \str_repeat('[', 60000), $right),
            'JSON with something behind' => \str_replace('}', '}}', $right),
            'JSON that is no UTF-8' => \str_replace('true', 'true,"%FF":1', $right),
        ];
        return \array_map(fn (string $form) => [$form], $forms);
    }

    public function testAFailedCheckCanCarryItsDiagnosis(): void
    {
        $swapped = \hash_hmac('sha256', 'secret', self::KEY);
        try {
            (new RetailCrm('secret'))->check(self::KEY, $swapped);
            $this->fail('answered');
        } catch (VerificationFailed $failed) {
            $failed->diagnosis = RetailCrm::diagnose('secret', self::KEY, $swapped);
            $this->assertSame(Status::Mismatch, $failed->status);
            $this->assertFalse($failed->diagnosis->holds);
            $this->assertSame(Mistake::SecretSwapped, $failed->diagnosis->mistake);
            $this->assertStringContainsString('swapped', $failed->diagnosis->text());
        }
    }

    /** Frameworks give null for what was not sent: that is not the caller's mistake, an empty secret is. */
    public function testNothingThatIsPresentedIsTheCallersMistake(): void
    {
        $right = RetailCrm::diagnose('secret', self::KEY, (new RetailCrm('secret'))->sign(self::KEY));
        $this->assertTrue($right->holds);
        $this->assertNull($right->mistake);
        $this->assertSame('Nothing is wrong.', $right->text());
        $this->assertSame(Mistake::ApiKeyMissing, RetailCrm::diagnose('secret', null, null)->mistake);
        $unknown = RetailCrm::diagnose('secret', self::KEY, null);
        $this->assertFalse($unknown->holds);
        $this->assertNull($unknown->mistake);
        $this->assertSame(Status::Mismatch->text(), $unknown->text());
        $this->refuses(fn () => RetailCrm::diagnose('', self::KEY, 'token'));
    }

    public function testAnExplanationShowsNeitherSecretNorApiKey(): void
    {
        $text = RetailCrm::explain('the-module-secret', self::KEY);
        $this->assertStringContainsString(\hash_hmac('sha256', self::KEY, 'the-module-secret'), $text);
        $this->assertStringNotContainsString('the-module-secret', $text);
        $this->assertStringNotContainsString(self::KEY, $text);
        $this->assertLessThanOrEqual(80, \max(\array_map('strlen', \explode("\n", $text))));
        $long = \str_repeat("\xff", 100000);
        $this->assertStringContainsString('secret: 100000 bytes, SHA-256 ', RetailCrm::explain($long, $long));
        $this->refuses(fn () => RetailCrm::explain('', self::KEY));
        $this->refuses(fn () => RetailCrm::explain('secret', ''));
    }

    public function testARefusedDiagnosisShowsNothingInItsTrace(): void
    {
        \ini_set('zend.exception_ignore_args', '0');
        $calls = [
            fn () => RetailCrm::diagnose('', self::KEY, 'token'),
            fn () => RetailCrm::explain('the-module-secret', ''),
            fn () => RetailCrm::explain('', self::KEY),
        ];
        foreach ($calls as $call) {
            try {
                $call();
                $this->fail('answered');
            } catch (InvalidArgument $exception) {
                if (\PHP_VERSION_ID >= 80200) {
                    // Up to this closure; further out, PHPUnit has every vector in its hands.
                    $functions = \array_column($exception->getTrace(), 'function');
                    $own = \array_intersect($functions, ['diagnose', 'explain']);
                    $inner = \array_slice($exception->getTrace(), 0, \array_key_first($own) + 1);
                    $arguments = \print_r(\array_column($inner, 'args'), true);
                    $this->assertStringContainsString('SensitiveParameterValue', $arguments);
                    $this->assertStringNotContainsString(self::KEY, $arguments);
                    $this->assertStringNotContainsString('the-module-secret', $arguments);
                }
            }
        }
    }

    private function refuses(callable $call): void
    {
        try {
            $call();
            $this->fail('answered');
        } catch (InvalidArgument $exception) {
            $this->assertSame(Status::Argument, $exception->status);
        }
    }
}
