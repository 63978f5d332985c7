<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Abi;
use Apisig\Diagnosis;
use Apisig\Engine;
use Apisig\Exception;
use Apisig\ImbaChat;
use Apisig\InvalidArgument;
use Apisig\Kayako;
use Apisig\LibraryUnavailable;
use Apisig\Mistake;
use Apisig\Mor;
use Apisig\Native;
use Apisig\ReplayId;
use Apisig\RetailCrm;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use PHPUnit\Framework\TestCase;

/**
 * What is PHP's own: types, secrets that stay inside, literals that stay as they are.
 */
final class BindingTest extends TestCase
{
    private const SECRET = 'a-very-secret-secret';

    /** What an exception's message and its trace show, if PHP keeps arguments in traces. */
    private static function shown(\Throwable $thrown): string
    {
        $isOurs = static fn (array $frame): bool => \str_starts_with($frame['class'] ?? '', 'Apisig\\')
            && !\str_starts_with($frame['class'], __NAMESPACE__);
        $arguments = \array_column(\array_filter($thrown->getTrace(), $isOurs), 'args');
        // PHP 8.5 warns of NAN in it.
        return $thrown->getMessage() . (\PHP_VERSION_ID >= 80200 ? @\print_r($arguments, true) : '');
    }

    protected function setUp(): void
    {
        \ini_set('zend.exception_ignore_args', '0');
    }

    public function testEveryStatusAndMistakeHasATextOfItsOwn(): void
    {
        foreach ([Status::cases(), Mistake::cases()] as $cases) {
            $texts = \array_map(static fn (Status|Mistake $case): string => $case->text(), $cases);
            $this->assertCount(\count($cases), \array_unique($texts));
        }
        $arguments = \preg_grep('/^ARGUMENT_/', \array_flip(self::constants('is_int')));
        $this->assertGreaterThan(20, \count($arguments));
        foreach (\array_keys($arguments) as $number) {
            $mistake = VerificationFailed::of($number);
            $this->assertSame([InvalidArgument::class, Status::Argument], [$mistake::class, $mistake->status]);
            $this->assertNotSame(Status::Argument->text(), $mistake->getMessage());
        }
        $this->assertSame(Status::Mismatch, Exception::of(-99)->status, 'a later library\'s');
    }

    /** @dataProvider mistakes */
    #[DataProvider('mistakes')]
    public function testAMistakeNamesTheArgument(string $words, \Closure $call): void
    {
        $mistake = thrown(InvalidArgument::class, $call);
        $this->assertSame([Status::Argument, -1], [$mistake->status, $mistake->getCode()]);
        $this->assertStringStartsWith($words, $mistake->getMessage());
        $this->assertStringNotContainsString(self::SECRET, self::shown($mistake));
    }

    /** The library in PHP neither diagnoses nor explains. */
    private function assertOnlyNative(LibraryUnavailable $unavailable): void
    {
        $this->assertSame(Engine::Portable, Native::engine());
        $words = '/^Only the native library can (diagnose|explain), .*: apisig \1 \w+ \(docs\/diagnosing\.md\)\.$/D';
        $this->assertMatchesRegularExpression($words, $unavailable->getMessage());
        $this->assertStringNotContainsString(self::SECRET, self::shown($unavailable));
    }

    /** @return list<array{string, \Closure}> those that no row of tests/vectors can hold, or of a method that has no row */
    public static function mistakes(): array
    {
        $imbachat = new ImbaChat(self::SECRET);
        $freed = new Mor(self::SECRET);
        $freed->__destruct();
        $key = self::SECRET;
        return [
            ['The time is', fn () => $imbachat->sign(1, \PHP_INT_MAX, \PHP_INT_MAX)],
            ['The time is', fn () => $imbachat->sign(1, \PHP_INT_MIN, \PHP_INT_MIN)],
            ['The time is', fn () => $imbachat->sign(1, 0, \PHP_INT_MAX)],
            ['The login', fn () => ImbaChat::verifyRequest('', $key, ['HTTP_AUTHORIZATION' => $key])],
            ['There is no handle', fn () => $freed->sign($key)],
            ['There is no handle', fn () => $freed->signRequest('balance', ['p' => $key])],
            ['There is no handle', fn () => $freed->checkRequest('balance', $key)],
        ];
    }

    public function testSecretsAreRefusedWithAReason(): void
    {
        $key = self::SECRET;
        $refused = ['The secret is empty' => [[''], [$key, ['']], [$key, [1]]], 'There are more' => [[$key, \str_split('abcd')]]];
        foreach (Calls::classes() as $class) {
            foreach ($refused as $words => $lists) {
                foreach ($lists as $arguments) {
                    $mistake = thrown(InvalidArgument::class, fn () => new $class(...$arguments));
                    $this->assertStringStartsWith($words, $mistake->getMessage());
                    $this->assertStringNotContainsString($key, self::shown($mistake));
                }
            }
        }
    }

