<?php

declare(strict_types=1);

namespace Apisig;

/**
 * The native library is missing, of another version or for another processor, PHP may not load it, or the library in
 * PHP does not have a function: the message says what to do.
 */
final class LibraryUnavailable extends Exception
{
    /** Processors by their numbers in ELF. */
    private const PROCESSORS = [3 => 'x86', 40 => 'ARM', 62 => 'x86-64', 183 => 'ARM64', 243 => 'RISC-V'];

    /** What helps where the native library is not to be had. */
    private const OTHERWISE = ' Or set APISIG_ENGINE=php: the library in PHP signs and checks without it.';

    /** @internal */
    public static function withoutFfi(): self
    {
        return new self(self::forbidden() . self::OTHERWISE);
    }

    /** @internal */
    public static function noEngine(string $wanted): self
    {
        return new self("APISIG_ENGINE is \"$wanted\". Set it to native, php or auto, or remove it.");
    }

    /** @internal */
    public static function onlyOn64Bits(): self
    {
        return new self('The library in PHP needs a 64-bit PHP, and this one has 32 bits. Install a 64-bit PHP.');
    }

    /**
     * The library in PHP does not have this function.
     *
     * @internal
     */
    public static function onlyNative(string $function): self
    {
        [, $vendor, $verb] = \explode('_', $function, 3);
        $command = \str_starts_with($verb, 'explain') ? 'explain' : 'diagnose';
        return new self(
            "Only the native library can $command, and this process uses the one in PHP. Run the command on another"
            . " machine: apisig $command $vendor (docs/diagnosing.md)."
        );
    }

    /**
     * The library at this path cannot be loaded.
     *
     * @internal
     * @param string $problem what FFI says
     */
    public static function at(string $path, string $problem): self
    {
        self::unlessItLacksFunctions($path);
        $processors = [self::processor($path), self::processor('/proc/self/exe')];
        return new self(match (true) {
            \in_array($path, \array_column(Abi::LIBRARIES, 1), true) => self::missing($path) . self::OTHERWISE,
            $processors[0] !== null && $processors[1] !== null && $processors[0] !== $processors[1] =>
                "The apisig library at $path is for $processors[0], but PHP runs on $processors[1]. Install the release"
                . ' for this processor, or compile the library here.' . self::OTHERWISE,
            default => "The apisig library cannot be loaded from $path: $problem. Set APISIG_LIBRARY to the path of"
                . ' the library, or unset it where this package or the system has one.' . self::OTHERWISE,
        });
    }

    /**
     * Throws if the library's version does not fit these classes.
     *
     * @internal
     * @throws self
     */
    public static function unlessItFits(\FFI $library): void
    {
        $version = $library->apisig_version();
        if ((int) $version !== (int) Abi::VERSION || \version_compare($version, Abi::VERSION, '<')) {
            throw new self(
                "The apisig library has version $version, but these classes need " . Abi::VERSION
                . '. Install both from one release, and check APISIG_LIBRARY.' . self::OTHERWISE
            );
        }
    }

    /** One of another version may lack what is declared: then the version is the problem. */
    private static function unlessItLacksFunctions(string $path): void
    {
        try {
            self::unlessItFits(\FFI::cdef(Abi::LIBRARY_VERSION, $path));
        } catch (\FFI\Exception) {
            // It is no apisig library, or cannot be loaded at all.
        }
    }

    private static function missing(string $name): string
    {
        $platform = Handle::platform();
        $others = \implode(', ', \array_map('basename', (array) \glob(__DIR__ . '/../lib/*', \GLOB_ONLYDIR)));
        return 'The apisig library is missing: this package has no '
            . ($others === '' ? 'folder lib' : "library for $platform, only for $others")
            . ", and the system does not find $name. "
            . ($others === '' ? 'Install the whole release, without leaving out folders,' : 'Compile the library here,')
            . ' or set APISIG_LIBRARY to the path of the library.';
    }

    /**
     * Why PHP does not allow FFI here, and what to do.
     *
     * @internal
     */
    public static function forbidden(): string
    {
        if (!\extension_loaded('ffi')) {
            return 'The PHP extension FFI is not loaded. Install it (Debian: php-common, Docker images:'
                . ' docker-php-ext-install ffi) and enable it with extension=ffi in php.ini.';
        }
        $enable = \function_exists('ini_get') ? \ini_get('ffi.enable') : 'unknown';
        $setting = "PHP does not allow FFI here: ffi.enable is \"$enable\".";
        return $setting . (\PHP_SAPI === 'cli-server'
            ? ' The built-in server cannot preload. For development, start it with: php -d ffi.enable=true -S …'
            : ' With "preload", PHP\'s default, web requests may use it only from preloaded files: load OPcache, set'
            . ' opcache.preload to the preload.php of this package and, if PHP runs as root, opcache.preload_user to'
            . ' the pool\'s user. If it is off, set it to "preload". Do not set it to "true".');
    }

    /** The processor that an ELF file is for; null if that cannot be read. */
    private static function processor(string $path): ?string
    {
        $header = (string) @\file_get_contents($path, false, null, 0, 20);
        if (\strlen($header) < 20 || !\str_starts_with($header, "\x7fELF")) {
            return null;
        }
        $number = \unpack($header[5] === "\2" ? 'n' : 'v', $header, 18)[1];
        return self::PROCESSORS[$number] ?? "processor $number of ELF";
    }
}
