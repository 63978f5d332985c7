<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\ImbaChat;
use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\Mistake;
use Apisig\Mor;
use Apisig\RetailCrm;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\TestCase;

/**
 * Every argument that a sender chooses may be anything that PHP makes of a request, such as the array of salt[]=1: it is
 * refused, and nothing else happens.
 */
final class PresentedTest extends TestCase
{
    /** @return array<string, array{mixed}> */
    public function values(): array
    {
        $recursive = ['salt' => 'x'];
        $recursive['self'] = &$recursive;
        return [
            'nothing' => [null],
            'an array' => [['x']],
            'an empty array' => [[]],
            'arrays in arrays' => [['x' => [['y' => []]]]],
            'an array that holds itself' => [$recursive],
            'an object' => [new \stdClass()],
            'a closure' => [static fn () => 'x'],
            'true' => [true],
            'false' => [false],
            'a number' => [42],
            'a float' => [1.5],
            'no number' => [\NAN],
            'a resource' => [\fopen('php://memory', 'r')],
            'bytes' => ["\0\xff"],
        ];
    }

    /** @dataProvider values */
    public function testVerifyRefuses(mixed $value): void
    {
        [$kommo, $imbachat, $kayako, $retailCrm, $mor] = self::vendors();
        $server = ['PHP_AUTH_USER' => 'root', 'PHP_AUTH_PW' => 'abc'];
        $form = ['apikey' => 'key', 'salt' => '1', 'signature' => $kayako->sign('1')];
        $this->assertTrue($kayako->verifyRequest('key', $form), 'as it should be');
        $verdicts = [
            'Kommo::verify' => $kommo->verify('GET', '/', '', ['X-Signature' => $value, 'Date' => $value]),
            'Kommo::verifyWebhook' => $kommo->verifyWebhook('{}', $value),
            'ImbaChat::verify' => $imbachat->verify($value),
            'ImbaChat::verifyLogin, login' => ImbaChat::verifyLogin('root', 'abc', $value, 'abc'),
            'ImbaChat::verifyLogin, password' => ImbaChat::verifyLogin('root', 'abc', 'root', $value),
            'ImbaChat::verifyAuthorization' => ImbaChat::verifyAuthorization('root', 'abc', $value),
            'Kayako::verify, salt' => $kayako->verify($value, $kayako->sign('1')),
            'Kayako::verify, signature' => $kayako->verify('1', $value),
            'Kayako::verifyRequest' => $kayako->verifyRequest('key', $value),
            'RetailCrm::verify, API key' => $retailCrm->verify($value, $retailCrm->sign('key')),
            'RetailCrm::verify, token' => $retailCrm->verify('key', $value),
            'Mor::verify, hash' => $mor->verify($value, 'x'),
            'Mor::verify, value' => $mor->verify($mor->sign('x'), 'x', $value),
            'Mor::verifyRequest, method' => $mor->verifyRequest($value, 'hash=' . $mor->sign()),
            'Mor::verifyRequest, form' => $mor->verifyRequest('balance', $value),
        ];
        foreach (['PHP_AUTH_USER', 'PHP_AUTH_PW'] as $name) {
            $verdicts["ImbaChat::verifyRequest, $name"] = ImbaChat::verifyRequest('root', 'abc', [$name => $value] + $server);
        }
        foreach (['HTTP_AUTHORIZATION', 'REDIRECT_HTTP_AUTHORIZATION'] as $name) {
            $verdicts["ImbaChat::verifyRequest, $name"] = ImbaChat::verifyRequest('root', 'abc', [$name => $value]);
        }
        foreach (\array_keys($form) as $name) {
            $verdicts["Kayako::verifyRequest, $name"] = $kayako->verifyRequest('key', [$name => $value] + $form);
        }
        $this->assertSame([], \array_keys(\array_filter($verdicts)));
    }

    /** @dataProvider values */
    public function testCheckSaysWhy(mixed $value): void
    {
        [$kommo, $imbachat, $kayako, $retailCrm, $mor] = self::vendors();
        $checks = [
            fn () => $kommo->check('GET', '/', '', ['X-Signature' => $value, 'Date' => $value]),
            fn () => $kommo->checkWebhook('{}', $value),
            fn () => $imbachat->check($value),
            fn () => ImbaChat::replayId($value),
            fn () => $kayako->check($value, $kayako->sign('1')),
            fn () => $kayako->check('1', $value),
            fn () => $kayako->checkRequest('key', $value),
            fn () => $retailCrm->check($value, $retailCrm->sign('key')),
            fn () => $retailCrm->check('key', $value),
            fn () => $mor->check($value, 'x'),
            fn () => $mor->check($mor->sign('x'), 'x', $value),
            fn () => $mor->checkRequest('balance', $value),
            fn () => $retailCrm->register($value, []),
            fn () => RetailCrm::activity($value),
            fn () => RetailCrm::clientId($value),
        ];
        foreach ($checks as $i => $check) {
            try {
                $check();
                $this->fail("check $i holds");
            } catch (VerificationFailed $failed) {
                $this->assertContains($failed->status, [Status::Malformed, Status::Mismatch], "check $i");
            }
        }
    }

    /** @dataProvider values */
    public function testUserIds(mixed $value): void
    {
        try {
            $this->assertSame($value === null ? [] : [42], ImbaChat::userIds($value));
        } catch (VerificationFailed $failed) {
            $this->assertSame(Status::Malformed, $failed->status);
            $this->assertNotContains($value, [null, 42]);
        }
    }

    /** @dataProvider values */
    public function testDiagnose(mixed $value): void
    {
        $this->assertNull(Kommo::diagnoseWebhook('secret', '{}', $value)->mistake);
        $this->assertContains(Kayako::diagnose('secret', 'key', $value, $value)->mistake, [null, Mistake::SaltMissing]);
        $this->assertNull(RetailCrm::diagnose('secret', 'key', $value)->mistake);
        $this->assertNull(Mor::diagnose('secret', 'balance', ['username' => 'x'], $value)->mistake);
    }

    /** @dataProvider values */
    public function testReplayId(mixed $value): void
    {
        foreach ([Kommo::webhookReplayId($value), Kayako::replayId($value), Mor::replayId($value), RetailCrm::replayId($value)] as $id) {
            $this->assertMatchesRegularExpression('/^[a-z-]+:[0-9a-f]{64}$/D', $id->id);
        }
    }

    public function testTextsOfFrameworksAreTexts(): void
    {
        $text = static fn (string $text): \Stringable => new class ($text) implements \Stringable {
            public function __construct(private string $text)
            {
            }

            public function __toString(): string
            {
                return $this->text;
            }
        };
        $kayako = new Kayako('secret');
        $this->assertTrue($kayako->verify($text('1'), $text($kayako->sign('1'))));
        $mor = new Mor('secret');
        $this->assertTrue($mor->verify($text($mor->sign('x')), $text('x')));
        $this->assertTrue($kayako->verify(1234567890, $kayako->sign('1234567890')), 'a number of JSON');
    }

    /** @return array{Kommo, ImbaChat, Kayako, RetailCrm, Mor} */
    private static function vendors(): array
    {
        $classes = [Kommo::class, ImbaChat::class, Kayako::class, RetailCrm::class, Mor::class];
        return \array_map(static fn (string $class): object => new $class('secret'), $classes);
    }
}
