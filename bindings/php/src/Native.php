<?php

declare(strict_types=1);

namespace Apisig;

use FFI;

/**
 * The native library, loaded once a process, and the only file that says FFI.
 *
 * It is looked for at the path given to load(), at the environment's APISIG_LIBRARY, in the preloaded scope (see
 * preload.php), beside this package, and by its SONAME where the system looks for libraries.
 */
final class Native
{
    /** The version of the library that goes with these classes. */
    public const VERSION = '0.1.0';

    private const HEADER = __DIR__ . '/../apisig.ffi.h';
    private const BUNDLED = __DIR__ . '/../lib/linux-x86_64/libapisig.so';
    private const SONAME = 'libapisig.so.0';

    private static ?FFI $library = null;

    /** @var array<string, FFI\CData> */
    private static array $buffers = [];

    /**
     * Loads the library from a path of your own. Call it before anything else, and once.
     *
     * @throws LibraryUnavailable
     */
    public static function load(string $path): void
    {
        self::$library = self::open($path);
        self::$buffers = [];
    }

    /**
     * @internal
     * @return FFI the C functions as methods
     * @throws LibraryUnavailable
     */
    public static function library(): object
    {
        return self::$library ??= self::find();
    }

    /**
     * A place for a result: one a process and type, since no call is interrupted by another one.
     *
     * @internal
     * @return FFI\CData
     */
    public static function buffer(string $type): object
    {
        return self::$buffers[$type] ??= self::library()->new($type);
    }

    /**
     * The result of a call that gives a text out.
     *
     * @internal
     * @param FFI\CData $buffer
     * @throws Exception
     */
    public static function text(object $buffer, int $length): string
    {
        return $length >= 0 ? FFI::string($buffer, $length) : throw Exception::of($length);
    }

    private static function find(): FFI
    {
        if (!\extension_loaded('ffi')) {
            throw new LibraryUnavailable(
                'The PHP extension FFI is not loaded. Install it (Debian: php-common, Docker images:'
                . ' docker-php-ext-install ffi) and enable it with extension=ffi in php.ini.'
            );
        }
        $configured = \getenv('APISIG_LIBRARY');
        if (\is_string($configured) && $configured !== '') {
            return self::open($configured);
        }
        try {
            return self::checked(FFI::scope('apisig'), 'the preloaded library');
        } catch (FFI\Exception) {
            return self::open(\is_file(self::BUNDLED) ? self::BUNDLED : self::SONAME);
        }
    }

    private static function open(string $path): FFI
    {
        try {
            // On its own first: a library of another version may lack what the header declares.
            self::checked(FFI::cdef('const char *apisig_version(void);', $path), $path);
            return FFI::cdef((string) \file_get_contents(self::HEADER), $path);
        } catch (FFI\Exception $exception) {
            throw new LibraryUnavailable(self::remedy($exception->getMessage(), $path));
        }
    }

    private static function checked(FFI $library, string $origin): FFI
    {
        $version = $library->apisig_version();
        if ($version !== self::VERSION) {
            throw new LibraryUnavailable(
                "The apisig library ($origin) has version $version, but these classes are for " . self::VERSION
                . '. Install both from one release, and check APISIG_LIBRARY and what is preloaded.'
            );
        }
        return $library;
    }

    private static function remedy(string $problem, string $path): string
    {
        if (\str_contains($problem, 'ffi.enable')) {
            return 'PHP does not allow FFI here: ffi.enable is "' . \ini_get('ffi.enable') . '". With "preload", PHP\'s'
                . ' default, web requests may use it only from preloaded files: set opcache.preload to the preload.php'
                . ' of this package. If it is off, set it to "preload". Do not set it to "true".';
        }
        return "The apisig library cannot be loaded from $path: $problem. Set APISIG_LIBRARY to the path of"
            . ' libapisig.so, or install it where the system finds ' . self::SONAME . '.';
    }
}
