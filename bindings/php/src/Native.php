<?php

declare(strict_types=1);

namespace Apisig;

use FFI;

/**
 * The native library, loaded once a process, and places for its calls to write to: the only file that says FFI.
 *
 * The library is looked for at the path given to load(), at the environment's APISIG_LIBRARY, in the scope "apisig" if
 * `ffi.preload` has one, beside this package, and by its SONAME where the system looks for libraries.
 */
final class Native
{
    /** The version that these classes were made for. Later ones that keep the SONAME fit too. */
    public const VERSION = Abi::VERSION;

    /** Bytes of room for a text: enough for every one whose longest form is known. */
    public const SIZE = 256;

    private const BUNDLED = __DIR__ . '/../lib/linux-x86_64/libapisig.so';

    /** What load() was given. */
    private static ?string $path = null;

    /** @var array<string, FFI> the functions of each section that is in use */
    private static array $libraries = [];

    /** @var ?FFI\CData where texts of a known length are written: PHP has its own copy before anything else runs */
    private static ?object $shared = null;

    /** A place that no call is using. */
    private static ?self $idle = null;

    /** @var FFI\CData why a check does not hold, or which secret matched */
    public readonly object $why;

    /** @var FFI\CData the user of a token */
    public readonly object $userId;

    /** @var ?FFI\CData Kommo's headers, if they were asked for, and three views of what is in them */
    public ?object $headers = null;
    private object $date;
    private object $contentMd5;
    private object $xSignature;

    private function __construct()
    {
        $library = self::anyLibrary();
        $this->why = $library->new('int32_t[1]');
        $this->userId = $library->new('int64_t[1]');
    }

    /**
     * Loads the library from a path of your own. Call it before anything else.
     *
     * @throws LibraryUnavailable
     */
    public static function load(string $path): void
    {
        if (self::$libraries !== []) {
            throw new LibraryUnavailable('The apisig library is already loaded. Call Native::load() before all else.');
        }
        self::$libraries['status'] = self::open('status', $path);
        self::$path = $path;
    }

    /**
     * The C functions of one section, and those that all share. Of one alone: reading all declarations takes
     * longer than all the rest of a request's first signature. What a vendor needs a handle for is in its own section.
     *
     * @internal
     * @return FFI the C functions as methods
     * @throws LibraryUnavailable
     */
    public static function library(string $section): object
    {
        return self::$libraries[$section] ??= self::find($section);
    }

    /**
     * A place for a text of SIZE bytes at most, which the function that writes it also returns.
     *
     * @internal
     * @return FFI\CData
     * @throws LibraryUnavailable
     */
    public static function out(): object
    {
        return self::$shared ??= self::anyLibrary()->new('uint8_t[' . self::SIZE . ']');
    }

    /** Reuses a section that is already loaded. */
    private static function anyLibrary(): FFI
    {
        return \current(self::$libraries) ?: self::library('status');
    }

    /**
     * Takes a place for one call. What takes its result gives it back: a signal handler that signs meanwhile has
     * another.
     *
     * @internal
     * @throws LibraryUnavailable
     */
    public static function take(): self
    {
        $native = self::$idle ?? new self();
        self::$idle = null;
        return $native;
    }

    /**
     * Likewise, with a place for Kommo's headers.
     *
     * @internal
     * @param FFI $library
     */
    public static function takeHeaders(object $library): self
    {
        $native = self::$idle ?? new self();
        self::$idle = null;
        if ($native->headers === null) {
            $native->headers = $library->new('apisig_kommo_headers[1]');
            $native->date = $native->headers[0]->date;
            $native->contentMd5 = $native->headers[0]->content_md5;
            $native->xSignature = $native->headers[0]->x_signature;
        }
        return $native;
    }

