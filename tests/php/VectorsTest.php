<?php

declare(strict_types=1);

namespace Apisig\Tests;

use FFI;
use FFI\CData;
use PHPUnit\Framework\TestCase;

/**
 * Every call of tests/vectors, made through FFI by the header's own prototypes. No vendor is named here.
 */
final class VectorsTest extends TestCase
{
    private static Calls $calls;
    private static FFI $library;
    private static CData $out;
    private static CData $ids;

    public static function setUpBeforeClass(): void
    {
        self::$calls = Calls::ofTheHeader();
        self::$library = FFI::cdef(self::$calls->declarations, \getenv('APISIG_LIBRARY'));
        self::$out = self::$library->new('uint8_t[65536]');
        self::$ids = self::$library->new('int64_t[1000]');
    }

    /** @dataProvider functions */
    public function testVectors(string $name, array $lines): void
    {
        foreach ($lines as $line) {
            $columns = \array_map([Calls::class, 'unescape'], Calls::columns($line));
            $expected = \array_pop($columns);
            [$more, $result] = $this->make($name, Calls::columns($line));
            $this->assertSame($expected, $result, "$name: $line");
            if ($more !== []) {
                $columns = \array_slice($columns, self::$calls->count($name));
                foreach ($more as $field) {
                    // A row may leave out some fields of a record.
                    $columns = ($columns[0] ?? null) === $field ? \array_slice($columns, 1) : $columns;
                }
                $this->assertSame([], $columns, "$name: $line");
            }
        }
    }

    public static function functions(): array
    {
        return Calls::ofEachFunction();
    }

    /** What a call gives beside its result, and that as the last column has it. */
    private function make(string $name, array $columns): array
    {
        [$result, $parameters] = self::$calls->functions[$name];
        $vendor = \strtok($name, '_');
        [$why, $number] = [FFI::new('int32_t[1]'), self::$library->new('int64_t[1]')];
        [$handle, $record, $arguments, $sizes] = [null, null, [], []];
        foreach ($parameters as [$kind, $parameter]) {
            if ($kind === "const apisig_$vendor *") {
                $handle = $this->handle($vendor, \array_shift($columns), $why);
                if ($handle === null) {
                    return [[], self::$calls->names[$why[0]]];
                }
                $arguments[] = $handle;
            } elseif ($kind === 'const char *') {
                $string = Calls::unescape(\array_shift($columns));
                \array_push($arguments, $string, \strlen($string));
            } elseif ($kind === 'int64_t') {
                $arguments[] = (int) \array_shift($columns);
            } elseif ($kind === 'bool') {
                $arguments[] = \array_shift($columns) === '1';
            } elseif ($parameter === 'out' && !isset(self::$calls->records[$kind])) {
                $out = $kind === 'int64_t *' ? self::$ids : self::$out;
                \array_push($arguments, $out, \count($out));
            } elseif (isset(self::$calls->records[$kind])) {
                $sizes = self::$calls->records[$kind];
                $record = self::$library->new(\rtrim($kind, ' *') . '[1]');
                $arguments[] = $record;
            } elseif ($kind !== 'size_t') {
                $arguments[] = $kind === 'int32_t *' ? $why : $number;
            }
        }
        $why[0] = 99;
        $made = self::$library->{"apisig_$name"}(...$arguments);
        if ($handle !== null) {
            self::$library->{"apisig_{$vendor}_free"}($handle);
        }
        $more = $record === null ? [] : self::fields($record, $sizes);
        if ($record === null && self::$calls->more($name)) {
            $more = [(string) $number[0]];
        }
        return [$more, $this->text($name, $result, $made, $why[0], $more)];
    }

    /** A result as the last column has it. */
    private function text(string $name, string $kind, mixed $made, int $why, array $more): string
    {
        $names = self::$calls->names;
        if ($kind === 'const char *') {
            return $made ?? $names[$why === 99 ? -1 : $why];
        }
        if ($kind === 'bool') {
            return $made ? (string) $why : $names[$why];
        }
        if ($made < 0 || ($made > 0 && $kind === 'int32_t' && \str_contains($name, '_diagnose'))) {
            return $names[$made];
        }
        if ($kind === 'ptrdiff_t' && \in_array(['int64_t *', 'out'], self::$calls->functions[$name][1], true)) {
            return \implode(' ', \array_map(fn (int $at) => self::$ids[$at], \array_keys(\array_fill(0, $made, 0))));
        }
        if ($kind === 'ptrdiff_t') {
            return FFI::string(self::$out, $made);
        }
        return $kind === 'int32_t' && $more !== [] ? \end($more) : (string) $made;
    }

    /** @return list<string> the texts of a record */
    private static function fields(CData $record, array $sizes): array
    {
        $bytes = FFI::string($record, FFI::sizeof($record));
        $fields = [];
        foreach ($sizes as $size) {
            $fields[] = \strstr(\substr($bytes, 0, $size), "\0", true);
            $bytes = \substr($bytes, $size);
        }
        return $fields;
    }

    /** A handle of the secrets of a column, each behind a "|"; null if one of them is refused. */
    private function handle(string $vendor, string $secrets, CData $why): ?CData
    {
        $handle = null;
        foreach (\array_map([Calls::class, 'unescape'], \explode('|', $secrets)) as $secret) {
            if ($handle === null) {
                $handle = self::$library->{"apisig_{$vendor}_new"}($secret, \strlen($secret), $why);
            } elseif (!self::$library->{"apisig_{$vendor}_add_secret"}($handle, $secret, \strlen($secret), $why)) {
                self::$library->{"apisig_{$vendor}_free"}($handle);
                return null;
            }
            if ($handle === null) {
                return null;
            }
        }
        return $handle;
    }
}
