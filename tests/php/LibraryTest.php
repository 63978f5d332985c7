<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Abi;
use Apisig\Exception;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * How the library is found, and what a user reads who has set it up wrongly. Each case is a PHP process of its own.
 */
final class LibraryTest extends TestCase
{
    private const SIGN = '$signature = (new Apisig\Kayako("secretkey"))->sign("1234567890");';
    private const SIGNATURE = 'VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=';

    /** Prints what the code gives as $signature, or the message of the exception, which must be LibraryUnavailable. */
    private static function program(string $code): string
    {
        $autoload = \var_export(\dirname(__DIR__, 2) . '/bindings/php/vendor/autoload.php', true);
        return "require $autoload; try { $code echo \$signature; } catch (Apisig\\LibraryUnavailable \$unavailable) {"
            . ' echo $unavailable->getMessage(); }';
    }

    private static function load(string $path): string
    {
        return \sprintf('Apisig\Native::load(%s);', \var_export($path, true));
    }

    private static function take(string $engine): string
    {
        return "Apisig\\Native::use(Apisig\\Engine::$engine);";
    }

    /** @dataProvider places */
    #[DataProvider('places')]
    public function testItIsFoundOrTheMessageSaysWhatToDo(
        string $words,
        ?string $library,
        array $options = [],
        string $code = self::SIGN,
        string $engine = ''
    ): void {
        $environment = ['APISIG_LIBRARY' => $library ?? \getenv('APISIG_LIBRARY'), 'APISIG_ENGINE' => $engine];
        $message = php([...$options, '-r', self::program($code)], $environment);
        foreach (\explode('|', $words) as $part) {
            $this->assertStringContainsString($part, $message);
        }
        $this->assertSame(0, \preg_match('/[\x00-\x1f]/', $message));
    }

    public static function places(): array
    {
        $library = (string) \getenv('APISIG_LIBRARY');
        $tests = \dirname($library, 2) . '/tests';
        $elf = \file_get_contents($library, false, null, 0, 4096);
        $number = \unpack('v', $elf, 18)[1] === 183 ? 62 : 183;
        \file_put_contents("$tests/other_processor.so", \substr_replace($elf, \pack('v', $number), 18, 2));
        $other = "#define FFI_SCOPE \"" . Abi::SCOPE . "\"\n#define FFI_LIB \"$tests/other_version.so\"\n";
        \file_put_contents("$tests/other_version.h", $other . Abi::LIBRARY_VERSION);
        $missing = "/nowhere\n/libapisig.so";
        $processor = [62 => 'is for x86-64', 183 => 'is for ARM64'][$number];
        $otherwise = '|APISIG_ENGINE=php';
        $noHandle = Exception::of(Abi::ARGUMENT_HANDLE)->getMessage();
        $which = self::SIGN . '$signature .= Apisig\Native::engine()->name . Apisig\Native::reason();';
        // 8.4 crashes by it, without any code; 8.5 has it no more.
        $disabled = ['FFI is disabled as a class' => [self::SIGNATURE . '|Portable', $missing, ['-ddisable_classes=FFI'], $which]];
        return (\PHP_VERSION_ID < 80400 ? $disabled : []) + [
            'by the environment' => [self::SIGNATURE, null],
            'by a path in code, which comes first' => [self::SIGNATURE, $missing, [], self::load($library) . self::SIGN],
            'in the preloaded scope' => [self::SIGNATURE, '', ['-dffi.preload=' . preloaded()]],
            'missing' => ['/nowhere\x0a/libapisig.so|Set APISIG_LIBRARY' . $otherwise, $missing],
            'a release without its folder lib' => ['has no folder lib|find libapisig.so.0.|whole release' . $otherwise, ''],
            'of another processor' => [
                "$processor, but PHP runs on|for this processor$otherwise",
                "$tests/other_processor.so",
            ],
            'of another version' => [
                "has version 99.0.0|Install both from one release$otherwise",
                "$tests/other_version.so",
            ],
            'of another version, in the preloaded scope' => [
                'has version 99.0.0|Install both from one release', '', ["-dffi.preload=$tests/other_version.h"],
            ],
            'not apisig' => ['cannot be loaded from libc.so.6' . $otherwise, 'libc.so.6'],
            'missing, and PHP instead' => [self::SIGNATURE . '|Portable', $missing, [], $which, 'php'],
            'no extension' => [self::SIGNATURE . '|Portable|extension FFI is not loaded', $missing, ['-n'], $which],
            'no extension, but native' => ['extension FFI is not loaded' . $otherwise, null, ['-n'], self::SIGN, 'native'],
            'no extension, by a path' => ['extension FFI is not loaded', null, ['-n'], self::load('x')],
            'FFI is off' => [self::SIGNATURE . '|Portable|ffi.enable is "0"', $missing, ['-dffi.enable=0'], $which, 'auto'],
            'FFI is off, but native' => [
                'ffi.enable is "0"|opcache.preload' . $otherwise, null, ['-dffi.enable=0'], self::SIGN, 'native',
            ],
            'FFI is allowed' => [self::SIGNATURE . '|Native|APISIG_ENGINE=php', null, [], $which],
            'no such engine' => ['APISIG_ENGINE is "ffi"|native, php or auto', null, [], self::SIGN, 'ffi'],
            'PHP, by code' => [self::SIGNATURE . '|Portable', $missing, [], self::take('Portable') . $which, 'native'],
            'native, by code' => [self::SIGNATURE . '|Native', null, [], self::take('Native') . $which, 'php'],
            'PHP, whatever path is in code' => [self::SIGNATURE, null, [], self::load($missing) . self::SIGN, 'php'],
            'two engines' => ['already chosen', null, [], self::SIGN . self::take('Portable')],
            'one engine twice' => [self::SIGNATURE, null, [], self::SIGN . self::take('Native')],
            'one alone, whatever is set later' => [
                self::SIGNATURE, null, [], '$kayako = new Apisig\Kayako("secretkey"); putenv("APISIG_LIBRARY=/nowhere.so");'
                . '$kayako->verifyRequest("key", ""); $signature = $kayako->sign("1234567890");',
            ],
            'loaded twice' => ['already loaded', null, [], self::SIGN . self::load($library)],
            // PHP destroys objects in the order of their creation at its end: one may be used after it was destroyed.
            'used at the end' => [\str_repeat($noHandle, 3), null, [], <<<'PHP'
                class Late {
                    function __construct(public $kayako) {}
                    function __destruct() {
                        foreach (["sign", "check", "verify"] as $method) {
                            try {
                                $this->kayako->$method("1", "x");
                            } catch (Apisig\InvalidArgument $mistake) {
                                echo $mistake->getMessage();
                            }
                        }
                    }
                }
                $signature = "";
                $kayako = new Apisig\Kayako("secretkey");
                $late = $again = new Late($kayako);
                PHP],
        ];
    }

    /** tests/packages/hosts.sh has the server where no engine is chosen. */
    public function testTheBuiltInServerCannotPreload(): void
    {
        $router = \dirname((string) \getenv('APISIG_LIBRARY'), 2) . '/tests/router.php';
        \file_put_contents($router, '<?php ' . self::program(self::SIGN));
        $port = freePort();
        $command = [\PHP_BINARY, '-dffi.enable=preload', '-S', "127.0.0.1:$port", $router];
        $server = start($command, $port, ['APISIG_ENGINE' => 'native']);
        $message = (string) \file_get_contents("http://127.0.0.1:$port/");
        stop($server);
        $this->assertStringContainsString('php -d ffi.enable=true -S', $message);
    }
}
