<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\Mor;
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

    public function testTheRegistryIsTheFileAtEveryName(): void
    {
        $this->assertGreaterThan(120, \count(self::registry()));
        foreach (self::registry() as [$method, $aliases, $parameters, $confirmed]) {
            foreach ([$method, ...self::list($aliases)] as $name) {
                $this->assertSame(self::list($parameters), Mor::parameters($name), $name);
                $this->assertSame($confirmed === 'confirmed', Mor::isConfirmed($name), $name);
            }
        }
    }

    /** The section of the vectors that opens with "# Published" is the vendor's own. */
    public function testEveryConfirmedMethodHasAPublishedExampleThatItsRowMakes(): void
    {
        $published = [];
        $lists = \array_column(self::registry(), 2, 0);
        $section = '';
        foreach (\file(__DIR__ . '/../vectors/mor.tsv', \FILE_IGNORE_NEW_LINES) as $line) {
            $section = $line[0] === '#' ? $line : $section;
            if (\str_starts_with($section, '# Published') && \str_starts_with($line, 'sign_request')) {
                [, $secret, $method, $form, $hash] = \explode("\t", $line);
                $this->assertSame($hash, self::hash(self::list($lists[$method]), self::read($form), $secret), $method);
                $published[$method] = $method;
            }
        }
        $rows = \array_filter(self::registry(), fn (array $row) => $row[3] === 'confirmed');
        $this->assertSame(\array_column($rows, 0), \array_values($published));
    }

    public function testEveryMethodSignsAndChecksWhatPhpHashes(): void
    {
        foreach (self::registry() as [$method, , $list]) {
            for ($i = 0; $i < 10; $i++) {
                $secret = bytes(1, 100);
                $mor = new Mor($secret);
                $parameters = ['other' => bytes(0, 20), 'OTHER-1' => $i];
                foreach (self::list($list) as $name) {
                    $parameters[$name] = [bytes(0, 40), \random_int(\PHP_INT_MIN, \PHP_INT_MAX), ''][\random_int(0, 2)];
                }
                $hash = self::hash(self::list($list), $parameters, $secret);
                $this->assertSame($hash, $mor->signRequest($method, $parameters), $method);

                $request = $mor->request($method, $parameters, self::BASE);
                $this->assertSame(\http_build_query($parameters + ['hash' => $hash]), $request->body);
                $this->assertSame(0, $mor->checkRequest($method, $request->body));
                $this->assertFalse($mor->verifyRequest($method, \str_replace($hash, \strrev($hash), $request->body)));
            }
        }
    }

    public function testTheOrderIsTheMethodsOwn(): void
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
            fn () => Mor::parameters('no_such_method'),
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
        // But a value that is moved to a name that the method does not hash is missed.
        $this->assertFalse($this->mor->verifyRequest('user_balance_update', "user_id=12&other=345&hash=$hash"));
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
                        $hash = self::hash(['username', 'currency'], $read, self::SECRET);
                        $this->assertSame($hash, \strtolower($read['hash']), \rawurlencode($changed));
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

    /** The rows of the registry, as five columns. */
    private static function registry(): array
    {
        $lines = \file(__DIR__ . '/../../core/src/mor/methods.tsv', \FILE_IGNORE_NEW_LINES);
        $rows = \array_filter($lines, fn (string $line) => $line[0] !== '#');
        return \array_values(\array_map(fn (string $row) => \explode("\t", $row), $rows));
    }

    private static function list(string $column): array
    {
        return $column === '-' ? [] : \explode(',', $column);
    }
}
