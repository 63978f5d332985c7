<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Exception;
use Apisig\ImbaChat;
use Apisig\InvalidArgument;
use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\Mor;
use Apisig\Native;
use Apisig\RetailCrm;
use Apisig\Status;
use PHPUnit\Framework\TestCase;

/**
 * What is PHP's own: types, secrets that stay inside, literals that stay as they are.
 */
final class BindingTest extends TestCase
{
    private const SECRET = 'a-very-secret-secret';
    private const ROOMS = [Kommo::class, ImbaChat::class, RetailCrm::class, Kayako::class, Mor::class];

    public function testEveryStatusHasAText(): void
    {
        foreach (Status::cases() as $status) {
            $this->assertGreaterThan(10, \strlen($status->text()));
        }
    }

    public function testSecretsAreRefusedWithAReason(): void
    {
        foreach (self::ROOMS as $room) {
            foreach ([[''], ['x', ['']], ['x', ['a', 'b', 'c', 'd']], ['x', [1]]] as $arguments) {
                try {
                    new $room(...$arguments);
                    $this->fail($room);
                } catch (InvalidArgument $exception) {
                    $this->assertSame(Status::Argument, $exception->status);
                    $this->assertSame(-1, $exception->getCode());
                }
            }
        }
    }

    public function testASecretIsNotShownAnywhere(): void
    {
        \ini_set('zend.exception_ignore_args', '0');
        foreach (self::ROOMS as $class) {
            $room = new $class(self::SECRET, [self::SECRET . '2']);
            \ob_start();
            \var_dump($room);
            \print_r($room);
            \var_export((array) $room);
            $shown = \ob_get_clean() . \json_encode($room);
            $this->assertStringNotContainsString(self::SECRET, $shown);
            foreach ([fn () => \serialize($room), fn () => clone $room] as $copy) {
                try {
                    $copy();
                    $this->fail($class);
                } catch (\LogicException | \Error $refused) {
                    $this->assertStringNotContainsString(self::SECRET, (string) $refused);
                }
            }
            if (\PHP_VERSION_ID >= 80200) {
                try {
                    new $class(self::SECRET, [self::SECRET, '']);
                } catch (Exception $exception) {
                    $trace = \print_r($exception->getTrace()[0]['args'] ?? [], true) . $exception;
                    $this->assertStringNotContainsString(self::SECRET, $trace);
                }
            }
        }
    }

    public function testALiteralIsNeverWrittenTo(): void
    {
        $kayako = Native::library()->apisig_kayako_new('secret', 6, null);
        $literal = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx';
        $calls = [
            fn () => Native::library()->apisig_kayako_salt($literal, 60),
            fn () => Native::library()->apisig_kayako_sign($kayako, 'salt', 4, $literal, 60),
            fn () => Native::library()->apisig_kommo_string_to_sign('', 0, '', 0, '', 0, '', 0, '', 0, $literal, 60),
            fn () => Native::library()->apisig_kayako_verify($kayako, 'salt', 4, '', 0, $literal),
            fn () => Native::library()->apisig_kommo_sign($kayako, '', 0, '', 0, '', 0, 0, $literal),
        ];
        foreach ($calls as $call) {
            try {
                $call();
                $this->fail('a literal was taken for a buffer');
            } catch (\FFI\Exception) {
                $this->assertSame(\str_repeat('x', 62), $literal);
            }
        }
        Native::library()->apisig_kayako_free($kayako);
    }

    /** Every parameter of the header that is written to has a type that PHP takes no string for. */
    public function testTheHeaderHasNoPlainCharacterOutput(): void
    {
        $header = \file_get_contents(__DIR__ . '/../../bindings/php/apisig.ffi.h');
        $this->assertSame(0, \preg_match('/(?<!const )\bchar \*/', $header));
        $this->assertStringStartsWith("#define FFI_SCOPE \"apisig\"\n#define FFI_LIB \"libapisig.so.0\"\n", $header);
    }

    public function testNumbersOutOfRangeAreTheCallersMistake(): void
    {
        $imbachat = new ImbaChat(self::SECRET);
        $kommo = new Kommo(self::SECRET);
        $calls = [
            fn () => $imbachat->sign(1, \PHP_INT_MAX, \PHP_INT_MAX),
            fn () => $imbachat->sign(1, \PHP_INT_MIN, \PHP_INT_MIN),
            fn () => $imbachat->sign(0),
            fn () => $imbachat->verify('x', \PHP_INT_MAX),
            fn () => $imbachat->check('x', 0, -1),
            fn () => $kommo->sign('GET', '/', '', \PHP_INT_MIN),
            fn () => $kommo->verify('GET', '/', '', [], 0, -1),
            fn () => $kommo->check('GET', '/', '', [], \PHP_INT_MAX),
            fn () => ImbaChat::verifyLogin('', '', '', ''),
            fn () => $kommo->signDigest("A\nB", '/', '', '', ''),
            fn () => Kommo::stringToSign('A', 'b', '', '', ''),
        ];
        foreach ($calls as $call) {
            try {
                $call();
                $this->fail('not refused');
            } catch (InvalidArgument $exception) {
                $this->assertSame(Status::Argument, $exception->status);
            }
        }
    }

    public function testTheClockIsTheDefault(): void
    {
        $kommo = new Kommo(self::SECRET);
        $headers = $kommo->sign('POST', '/x', 'body');
        $this->assertTrue($kommo->verify('POST', '/x', 'body', $headers));
        $this->assertFalse($kommo->verify('POST', '/x', 'body', $headers, \time() + 1000));
        $imbachat = new ImbaChat(self::SECRET);
        $this->assertSame(42, $imbachat->check($imbachat->sign(42)));
        $this->assertFalse($imbachat->verify($imbachat->sign(42, 0)));
    }

    public function testAHeaderThatIsThereTwiceHasNoValue(): void
    {
        $kommo = new Kommo(self::SECRET);
        $headers = $kommo->sign('POST', '/x', 'body', 0);
        $signature = $headers['X-Signature'];
        foreach ([[$signature, $signature], [], [[$signature]], [null], 7, null] as $value) {
            $this->assertFalse($kommo->verify('POST', '/x', 'body', ['X-Signature' => $value] + $headers, 0));
        }
        $this->assertFalse($kommo->verify('POST', '/x', 'body', $headers + ['x-signature' => $signature], 0));
        unset($headers['X-Signature']);
        $this->assertTrue($kommo->verify('POST', '/x', 'body', [7 => 'x', 'x-SIGNATURE' => [$signature]] + $headers, 0));
    }

    public function testASaltIsFresh(): void
    {
        $this->assertMatchesRegularExpression('/^[0-9a-f]{32}$/D', Kayako::salt());
        $this->assertNotSame(Kayako::salt(), Kayako::salt());
    }

    public function testResultsOfOneObjectSurviveCallsOfAnother(): void
    {
        $one = new Kayako('one');
        $other = new Kayako('other');
        $signature = $one->sign('salt');
        $this->assertNotSame($signature, $other->sign('salt'));
        $this->assertSame($signature, $one->sign('salt'));
    }
}
