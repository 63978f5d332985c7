<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Abi;
use Apisig\Exception;
use Apisig\ImbaChat;
use Apisig\InvalidArgument;
use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\Mistake;
use Apisig\Mor;
use Apisig\Native;
use Apisig\RetailCrm;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\TestCase;

/**
 * What is PHP's own: types, secrets that stay inside, literals that stay as they are.
 */
final class BindingTest extends TestCase
{
    private const SECRET = 'a-very-secret-secret';

    public function testEveryStatusAndMistakeHasATextOfItsOwn(): void
    {
        foreach ([Status::cases(), Mistake::cases()] as $cases) {
            $texts = \array_map(fn (Status|Mistake $case) => $case->text(), $cases);
            $this->assertCount(\count($cases), \array_unique($texts));
        }
    }

    /** @return array<string, array{string}> what FFI may be given: the constants, or the header for ffi.preload */
    public static function declarations(): array
    {
        $header = (string) \file_get_contents(__DIR__ . '/../../bindings/php/apisig.ffi.h');
        return ['constants' => [\implode(Abi::DECLARATIONS)], 'header' => [$header]];
    }

    public function testSecretsAreRefusedWithAReason(): void
    {
        foreach (Calls::classes() as $room) {
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
        foreach (Calls::classes() as $class) {
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
            try {
                new $class(self::SECRET, [self::SECRET, '']);
                $this->fail($class);
            } catch (InvalidArgument $exception) {
                $arguments = \print_r(\array_column($exception->getTrace(), 'args'), true);
                $this->assertStringNotContainsString(self::SECRET, $exception->getMessage());
                if (\PHP_VERSION_ID >= 80200) {
                    $this->assertStringContainsString('SensitiveParameterValue', $arguments);
                    $this->assertStringNotContainsString(self::SECRET, $arguments);
                }
            }
        }
    }

    public function testWhatMayHoldASecretIsLeftOutOfTraces(): void
    {
        $names = ['secret', 'previousSecrets', 'apiKey', 'password', 'presentedPassword', 'authorization', 'server', 'token',
            'form', 'query', 'fields', 'parameters', 'values', 'strings'];
        needPsr('GuzzleHttp/Psr7', 'Nyholm/Psr7');
        $seen = [];
        foreach (\glob(__DIR__ . '/../../bindings/php/src/{,Psr/}*.php', \GLOB_BRACE) as $file) {
            $class = 'Apisig\\' . (\str_contains($file, '/Psr/') ? 'Psr\\' : '') . \basename($file, '.php');
            foreach ((new \ReflectionClass($class))->getMethods() as $method) {
                foreach ($method->getParameters() as $parameter) {
                    // Of a secret that matched, Checked has the index.
                    $isText = (string) $parameter->getType() !== '?int';
                    if ($isText && \in_array($parameter->getName(), $names, true) && !$method->isInternal()) {
                        $attributes = $parameter->getAttributes(\SensitiveParameter::class);
                        $where = "$class::{$method->getName()}(\${$parameter->getName()})";
                        $this->assertNotSame([], $attributes, $where);
                        $seen[$parameter->getName()] = true;
                    }
                }
            }
        }
        $this->assertEqualsCanonicalizing($names, \array_keys($seen));
    }

    public function testNothingIsUnserialized(): void
    {
        foreach (Calls::classes() as $class) {
            try {
                \unserialize(\sprintf('O:%d:"%s":0:{}', \strlen($class), $class));
                $this->fail($class);
            } catch (\LogicException $refused) {
                $this->assertStringContainsString('cannot be unserialized', $refused->getMessage());
            }
        }
    }

    public function testAnObjectWhoseHandleIsFreedAnswersNothing(): void
    {
        foreach (Calls::classes() as $class) {
            $room = new $class(self::SECRET);
            try {
                $room->__construct(self::SECRET);
                $this->fail($class);
            } catch (\LogicException $refused) {
                $this->assertStringContainsString('once', $refused->getMessage());
            }
            $room->__destruct();
            $room->__destruct();
        }
        $kayako = new Kayako(self::SECRET);
        $kayako->__destruct();
        $this->assertFalse($kayako->verify('salt', ''));
        foreach ([fn () => $kayako->sign('salt'), fn () => $kayako->check('salt', '')] as $call) {
            try {
                $call();
                $this->fail('answered');
            } catch (InvalidArgument $exception) {
                $this->assertSame(Status::Argument, $exception->status);
            }
        }
    }

    /** Whatever verifies: what a sender chooses is null or an empty array. */
    public function testWhatWasNotSentMatchesNothing(): void
    {
        $verified = 0;
        foreach (Calls::classes() as $class) {
            foreach ((new \ReflectionClass($class))->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                if (!\str_starts_with($method->name, 'verify')) {
                    continue;
                }
                $arguments = [];
                foreach ($method->getParameters() as $parameter) {
                    if (!$parameter->isOptional()) {
                        $arguments[] = ['string' => 'a', 'array' => []][(string) $parameter->getType()] ?? null;
                    }
                }
                $this->assertFalse($method->invokeArgs(new $class(self::SECRET), $arguments), "$class::{$method->name}");
                $verified++;
            }
        }
        $this->assertGreaterThanOrEqual(\count(Calls::classes()), $verified);
    }

    public function testACallWithinACallChangesNothing(): void
    {
        $imbachat = new ImbaChat(self::SECRET);
        $token = $imbachat->sign(1, 1000, 0);
        $outer = Native::take();
        $this->assertTrue(self::callVerify($imbachat, $token, $outer));
        $this->assertSame(999, $imbachat->check($imbachat->sign(999, 1000, 0), 0));
        $this->assertSame(1, $outer->checked(true, $outer->userId));
    }

    /** What a method does up to the point where its result is taken. */
    private static function callVerify(ImbaChat $imbachat, string $token, Native $native): bool
    {
        $holds = new \ReflectionMethod($imbachat, 'holds');
        $holds->setAccessible(true);
        return $holds->invoke($imbachat, $native, $token, 0, 0);
    }

    /** @dataProvider declarations */
    public function testALiteralIsNeverWrittenTo(string $declarations): void
    {
        $calls = Calls::ofTheHeader();
        $library = \FFI::cdef($declarations, (string) \getenv('APISIG_LIBRARY'));
        $literal = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx';
        $outputs = 0;
        foreach ($calls->functions as $name => [, $parameters]) {
            foreach ($parameters as $at => [$kind]) {
                if (!\str_ends_with($kind, '*') || \str_starts_with($kind, 'const ')) {
                    continue;
                }
                $zeros = ['size_t' => 0, 'int64_t' => 0, 'int32_t' => 0, 'bool' => false, 'const char *' => ''];
                $arguments = \array_map(fn (array $parameter) => $zeros[$parameter[0]] ?? null, $parameters);
                $arguments[$at] = $literal;
                try {
                    $library->{"apisig_$name"}(...$arguments);
                    $this->fail("$name takes a literal for a buffer");
                } catch (\FFI\Exception $refused) {
                    // The argument that is refused is the literal, and not one before it.
                    $place = 'Passing incompatible argument ' . ($at + 1) . ' of';
                    $this->assertStringContainsString($place, $refused->getMessage());
                    $this->assertSame(\str_repeat('x', 62), $literal);
                }
                $outputs++;
            }
        }
        $this->assertGreaterThan(\count($calls->functions) / 2, $outputs);
    }

    /**
     * Every parameter that is written to has a type that PHP takes no string for.
     *
     * @dataProvider declarations
     */
    public function testNoOutputIsOfPlainCharacters(string $declarations): void
    {
        $this->assertSame(0, \preg_match('/(?<!const )\bchar ?\*/', $declarations));
    }

    public function testThePreloadedHeaderHasAScopeAndALibrary(): void
    {
        $header = self::declarations()['header'][0];
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

    public function testAHeaderThatIsThereTwiceIsMalformed(): void
    {
        // A missing Content-Type is signed as an empty line: two of them must not pass for a missing one.
        $kommo = new Kommo(self::SECRET);
        $date = 'Thu, 01 Jan 1970 00:00:00 +0000';
        $headers = ['Date' => $date, 'Content-MD5' => \md5('')];
        $headers['X-Signature'] = $kommo->signDigest('GET', '/x', \md5(''), '', $date);
        $this->assertTrue($kommo->verify('GET', '/x', '', $headers, 0));
        foreach ([['a/b', 'c/d'], [null], 7, [['']]] as $value) {
            try {
                $kommo->check('GET', '/x', '', ['Content-Type' => $value] + $headers, 0);
                $this->fail('accepted');
            } catch (VerificationFailed $failed) {
                $this->assertSame(Status::Malformed, $failed->status);
            }
        }
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
