<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\Mor;
use Apisig\Request;
use Apisig\Status;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * MOR's requests by the registry of methods, from PHP's arrays.
 */
final class MorTest extends TestCase
{
    private const BASE = 'https://mor.example.com';

    private Mor $mor;

    protected function setUp(): void
    {
        $this->mor = new Mor('secret');
    }

    /** A setting of PHP leaves no value out of the hash. */
    public function testLimitsOfPcre(): void
    {
        $forged = 'user_id=7&u1=100&hash=' . \sha1('7s');
        foreach (['1', '2', '3', '5', '100'] as $limit) {
            \ini_set('pcre.backtrack_limit', $limit);
            try {
                $this->assertFalse((new Mor('s'))->verifyRequest('payment_create', $forged), $limit);
                $signed = (new Mor('s'))->signRequest('payment_create', ['user_id' => 7, 'u1' => '100']);
                $this->assertNotSame(\sha1('7s'), $signed, $limit);
            } catch (Exception $refused) {
                $this->assertContains($refused->status, [Status::Malformed, Status::Argument]);
            } finally {
                \ini_restore('pcre.backtrack_limit');
            }
        }
    }

    public function testARequestIsWrittenToTheByteWhateverTheSettingsOfPhp(): void
    {
        $parameters = ['u' => 'admin', 'username' => 'a b&c=~*é%', 'currency' => 'EUR', 'x' => -1];
        $body = 'u=admin&username=a+b%26c%3D%7E%2A%C3%A9%25&currency=EUR&x=-1&hash=' . \sha1('a b&c=~*é%EURsecret');
        $headers = ['Content-Type' => 'application/x-www-form-urlencoded'];
        $before = \ini_set('arg_separator.output', '&amp;');
        $request = $this->mor->request('user_balance_get', $parameters, self::BASE);
        \ini_set('arg_separator.output', $before);
        $this->assertEquals(new Request('POST', self::BASE . '/billing/api/user_balance_get', $headers, $body), $request);
        $this->assertSame('hash=' . \sha1('secret'), $this->mor->request('logout', [], self::BASE)->body);
    }

    public function testAnUnknownMethodSaysWhatToDo(): void
    {
        $calls = [
            fn () => $this->mor->signRequest('no_such_method', ['a' => 'b']),
            fn () => $this->mor->request('no_such_method', [], self::BASE),
            fn () => Mor::parameters('no_such_method', []),
            fn () => $this->mor->checkRequest('no_such_method', 'hash=' . \sha1('secret')),
        ];
        foreach ($calls as $call) {
            $exception = thrown(Exception::class, $call);
            $this->assertSame(Status::Method, $exception->status);
            $this->assertStringContainsString('in their right order yourself', $exception->getMessage());
        }
    }

    public function testPublicHashesConfirmAMethod(): void
    {
        $methods = ['user_calls_get' => true, 'user_calls' => true, 'device_rule_create' => false, 'no_such_method' => false];
        foreach ($methods as $method => $isConfirmed) {
            $this->assertSame($isConfirmed, Mor::isConfirmed($method), $method);
        }
    }

    /** @dataProvider refused */
    #[DataProvider('refused')]
    public function testARefusalNamesTheParameter(string $words, \Closure $call): void
    {
        $exception = thrown(InvalidArgument::class, fn () => $call($this->mor));
        $this->assertStringContainsString($words, $exception->getMessage());
        $this->assertSame(0, \preg_match('/[\x00-\x1f\x7f]/', $exception->getMessage()));
        $this->assertSame(Status::Argument, $exception->status);
    }

    public static function refused(): array
    {
        $sign = static fn (array|string $parameters): \Closure =>
            static fn (Mor $mor): string => $mor->signRequest('user_balance_update', $parameters);
        $request = static fn (array $parameters, string $base = self::BASE): \Closure =>
            static fn (Mor $mor): Request => $mor->request('devices_get', $parameters, $base);
        return [
            'a float' => ['balance is float', $sign(['balance' => 1.5])],
            'a boolean' => ['balance is bool', $sign(['balance' => true])],
            'null' => ['not-hashed is null', $sign(['not-hashed' => null])],
            'a list' => ['x is array', $sign(['x' => ['y']])],
            'an object' => ['x is ArrayObject', $sign(['x' => new \ArrayObject()])],
            'control characters in a name' => ['a\x1b[1m is null', $sign(["a\x1b[1m" => null])],
            'no name' => ['The parameter 0', $sign(['no name'])],
            'an empty name' => ['name is empty', $sign(['' => 1])],
            'an array of PHP' => ['name', $sign(['user_id[]' => 1])],
            'a hash' => ['hash', $request(['hash' => ''])],
            'a path' => ['method', static fn (Mor $mor): Request => $mor->request('../x', [], self::BASE)],
            'no URL' => ['base', $request([], 'mor.example.com')],
        ];
    }
}
