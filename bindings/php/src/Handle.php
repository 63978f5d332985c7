<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What the classes of all vendors share: a handle that has the secrets, and does not show them.
 *
 * @internal
 */
abstract class Handle
{
    /**
     * Bytes of a buffer that fits every text whose longest form is known.
     *
     * @internal
     */
    final public const SIZE = 256;

    private const BUFFER = 'uint8_t[' . self::SIZE . ']';

    /** The vendor's name in C. */
    protected const NAME = '';

    /** The library's path, once it is loaded, so that there is one alone; '' is the scope of ffi.preload. */
    private static ?string $path = null;

    /** The value of the Engine, once it is chosen. The enum itself is a file that no request needs. */
    private static ?string $engine = null;

    /** @var array<string, \FFI|Portable\Library> the library for each NAME, and for all declarations in use */
    private static array $libraries = [];

    /** @var \FFI\CData|Portable\Buffer|null see buffer() */
    private static ?object $buffer = null;

    /** @var \FFI|Portable\Library the C functions as methods */
    protected readonly object $library;

    /** @var \FFI\CData|Portable\Buffer where texts of at most SIZE bytes are written */
    protected readonly object $out;

    /** @var ?object the handle; null once it is freed, which the library refuses */
    protected ?object $handle = null;

    /**
     * @param string $secret the vendor's secret, as text: any bytes, not empty
     * @param list<string> $previousSecrets up to three more, which checks still accept; signing never uses them
     * @throws InvalidArgument if a secret is empty or too long, or there are too many
     * @throws LibraryUnavailable
     */
    final public function __construct(
        #[\SensitiveParameter] string $secret,
        #[\SensitiveParameter] array $previousSecrets = []
    ) {
        if ($this->handle !== null) {
            throw new \LogicException('An object takes its secrets once.');
        }
        $library = $this->library = self::$libraries[static::NAME] ??= self::library(static::declarations());
        $this->out = self::$buffer ??= $library->new(self::BUFFER);
        $new = 'apisig_' . static::NAME . '_new';
        $this->handle = $library->$new($secret, \strlen($secret), null) ?? $this->refuse($new, [], $secret);
        foreach ($previousSecrets as $previous) {
            $add = 'apisig_' . static::NAME . '_add_secret';
            $previous = \is_string($previous) ? $previous : '';
            if (!$library->$add($this->handle, $previous, \strlen($previous), null)) {
                $this->refuse($add, [$this->handle], $previous);
            }
        }
    }

