<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\Mor;
use Apisig\MorParameters;
use Apisig\Request;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\TestCase;

/**
 * MOR's requests by the registry of methods, hashed and read by PHP.
 */
final class MorTest extends TestCase
{
    private const SECRET = 'secret';
    private const BASE = 'https://mor.example.com';

    private Mor $mor;

    protected function setUp(): void
    {
        $this->mor = new Mor(self::SECRET);
    }

    public function testTheOrderIsTheServers(): void
    {
        $hash = \sha1('textn5EURsecret');
        $parameters = ['u' => 'admin', 'number' => 'n', 'amount' => 5, 'currency' => 'EUR', 'description' => 'text'];
        $this->assertSame($hash, $this->mor->signRequest('card_payment_add', $parameters));
        $this->assertSame($hash, $this->mor->signRequest('card_payment_add', \array_reverse($parameters)));
        $this->assertSame($hash, $this->mor->sign('text', 'n', 5, 'EUR'));
        $this->assertSame(\sha1('0secret'), $this->mor->signRequest('devices_get', ['user_id' => 0]));
        $this->assertSame(\sha1('secret'), $this->mor->signRequest('devices_get', []));
    }

    public function testARequestIsWrittenToTheByte(): void
    {
        $parameters = ['u' => 'admin', 'username' => 'a b&c=~*é%', 'currency' => 'EUR', 'x' => -1];
        $hash = \sha1('a b&c=~*é%EURsecret');
        $body = "u=admin&username=a+b%26c%3D%7E%2A%C3%A9%25&currency=EUR&x=-1&hash=$hash";
        foreach (['', '/'] as $slash) {
            $this->assertEquals(
                new Request(
                    'POST',
                    'https://mor.example.com/billing/api/user_balance_get',
                    ['Content-Type' => 'application/x-www-form-urlencoded'],
                    $body
                ),
                $this->mor->request('user_balance_get', $parameters, self::BASE . $slash)
            );
        }
        $request = $this->mor->request('logout', [], 'http://127.0.0.1:8080/sub');
        $this->assertSame('http://127.0.0.1:8080/sub/billing/api/logout', $request->url);
        $this->assertSame('hash=' . \sha1('secret'), $request->body);
        \ini_set('arg_separator.output', '&amp;');
        $this->assertSame($body, $this->mor->request('user_balance_get', $parameters, self::BASE)->body);
        \ini_restore('arg_separator.output');
    }

    public function testAnUnknownMethodSaysWhatToDo(): void
    {
        $calls = [
            fn () => $this->mor->signRequest('no_such_method', ['a' => 'b']),
            fn () => $this->mor->request('no_such_method', ['a' => 'b'], self::BASE),
            fn () => $this->mor->request('../x', [], self::BASE),
            fn () => Mor::parameters('no_such_method', []),
            fn () => $this->mor->checkRequest('no_such_method', 'hash=' . \sha1('secret')),
        ];
        foreach ($calls as $call) {
            $exception = self::thrown($call);
            $this->assertSame(Status::Method, $exception->status);
            $this->assertStringContainsString('in their right order yourself', $exception->getMessage());
        }
        $this->assertFalse(Mor::isConfirmed('no_such_method'));
        $this->assertFalse($this->mor->verifyRequest('no_such_method', 'hash=' . \sha1('secret')));
    }

    public function testAValueThatTheServerWouldNotHashAsItIsIsRefusedByItsName(): void
    {
        foreach (['user_id' => ['user_id' => '007'], 'balance' => 'user_id=7&balance=ten'] as $name => $parameters) {
            $exception = self::thrown(fn () => $this->mor->signRequest('user_balance_update', $parameters));
            $this->assertInstanceOf(InvalidArgument::class, $exception);
            $this->assertSame(Status::Argument, $exception->status);
            $this->assertStringStartsWith("The parameter $name has to be digits", $exception->getMessage());
        }
        $form = 'user_id=007&balance=ten&hash=' . \sha1('7secret');
        $this->assertTrue($this->mor->verifyRequest('user_balance_update', $form));
    }

    public function testAFormIsTakenAsItIsSent(): void
    {
        $form = 'u=admin&username=a%20b&currency';
        $names = new MorParameters(['username'], ['u', 'currency']);
        foreach ([$form, ['u' => 'admin', 'username' => 'a b', 'currency' => '']] as $parameters) {
            $this->assertSame(\sha1('a bsecret'), $this->mor->signRequest('balance', $parameters));
            $this->assertEquals($names, Mor::parameters('balance', $parameters));
            $this->assertTrue(Mor::diagnose('secret', 'balance', $parameters, \sha1('a bsecret'))->holds);
            $this->assertSame(Mor::explain('secret', 'balance', $form), Mor::explain('secret', 'balance', $parameters));
        }
    }

