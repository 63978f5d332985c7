<?php

declare(strict_types=1);

namespace Apisig;

/**
 * The library that signs and checks, and the choice between two: the native one, and one in PHP for hosts that do not
 * allow FFI. Both have the same results; the one in PHP neither diagnoses nor explains.
 *
 * The choice is made once a process: by use() or load(); else by the environment's APISIG_ENGINE, which is "native",
 * "php" or "auto"; else it is the native one, and PHP only where the extension FFI is missing or ffi.enable forbids it.
 *
 * The path of the native library is the one given to load(); else that of the environment's APISIG_LIBRARY; else the
 * scope of this version, if `ffi.preload` has one; else the one in this package for the platform; else the one that the
 * system finds.
 */
final class Native
{
    /** The version that these classes were made for. Later ones that keep the SONAME fit too. */
    public const VERSION = Abi::VERSION;

    /** @var array<string, string> the name of the function in each declaration that was called */
    private static array $functions = [];

    /**
     * Loads the native library from a path of your own. Call it before anything else. With APISIG_ENGINE=php in the
     * environment nothing is loaded.
     *
     * @throws LibraryUnavailable
     */
    public static function load(string $path): void
    {
        Handle::load($path);
    }

    /**
     * Chooses, whatever the environment's APISIG_ENGINE says. Call it before anything else.
     *
     * @throws LibraryUnavailable if the other one is in use
     */
    public static function use(Engine $engine): void
    {
        Handle::use($engine->value);
    }

    /**
     * Returns which one signs and checks in this process.
     *
     * @throws LibraryUnavailable if APISIG_ENGINE is another word
     */
    public static function engine(): Engine
    {
        return Engine::from(Handle::engine());
    }

    /**
     * Returns why it is this one, and what to do for the other, in English.
     *
     * @throws LibraryUnavailable if APISIG_ENGINE is another word
     */
    public static function reason(): string
    {
        return match (true) {
            self::engine() === Engine::Native =>
                'The native library is chosen: PHP allows FFI here, or APISIG_ENGINE or Native::use() says so. For the'
                . ' library in PHP set APISIG_ENGINE=php.',
            Handle::isAllowed() =>
                'The library in PHP is in use, since APISIG_ENGINE or Native::use() says so. For the native library'
                . ' remove that.',
            default => 'The library in PHP is in use. ' . LibraryUnavailable::forbidden(),
        };
    }

    /**
     * The result of a function that need not be fast.
     *
     * @internal
     * @param string $declaration its constant of Abi
     * @param mixed ...$arguments a string stands for its pointer and its length
     * @throws LibraryUnavailable
     */
    public static function call(string $declaration, #[\SensitiveParameter] mixed ...$arguments): mixed
    {
        $passed = [];
        foreach ($arguments as $argument) {
            $passed[] = $argument;
            if (\is_string($argument)) {
                $passed[] = \strlen($argument);
            }
        }
        $function = self::$functions[$declaration] ??=
            \explode('(', (string) \strstr($declaration, 'apisig_'), 2)[0];
        return Handle::library($declaration)->$function(...$passed);
    }

    /**
     * The text of any length that a function writes. Its buffer follows the arguments.
     *
     * @internal
     * @param string $declaration its constant of Abi
     * @param mixed ...$arguments as in call()
     * @throws Exception
     */
    public static function text(string $declaration, #[\SensitiveParameter] mixed ...$arguments): string
    {
        $length = 1023;
        do {
            $size = $length + 1;
            $out = Handle::library($declaration)->new("uint8_t[$size]");
            $length = self::call($declaration, ...[...$arguments, $out, $size]);
            if ($length < 0) {
                throw Exception::of($length);
            }
        } while ($length >= $size);
        return self::string($out, $length);
    }

    /**
     * The text of a known length that a function writes and returns; null if it refuses an argument.
     *
     * @internal
     * @param string $declaration its constant of Abi
     * @param mixed ...$arguments as in call()
     * @throws LibraryUnavailable
     */
    public static function shortText(string $declaration, #[\SensitiveParameter] mixed ...$arguments): ?string
    {
        return self::call($declaration, ...[...$arguments, Handle::buffer(), Handle::SIZE]);
    }

    /**
     * The texts of the record that a function writes behind its arguments; or its status, if it refuses them.
     *
     * @internal
     * @param string $declaration its constant of Abi
     * @param list<int> $sizes of the texts, each with its NUL
     * @param mixed ...$arguments as in call()
     * @return list<string>|int
     * @throws LibraryUnavailable
     */
    public static function record(
        string $declaration,
        array $sizes,
        #[\SensitiveParameter] mixed ...$arguments
    ): array|int {
        $library = Handle::library($declaration);
        $record = $library->new('uint8_t[' . \array_sum($sizes) . ']');
        // In the preloaded header the parameter is a struct.
        $out = $library instanceof \FFI ? $library->cast('void *', \FFI::addr($record)) : $record;
        $number = self::call($declaration, ...[...$arguments, $out]);
        $bytes = self::string($record, \array_sum($sizes));
        $texts = [];
        foreach ($sizes as $size) {
            $texts[] = \explode("\0", \substr($bytes, 0, $size), 2)[0];
            $bytes = \substr($bytes, $size);
        }
        return $number < 0 ? $number : $texts;
    }

    /** The first bytes of a buffer that the library made. */
    private static function string(object $buffer, int $length): string
    {
        return $buffer instanceof \FFI\CData ? \FFI::string($buffer, $length) : $buffer->string($length);
    }
}
