<?php

declare(strict_types=1);

namespace Apisig\Tests;

use PHPUnit\Framework\TestCase;

/**
 * How the library is found, and what a user reads who has set it up wrongly. Each case is a PHP process of its own.
 */
final class LibraryTest extends TestCase
{
    private const SIGN = '$signature = (new Apisig\Kayako("secretkey"))->sign("1234567890");';
    private const SIGNATURE = 'VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=';

    public function testTheEnvironmentNamesIt(): void
    {
        $this->assertSame(self::SIGNATURE, self::php(self::SIGN));
    }

    public function testAPathGivenInCodeComesFirst(): void
    {
        $code = \sprintf('Apisig\Native::load(%s);', \var_export(\getenv('APISIG_LIBRARY'), true)) . self::SIGN;
        $this->assertSame(self::SIGNATURE, self::php($code, [], '/nowhere/libapisig.so'));
    }

    public function testItIsFoundInThePreloadedScope(): void
    {
        $header = \tempnam(\sys_get_temp_dir(), 'apisig');
        $text = \file_get_contents(__DIR__ . '/../../bindings/php/apisig.ffi.h');
        \file_put_contents($header, \str_replace('libapisig.so.0', \getenv('APISIG_LIBRARY'), $text));
        $this->assertSame(self::SIGNATURE, self::php(self::SIGN, ["-dffi.preload=$header"], ''));
        \unlink($header);
    }

    public function testAMissingLibraryIsNamed(): void
    {
        $message = self::php(self::SIGN, [], '/nowhere/libapisig.so');
        $this->assertStringContainsString('/nowhere/libapisig.so', $message);
        $this->assertStringContainsString('Set APISIG_LIBRARY', $message);
    }

    public function testWithoutAnySettingTheSystemIsAsked(): void
    {
        $this->assertStringContainsString('libapisig.so.0', self::php(self::SIGN, [], ''));
    }

    public function testALibraryOfAnotherVersionIsRefused(): void
    {
        $other = \dirname((string) \getenv('APISIG_LIBRARY')) . '/../tests/other_version.so';
        $this->assertFileExists($other);
        $message = self::php(self::SIGN, [], $other);
        $this->assertStringContainsString('has version 99.0.0', $message);
        $this->assertStringContainsString('Install both from one release', $message);
    }

    public function testALibraryThatIsNotApisigIsRefused(): void
    {
        $this->assertStringContainsString('cannot be loaded from libc.so.6', self::php(self::SIGN, [], 'libc.so.6'));
    }

    public function testAMissingExtensionIsNamed(): void
    {
        $this->assertStringContainsString('extension FFI is not loaded', self::php(self::SIGN, ['-n']));
    }

    public function testDisabledFfiIsNamed(): void
    {
        $message = self::php(self::SIGN, ['-dffi.enable=0']);
        $this->assertStringContainsString('ffi.enable is "0"', $message);
        $this->assertStringContainsString('opcache.preload', $message);
    }

    public function testASecondLoadIsRefused(): void
    {
        $code = \sprintf('Apisig\Native::load(%s);', \var_export(\getenv('APISIG_LIBRARY'), true));
        $this->assertStringContainsString('already loaded', self::php(self::SIGN . $code));
    }

    public function testALoadWithoutFfiIsNamed(): void
    {
        $this->assertStringContainsString('extension FFI is not loaded', self::php('Apisig\Native::load("x");', ['-n']));
    }

    /** PHP destroys objects in the order of their creation at its end: one may be used after it was destroyed. */
    public function testAtTheEndNothingIsAcceptedByAHandleThatIsFreed(): void
    {
        $code = '$signature = ""; class Late { function __construct(public $kayako) {} function __destruct() {'
            . ' try { $this->kayako->check("1", "x"); }'
            . ' catch (Apisig\InvalidArgument) { echo "no handle, "; }'
            . ' catch (Apisig\VerificationFailed) { echo "a freed handle was asked, "; }'
            . ' echo $this->kayako->verify("1", "x") ? "accepted" : "refused"; } }'
            . ' $kayako = new Apisig\Kayako("secretkey"); $late = new Late($kayako); $GLOBALS["x"] = $late;';
        $this->assertSame('no handle, refused', self::php($code));
    }

    /** What the code gives as $signature, or the message of the exception, which must be LibraryUnavailable. */
    private static function php(string $code, array $options = [], ?string $library = null): string
    {
        $autoload = \var_export(\dirname(__DIR__, 2) . '/bindings/php/vendor/autoload.php', true);
        $program = "require $autoload; try { $code echo \$signature; } catch (Apisig\\LibraryUnavailable \$unavailable) {"
            . ' echo $unavailable->getMessage(); }';
        $environment = ['APISIG_LIBRARY' => $library ?? \getenv('APISIG_LIBRARY')];
        $process = \proc_open([\PHP_BINARY, ...$options, '-r', $program], [1 => ['pipe', 'w']], $pipes, null, $environment);
        $output = \stream_get_contents($pipes[1]);
        \proc_close($process);
        return $output;
    }
}