    public function testWhatIsNotTextOrAnIntegerIsRefusedByItsName(): void
    {
        foreach ([1.5, true, null, ['x'], new \ArrayObject()] as $value) {
            foreach (['balance', 'not-hashed'] as $name) {
                $exception = self::thrown(fn () => $this->mor->signRequest('user_balance_update', [$name => $value]));
                $this->assertInstanceOf(InvalidArgument::class, $exception);
                $this->assertStringContainsString($name, $exception->getMessage());
                $this->assertStringContainsString(\get_debug_type($value), $exception->getMessage());
            }
        }
        $refused = [
            fn () => $this->mor->signRequest('devices_get', ['no name']),
            fn () => $this->mor->signRequest('devices_get', ['user_id[]' => 1]),
            fn () => $this->mor->signRequest('devices_get', ['user.id' => 1]),
            fn () => $this->mor->signRequest('devices_get', ['' => 1]),
            fn () => $this->mor->signRequest('devices_get', ['x' => \str_repeat('x', 1 << 20)]),
            fn () => $this->mor->request('devices_get', ['hash' => ''], self::BASE),
            fn () => $this->mor->request('devices_get', [], 'mor.example.com'),
            fn () => $this->mor->request('devices_get', [], 'ftp://mor.example.com'),
            fn () => $this->mor->request('devices_get', [], self::BASE . "\n"),
            fn () => $this->mor->request('devices_get', [], self::BASE . '/?x'),
            fn () => $this->mor->request('devices_get', [], self::BASE . '#x'),
        ];
        foreach ($refused as $call) {
            $exception = self::thrown($call);
            $this->assertInstanceOf(InvalidArgument::class, $exception);
            $this->assertSame(Status::Argument, $exception->status);
        }
    }

    /** What the documentation warns of. */
    public function testTwoRequestsHaveOneHash(): void
    {
        $this->assertSame($this->mor->sign('123', '456789'), $this->mor->sign('1234', '56789'));
        $this->assertSame((new Mor('456789'))->sign('123'), (new Mor('56789'))->sign('1234'));
        $hash = $this->mor->signRequest('user_balance_update', ['user_id' => 12, 'balance' => 345]);
        $this->assertTrue($this->mor->verifyRequest('user_balance_update', "user_id=12&balance=345&hash=$hash"));
        $this->assertTrue($this->mor->verifyRequest('user_balance_update', "user_id=123&balance=45&hash=$hash"));
        // Nor does the hash cover the method.
        $hash = $this->mor->signRequest('devices_get', ['user_id' => 7]);
        $this->assertTrue($this->mor->verifyRequest('user_delete', "user_id=7&hash=$hash"));
    }

    /**
     * Whatever is changed in a request: where the check holds, PHP reads values of this hash, and nothing else.
     */
    public function testAChangedRequestHoldsOnlyAsPhpReadsIt(): void
    {
        $whole = $this->mor->request('balance', ['username' => 'a+b c', 'currency' => 'EUR', 'u' => 'x'], self::BASE)->body;
        $pieces = ['+', '%20', '%00', '%2B', '=', '&', '[', ']', '[]', '.', ';', 'x', '&username', '&currency=', '%', "\xff"];
        $held = 0;
        foreach (\range(0, \strlen($whole)) as $at) {
            foreach ($pieces as $piece) {
                foreach ([0, 1] as $replaced) {
                    $changed = \substr_replace($whole, $piece, $at, $replaced);
                    if ($this->mor->verifyRequest('balance', $changed)) {
                        $read = self::read($changed);
                        $hash = self::hash(['name', 'username', 'currency'], $read, self::SECRET);
                        $this->assertSame($hash, $read['hash'], \rawurlencode($changed));
                        $held++;
                    }
                }
            }
        }
        $this->assertGreaterThan(20, $held);
    }

    public function testAPreviousSecretIsTaken(): void
    {
        $body = (new Mor('old'))->request('balance', ['username' => 'a'], self::BASE)->body;
        $this->assertSame(1, (new Mor('new', ['old']))->checkRequest('balance', $body));
        $exception = self::thrown(fn () => (new Mor('new'))->checkRequest('balance', $body));
        $this->assertInstanceOf(VerificationFailed::class, $exception);
        $this->assertSame(Status::Mismatch, $exception->status);
    }

    public function testAnObjectWhoseHandleIsFreedAnswersNothing(): void
    {
        $body = $this->mor->request('balance', ['username' => 'a'], self::BASE)->body;
        $this->mor->__destruct();
        $this->assertFalse($this->mor->verifyRequest('balance', $body));
        foreach (
            [
                fn () => $this->mor->signRequest('balance', []),
                fn () => $this->mor->checkRequest('balance', $body),
            ] as $call
        ) {
            $this->assertInstanceOf(InvalidArgument::class, self::thrown($call));
        }
    }

    private static function thrown(callable $call): Exception
    {
        try {
            $call();
        } catch (Exception $exception) {
            return $exception;
        }
        self::fail('not refused');
    }

    /** The hash as the vendor's page makes it. */
    private static function hash(array $names, array $parameters, string $secret): string
    {
        return \sha1(\implode('', \array_map(fn (string $name) => $parameters[$name] ?? '', $names)) . $secret);
    }

    private static function read(string $form): array
    {
        \parse_str($form, $parameters);
        return $parameters;
    }
}