    public function testASecretIsNotShownAnywhere(): void
    {
        foreach (Calls::classes() as $class) {
            $object = new $class(self::SECRET, [self::SECRET . '2']);
            \ob_start();
            \var_dump($object);
            \print_r($object);
            \var_export((array) $object);
            $this->assertStringNotContainsString(self::SECRET, \ob_get_clean() . \json_encode($object));
            foreach ([fn () => \serialize($object), fn () => clone $object] as $copy) {
                $this->assertStringNotContainsString(self::SECRET, self::shown(thrown(\Throwable::class, $copy)));
            }
            $serialized = \sprintf('O:%d:"%s":0:{}', \strlen($class), $class);
            thrown(\LogicException::class, fn () => \unserialize($serialized));
        }
    }

    public function testWhatMayBeASecretIsLeftOutOfTraces(): void
    {
        $names = ['secret', 'previousSecrets', 'apiKey', 'password', 'presentedPassword', 'authorization', 'server', 'token',
            'form', 'query', 'fields', 'parameters', 'values', 'strings', 'arguments'];
        needPsr('GuzzleHttp/Psr7', 'Nyholm/Psr7', 'Illuminate/Http', 'Illuminate/Cache', 'Illuminate/Console');
        $seen = [];
        foreach (\glob(__DIR__ . '/../../bindings/php/src/{,Psr/,Portable/,Framework/,Laravel/,Testing/}*.php', \GLOB_BRACE) as $file) {
            $folder = \basename(\dirname($file));
            $class = 'Apisig\\' . ($folder === 'src' ? '' : "$folder\\") . \basename($file, '.php');
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

    public function testAnObjectTakesItsSecretsOnceAndIsDestroyedOnce(): void
    {
        foreach (Calls::classes() as $class) {
            $object = new $class(self::SECRET);
            $again = thrown(\LogicException::class, fn () => $object->__construct(self::SECRET));
            $this->assertStringContainsString('once', $again->getMessage());
            $object->__destruct();
            $object->__destruct();
        }
    }

    public function testResultsOfOneObjectSurviveCallsOfAnother(): void
    {
        [$one, $other] = [new Kayako('one'), new Kayako('other')];
        $signature = $one->sign('salt');
        $this->assertNotSame($signature, $other->sign('salt'));
        $this->assertSame($signature, $one->sign('salt'));
        $long = \str_repeat('long ', 10000);
        $this->assertSame($long, \json_decode(RetailCrm::failed($long)->body)->errorMsg);
    }

    /** @return array<string, array{mixed}> whatever PHP makes of a request, such as the array of salt[]=1 */
    public static function presented(): array
    {
        $recursive = ['salt' => 'x'];
        $recursive['self'] = &$recursive;
        $values = ['null' => null, 'array' => ['x'], 'empty array' => [], 'arrays in arrays' => ['x' => [['y' => []]]],
            'array in itself' => $recursive, 'object' => new \stdClass(), 'closure' => static fn () => 'x', 'true' => true,
            'false' => false, 'number' => 42, 'float' => 1.5, 'no number' => \NAN, 'bytes' => "\0\xff", 'text' => 'x',
            'resource' => \fopen('php://memory', 'r')];
        return \array_map(static fn (mixed $value): array => [$value], $values);
    }

    /**
     * Every parameter of type mixed is what a sender presents.
     *
     * @dataProvider presented
     */
    #[DataProvider('presented')]
    public function testWhatIsPresentedIsNeverTheCallersMistake(mixed $value): void
    {
        $called = 0;
        foreach (Calls::classes() as $class) {
            foreach ((new \ReflectionClass($class))->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
                $required = \array_slice($method->getParameters(), 0, $method->getNumberOfRequiredParameters());
                $given = ['string' => 'a', 'array' => [], 'array|string' => '', 'mixed' => $value];
                $types = \array_map(static fn (\ReflectionParameter $it): string => (string) $it->getType(), $required);
                if (!\in_array('mixed', $types, true)) {
                    continue;
                }
                $method = [new $class(self::SECRET), $method->getName()];
                $arguments = \array_map(static fn (string $type): mixed => $given[$type], $types);
                $this->assertRefused("$class::$method[1]", $value, fn () => $method(...$arguments));
                $called++;
            }
        }
        $this->assertGreaterThan(4 * \count(Calls::classes()), $called);
    }

    private function assertRefused(string $name, mixed $value, \Closure $call): void
    {
        try {
            $made = $call();
        } catch (LibraryUnavailable $unavailable) {
            $this->assertOnlyNative($unavailable);
            return;
        } catch (Exception $failed) {
            $this->assertContains($failed->status, [Status::Malformed, Status::Mismatch, Status::Method], $name);
            return;
        }
        match (true) {
            $made instanceof ReplayId => $this->assertMatchesRegularExpression('/^[a-z-]+:[0-9a-f]{64}$/D', $made->id),
            $made instanceof Diagnosis => $this->assertFalse($made->isValid, $name),
            \is_array($made) => $this->assertSame($value === null ? [] : [$value], $made, $name),
            default => $this->assertFalse($made, $name),
        };
    }

    public function testTextsOfFrameworksAndNumbersAreTexts(): void
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
        $hash = $mor->sign('x', 7);
        $this->assertSame([true, 0], [$mor->verify($text($hash), $text('x'), 7), $mor->check($hash, 'x', $text('7'))]);
        foreach ([null, ['x'], 1.5, true] as $value) {
            $this->assertFalse($mor->verify($mor->sign('x'), 'x', $value), 'without one of its values no hash is right');
        }
        $this->assertTrue($kayako->verify(1234567890, $kayako->sign('1234567890')), 'a number of JSON');
    }

    /** @group native */
    #[Group('native')]
    public function testADiagnosisGoesWithAFailedCheck(): void
    {
        $swapped = \hash_hmac('sha256', 'secret', 'key');
        $failed = thrown(VerificationFailed::class, fn () => (new RetailCrm('secret'))->check('key', $swapped));
        $this->assertNull($failed->diagnosis);
        $failed->diagnosis = RetailCrm::diagnose('secret', 'key', $swapped);
        $this->assertSame([false, Mistake::SecretSwapped], [$failed->diagnosis->isValid, $failed->diagnosis->mistake]);
        $this->assertSame(Mistake::SecretSwapped->text(), $failed->diagnosis->text());
        $right = RetailCrm::diagnose('secret', 'key', (new RetailCrm('secret'))->sign('key'));
        $this->assertSame([true, null, 'Nothing is wrong.'], [$right->isValid, $right->mistake, $right->text()]);
        $unknown = RetailCrm::diagnose('secret', 'key', null);
        $this->assertSame([false, null, []], [$unknown->isValid, $unknown->mistake, $unknown->mistakes]);
        $this->assertSame(['There is no signature.'], $unknown->hints);
        $this->assertSame(Status::Mismatch->text() . "\nhint: There is no signature.", (string) $unknown);
        $two = RetailCrm::diagnose('secret', 'key', \hash_hmac('sha256', "key\n", 'secret '));
        $this->assertSame([Mistake::SecretSpace, Mistake::ApiKeySpace], $two->mistakes);
        $this->assertSame([false, Mistake::SecretSpace, []], [$two->isValid, $two->mistake, $two->hints]);
        $this->assertSame(Mistake::SecretSpace->text() . "\n" . Mistake::ApiKeySpace->text(), (string) $two);
    }

    /** @return array<string, mixed> those of Abi of one type */
    private static function constants(callable $type): array
    {
        return \array_filter((new \ReflectionClass(Abi::class))->getConstants(), $type);
    }

    /** @return array<string, array{string}> what FFI may be given: the constants, or the header for ffi.preload */
    public static function declarations(): array
    {
        $constants = \preg_grep('/apisig_/', self::constants('is_string'));
        $header = (string) \file_get_contents(__DIR__ . '/../../bindings/php/apisig.ffi.h');
        return ['constants' => [\implode($constants)], 'header' => [$header]];
    }

    /**
     * Every parameter that is written to has a type that PHP passes no string for.
     *
     * @dataProvider declarations
     */
    #[DataProvider('declarations')]
    public function testALiteralIsNeverWrittenTo(string $declarations): void
    {
        $this->assertSame(0, \preg_match('/(?<!const )\bchar ?\*/', $declarations));
        $calls = Calls::ofTheHeader();
        $library = \FFI::cdef($declarations, (string) \getenv('APISIG_LIBRARY'));
        $literal = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx';
        $outputs = 0;
        foreach ($calls->functions as $name => $parameters) {
            foreach ($parameters as $at => [$kind]) {
                if (!\str_ends_with($kind, '*') || $kind === 'const char *') {
                    continue;
                }
                $zeros = ['size_t' => 0, 'int64_t' => 0, 'int32_t' => 0, 'bool' => false, 'const char *' => ''];
                $arguments = \array_map(static fn (array $parameter): mixed => $zeros[$parameter[0]] ?? null, $parameters);
                $arguments[$at] = $literal;
                $refused = thrown(\FFI\Exception::class, fn () => $library->{"apisig_$name"}(...$arguments));
                // The argument that is refused is the literal, and not one before it.
                $place = 'Passing incompatible argument ' . ($at + 1) . ' of';
                $this->assertStringContainsString($place, $refused->getMessage());
                $this->assertSame(\str_repeat('x', 62), $literal);
                $outputs++;
            }
        }
        $this->assertGreaterThan(\count($calls->functions) / 2, $outputs);
    }
}