    /** Calls once more, with a place for the reason, which secrets that are accepted do not need. */
    private function refuse(string $function, array $handle, #[\SensitiveParameter] string $secret): never
    {
        $why = $this->library->new('int32_t[1]');
        $made = $this->library->$function(...[...$handle, $secret, \strlen($secret), $why]);
        $this->handle ??= \is_object($made) ? $made : null;
        // PHP runs no destructor for an object whose constructor throws.
        $this->__destruct();
        throw Exception::of($why[0] ?: Status::Memory->value);
    }

    public function __destruct()
    {
        // What still calls this object afterwards, as destructors of others may, finds no handle.
        $handle = $this->handle;
        $this->handle = null;
        if ($handle !== null) {
            $this->library->{'apisig_' . static::NAME . '_free'}($handle);
        }
    }

    /** The constants of Abi for what every object calls, or calls often. */
    abstract protected static function declarations(): string;

    /**
     * The C functions of these declarations. Reading all of them takes longer than the rest of a request's first
     * signature, so each caller names what it calls; and the library is opened here, not in a file of its own.
     *
     * @internal
     * @param string $declarations constants of Abi, of one vendor
     * @return \FFI|Portable\Library the C functions as methods
     * @throws LibraryUnavailable
     */
    final public static function library(string $declarations): object
    {
        return self::$libraries[$declarations] ??= (self::$engine ?? self::wanted()) === 'php'
            ? self::portable($declarations)
            : self::open($declarations, self::$path);
    }

    /**
     * A buffer for a text that the function returns itself: PHP copies the text out of it before anything else runs.
     *
     * @internal
     * @return \FFI\CData|Portable\Buffer
     * @throws LibraryUnavailable
     */
    final public static function buffer(): object
    {
        $library = \current(self::$libraries) ?: self::library(Abi::STATUS_TEXT);
        return self::$buffer ??= $library->new(self::BUFFER);
    }

    /**
     * See Native::load().
     *
     * @internal
     * @throws LibraryUnavailable
     */
    final public static function load(string $path): void
    {
        self::use(self::wanted() === 'php' ? 'php' : 'native');
        if (self::$libraries !== []) {
            throw new LibraryUnavailable('The apisig library is already loaded. Call Native::load() before all else.');
        }
        if (self::$engine === 'native') {
            self::$libraries[Abi::STATUS_TEXT] = self::open(Abi::STATUS_TEXT, $path);
        }
    }

    /**
     * See Native::use().
     *
     * @internal
     * @throws LibraryUnavailable
     */
    final public static function use(string $engine): void
    {
        if (self::$engine !== null && self::$engine !== $engine) {
            throw new LibraryUnavailable('The apisig library is already chosen. Call Native::use() before all else.');
        }
        self::$engine = $engine;
    }

    /**
     * The value of the Engine, chosen once a process: what APISIG_ENGINE says, else PHP only where FFI is not allowed.
     * A library that is missing or does not fit is an error, and not a reason to take another one.
     *
     * @internal
     * @throws LibraryUnavailable
     */
    final public static function engine(): string
    {
        return self::$engine ??= match ($wanted = self::wanted()) {
            'auto' => self::isAllowed() ? 'native' : 'php',
            default => $wanted,
        };
    }

    /** '' where it is not set, or disable_functions has getenv(). */
    private static function environment(string $name): string
    {
        return \function_exists('getenv') ? (string) \getenv($name) : '';
    }

    private static function wanted(): string
    {
        $wanted = self::environment('APISIG_ENGINE');
        return match ($wanted) {
            '' => 'auto',
            'auto', 'native', 'php' => $wanted,
            default => throw LibraryUnavailable::noEngine($wanted),
        };
    }

    /**
     * Whether PHP lets this file use FFI. It alone knows: ffi.enable=preload depends on the server and the file.
     *
     * @internal
     */
    final public static function isAllowed(): bool
    {
        try {
            return \extension_loaded('ffi') && \FFI::cdef() !== null;
        } catch (\Error) {
            return false;
        }
    }

    private static function open(string $declarations, ?string $path): object
    {
        // By default PHP allows FFI in web requests only to preloaded files. The exception that says so takes longer
        // than a signature.
        $isRefused = \PHP_SAPI !== 'cli' && \function_exists('ini_get')
            && !\ini_get('opcache.preload') && \ini_get('ffi.enable') === 'preload';
        if ($isRefused || !\extension_loaded('ffi')) {
            return self::withoutFfi($declarations);
        }
        $path ??= self::environment('APISIG_LIBRARY');
        $library = null;
        if ($path === '') {
            try {
                $library = \FFI::scope(Abi::SCOPE);
            } catch (\Error $error) {
                if (self::isForbidden($error)) {
                    return self::withoutFfi($declarations);
                }
                $path = self::bundled();
            }
        }
        try {
            $library ??= \FFI::cdef(Abi::LIBRARY_VERSION . $declarations, $path);
        } catch (\Error $error) {
            return self::isForbidden($error)
                ? self::withoutFfi($declarations)
                : throw LibraryUnavailable::at($path, $error->getMessage());
        }
        $library->apisig_version() === Abi::VERSION || LibraryUnavailable::unlessItFits($library);
        self::$path = $path;
        self::$engine = 'native';
        return $library;
    }

    /** By ffi.enable, or by disable_classes, which leaves the class without methods. */
    private static function isForbidden(\Error $error): bool
    {
        // The library's path may have any words: PHP's own stand in front of it.
        return \str_starts_with($error->getMessage(), 'FFI API is restricted')
            || \str_starts_with($error->getMessage(), 'Call to undefined method FFI::');
    }

    /** PHP takes over, unless APISIG_ENGINE or Native::use() says "native". */
    private static function withoutFfi(string $declarations): object
    {
        self::$engine ??= self::wanted() === 'native' ? 'native' : 'php';
        return self::$engine === 'php' ? self::portable($declarations) : throw LibraryUnavailable::withoutFfi();
    }

    /** The class is named like the section of the declarations. */
    private static function portable(string $declarations): object
    {
        if (\PHP_INT_SIZE < 8) {
            throw LibraryUnavailable::onlyOn64Bits();
        }
        self::$engine = 'php';
        $section = \explode('_', (string) \strstr($declarations, 'apisig_'), 3)[1];
        $class = __NAMESPACE__ . '\Portable\\' . \ucfirst($section);
        return new $class();
    }

    /** This package's library for the system and processor that PHP runs on; else the name that the system looks for. */
    private static function bundled(): string
    {
        [$file, $name] = Abi::LIBRARIES[\PHP_OS_FAMILY] ?? Abi::LIBRARIES['Linux'];
        $path = __DIR__ . '/../lib/' . self::platform() . "/$file";
        return \is_file($path) ? $path : $name;
    }

    /**
     * The name of its folder. Hosts that forbid php_uname() are x86-64.
     *
     * @internal
     */
    final public static function platform(): string
    {
        $processor = \function_exists('php_uname') ? \php_uname('m') : 'x86_64';
        return \strtolower(\PHP_OS_FAMILY . "-$processor");
    }

    private function __clone()
    {
    }

    /** @return array<string, mixed> nothing: var_dump() and the like show no property */
    public function __debugInfo(): array
    {
        return [];
    }

    /** @throws \LogicException always: a secret is not written anywhere */
    public function __serialize(): array
    {
        throw new \LogicException(static::class . ' has a secret and cannot be serialized.');
    }

    /** @throws \LogicException always: an object without a handle is of no use */
    public function __unserialize(array $data): void
    {
        throw new \LogicException(static::class . ' cannot be unserialized.');
    }

    /**
     * What a sender presented, as text: '' if it is missing, or is no text, such as the array that PHP makes of
     * salt[]=1. No check accepts ''.
     */
    final protected static function presented(#[\SensitiveParameter] mixed $value): string
    {
        return \is_string($value) || \is_int($value) || $value instanceof \Stringable ? (string) $value : '';
    }

    /** Why a signer returned nothing: its only argument that can be wrong, or the handle. */
    final protected function refusal(int $argument): Exception
    {
        return Exception::of($this->handle === null ? Abi::ARGUMENT_HANDLE : $argument);
    }

    /**
     * The answer of verify() to a check's number.
     *
     * @throws InvalidArgument
     */
    final protected static function verdict(int $number): bool
    {
        return $number >= 0 || Status::known($number) === Status::Argument && throw Exception::of($number);
    }

    /**
     * The answer of check().
     *
     * @throws VerificationFailed
     * @throws InvalidArgument
     */
    final protected static function checked(int $number): int
    {
        return $number >= 0 ? $number : throw VerificationFailed::of($number);
    }
}