    /**
     * A text of any length: `$write` writes it to the buffer that it is given, and answers its length or the status. If
     * it does not fit, it is asked again.
     *
     * @internal
     * @param \Closure(FFI\CData, int): int $write
     * @throws Exception
     */
    public static function text(#[\SensitiveParameter] \Closure $write): string
    {
        $length = 1023;
        do {
            $size = $length + 1;
            $out = self::anyLibrary()->new("uint8_t[$size]");
            $length = $write($out, $size);
            if ($length < 0) {
                throw Exception::of(Status::known($length));
            }
        } while ($length >= $size);
        return FFI::string($out, $length);
    }

    /**
     * The text in a struct's field, up to its NUL.
     *
     * @internal
     * @param FFI\CData $field
     */
    public static function string(object $field): string
    {
        return \explode("\0", FFI::string($field, FFI::sizeof($field)), 2)[0];
    }

    /**
     * The text that a function makes of strings alone.
     *
     * @internal
     * @param string $section the one of the header that declares the function
     * @throws Exception
     */
    public static function textOf(string $section, string $function, #[\SensitiveParameter] string ...$strings): string
    {
        $arguments = [];
        foreach ($strings as $string) {
            \array_push($arguments, $string, \strlen($string));
        }
        $library = self::library($section);
        return self::text(static fn ($out, $size) => $library->$function(...[...$arguments, $out, $size]));
    }

    /**
     * The headers of a request, by the call's status.
     *
     * @internal
     * @return array{'Date': string, 'Content-Type': string, 'Content-MD5': string, 'X-Signature': string}
     * @throws Exception
     */
    public function headers(int $status): array
    {
        if ($status !== 0) {
            throw Exception::of(Status::known($status));
        }
        $values = [
            'Date' => FFI::string($this->date, 31),
            'Content-Type' => Kommo::CONTENT_TYPE,
            'Content-MD5' => FFI::string($this->contentMd5, 32),
            'X-Signature' => FFI::string($this->xSignature, 40),
        ];
        self::$idle = $this;
        return $values;
    }

    /**
     * The answer for verify(): only a mistake of the caller's own is an exception.
     *
     * @internal
     * @throws InvalidArgument
     */
    public function verdict(bool $holds): bool
    {
        $why = $this->why[0];
        self::$idle = $this;
        if (!$holds && $why === Status::Argument->value) {
            throw Exception::of(Status::Argument);
        }
        return $holds;
    }

    /**
     * The answer for check(): what was checked, or an exception with the reason.
     *
     * @internal
     * @param FFI\CData $value
     * @throws VerificationFailed
     * @throws InvalidArgument
     */
    public function checked(bool $holds, object $value): int
    {
        [$why, $checked] = [$this->why[0], $value[0]];
        self::$idle = $this;
        if ($holds) {
            return $checked;
        }
        $status = Status::known($why);
        throw $status === Status::Argument ? Exception::of($status) : new VerificationFailed($status->text(), $status);
    }

    /**
     * Gives a place back whose result nobody takes.
     *
     * @internal
     */
    public function giveBack(): void
    {
        self::$idle = $this;
    }

    private static function find(string $section): FFI
    {
        $path = self::$path ?? \getenv('APISIG_LIBRARY');
        if (\is_string($path) && $path !== '') {
            return self::open($section, $path);
        }
        self::requireExtension();
        try {
            return self::ofRightVersion(FFI::scope('apisig'), 'ffi.preload');
        } catch (FFI\Exception) {
            return self::open($section, \is_file(self::BUNDLED) ? self::BUNDLED : Abi::SONAME);
        }
    }

    private static function open(string $section, string $path): FFI
    {
        self::requireExtension();
        $declarations = Abi::DECLARATIONS['status'] . ($section === 'status' ? '' : Abi::DECLARATIONS[$section]);
        try {
            return self::ofRightVersion(FFI::cdef($declarations, $path), $path);
        } catch (FFI\Exception $exception) {
            self::ofRightVersionIfAny($path);
            throw new LibraryUnavailable(self::remedy($exception->getMessage(), $path));
        }
    }

    /** A library of another version may lack what the header declares: then that is to be said, and not what it lacks. */
    private static function ofRightVersionIfAny(string $path): void
    {
        try {
            self::ofRightVersion(FFI::cdef('const char *apisig_version(void);', $path), $path);
        } catch (FFI\Exception) {
            return;
        }
    }

    private static function requireExtension(): void
    {
        if (!\extension_loaded('ffi')) {
            throw new LibraryUnavailable(
                'The PHP extension FFI is not loaded. Install it (Debian: php-common, Docker images:'
                . ' docker-php-ext-install ffi) and enable it with extension=ffi in php.ini.'
            );
        }
    }

    private static function ofRightVersion(FFI $library, string $origin): FFI
    {
        $version = $library->apisig_version();
        if ($version === self::VERSION) {
            return $library;
        }
        if ((int) $version !== (int) self::VERSION || \version_compare($version, self::VERSION, '<')) {
            throw new LibraryUnavailable(
                "The apisig library ($origin) has version $version, but these classes need " . self::VERSION
                . '. Install both from one release, and check APISIG_LIBRARY and what is preloaded.'
            );
        }
        return $library;
    }

    private static function remedy(string $problem, string $path): string
    {
        if (\str_contains($problem, 'ffi.enable')) {
            return 'PHP does not allow FFI here: ffi.enable is "' . \ini_get('ffi.enable') . '". With "preload", PHP\'s'
                . ' default, web requests may use it only from preloaded files: load OPcache, set opcache.preload to'
                . ' the preload.php of this package and, if PHP runs as root, opcache.preload_user to the pool\'s user.'
                . ' If it is off, set it to "preload". Do not set it to "true".';
        }
        return "The apisig library cannot be loaded from $path: $problem. Set APISIG_LIBRARY to the path of"
            . ' libapisig.so, or install it where the system finds ' . Abi::SONAME . '.';
    }
}
