<?php

declare(strict_types=1);

namespace Apisig\Tests;

/**
 * The calls of tests/vectors, and the functions of the header that they are calls of. No vendor is named here.
 */
final class Calls
{
    private const HEADER = __DIR__ . '/../../bindings/php/apisig.ffi.h';

    /** The type and the name of each parameter, of each function by its name without "apisig_". */
    public readonly array $functions;

    /** Statuses by number, as the vectors have them. */
    public readonly array $statuses;

    private static ?self $calls = null;

    private function __construct()
    {
        $header = \preg_replace('~/\*.*?\*/|^#.*?$~sm', '', \file_get_contents(self::HEADER));
        $functions = $statuses = [];
        \preg_match_all('/\bapisig_(\w+)\(([^)]*)\);/', $header, $found, \PREG_SET_ORDER);
        foreach ($found as [, $name, $parameters]) {
            \preg_match_all('/(\w[\w ]*?[ *]+)(\w+)(?:,|$)/', $parameters, $each, \PREG_SET_ORDER);
            $functions[$name] = \array_map(fn (array $one) => [\trim($one[1]), $one[2]], $each);
        }
        \preg_match_all('/APISIG_(\w+) = (-\d+)/', $header, $found, \PREG_SET_ORDER);
        foreach ($found as [, $name, $number]) {
            $statuses[(int) $number] = $name;
        }
        [$this->functions, $this->statuses] = [$functions, $statuses];
    }

    public static function ofTheHeader(): self
    {
        return self::$calls ??= new self();
    }

    /** @return array<string, array{string, list<string>}> for each function that has vectors its name and its lines */
    public static function ofEachFunction(): array
    {
        $lines = [];
        $folder = \getenv('APISIG_VECTORS') ?: __DIR__ . '/../vectors';
        foreach (\glob("$folder/*.tsv") as $path) {
            foreach (\file($path, \FILE_IGNORE_NEW_LINES) as $line) {
                if ($line[0] !== '#') {
                    $lines[\basename($path, '.tsv') . '_' . \strtok($line, "\t")][] = $line;
                }
            }
        }
        \array_walk($lines, fn (array &$of, string $name) => $of = [$name, $of]);
        return $lines;
    }

    /** @return array<string, class-string> each vendor's class by the vendor's name */
    public static function classes(): array
    {
        $classes = [];
        foreach (\glob(__DIR__ . '/../../bindings/php/src/*.php') as $path) {
            $class = \basename($path, '.php');
            if (\is_file(__DIR__ . '/../vectors/' . \strtolower($class) . '.tsv')) {
                $classes[\strtolower($class)] = "Apisig\\$class";
            }
        }
        return $classes;
    }

    /** The columns behind the verb. */
    public static function columns(string $line): array
    {
        return \array_map(self::unescape(...), \array_slice(\explode("\t", $line), 1));
    }

    /** The secrets of a row that starts with them, each behind a "|". */
    public static function secrets(string $line): array
    {
        return \array_map(self::unescape(...), \explode('|', \explode("\t", $line)[1]));
    }

    /** How many columns are parameters. */
    public function count(string $name): int
    {
        return \count($this->taken($name)) + ($this->hasHandle($name) ? 1 : 0);
    }

    public function hasHandle(string $name): bool
    {
        return \str_starts_with($this->functions[$name][0][0] ?? '', 'const apisig_');
    }

    /** The names of the parameters that have a column, with their types, but for the handle. */
    public function taken(string $name): array
    {
        $kinds = \array_column($this->functions[$name], 0, 1);
        return \array_filter($kinds, fn (string $kind) => \in_array($kind, ['const char *', 'int64_t', 'bool'], true));
    }

    public static function unescape(string $field): string
    {
        return \preg_replace_callback('/\\\\(?:x(..)|(.))/', fn (array $found) => match ($found[2] ?? '') {
            '' => \chr((int) \hexdec($found[1])),
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            '\\' => '\\',
        }, $field);
    }
}
