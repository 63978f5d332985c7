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
            $columns = Calls::columns($line);
            $expected = \array_pop($columns);
            $results = $this->results($name, $line, $columns);
            $this->assertSame($expected, Calls::name(\array_pop($results), $expected), "$name: $line");
            $more = \array_slice($columns, self::$calls->count($name));
            foreach ($results as $result) {
                // A row may leave out some fields of a record.
                $more = ($more[0] ?? null) === $result ? \array_slice($more, 1) : $more;
            }
            $this->assertSame([], $results === [] ? [] : $more, "$name: $line");
        }
    }

    public static function functions(): array
    {
        return Calls::ofEachFunction();
    }

    /** @return list<string> what else the call gives, and last its result, as a row has them */
    private function results(string $name, string $line, array $columns): array
    {
        $vendor = \strtok($name, '_');
        $handle = null;
        if (self::$calls->hasHandle($name)) {
            $handle = $this->handle($vendor, Calls::secrets($line));
            if (\is_int($handle)) {
                return [self::$calls->names[$handle]];
            }
            $columns = \array_slice($columns, 1);
        }
        try {
            return self::$calls->functions[$name][0] === 'bool' && \str_contains($name, '_verify')
                ? $this->verdict($name, $handle, $columns)
                : $this->result($name, $handle, $columns);
        } finally {
            if ($handle !== null) {
                self::$library->{"apisig_{$vendor}_free"}($handle);
            }
        }
    }

    /** A check by a number, with which the verdict agrees. If that is no index, another function gives the index. */
    private function verdict(string $verify, ?CData $handle, array $columns): array
    {
        $check = \str_replace('_verify', '_check', $verify);
        $number = $this->call($check, $handle, $columns)[0];
        $this->assertSame($number >= 0, $this->call($verify, $handle, $columns)[0], $verify);
        if ($number < 0) {
            return [self::$calls->names[$number]];
        }
        $hasIndex = isset(self::$calls->functions["{$check}_secret"]);
        return $hasIndex
            ? [(string) $number, (string) $this->call("{$check}_secret", $handle, $columns)[0]]
            : [(string) $number];
    }

    private function result(string $name, ?CData $handle, array $columns): array
    {
        [$made, $record] = $this->call($name, $handle, $columns);
        [$kind, $parameters] = self::$calls->functions[$name];
        return match (true) {
            $made === null => [$this->refusal($name, $columns)],
            \is_string($made) => [$made],
            \is_bool($made) => [$made ? '1' : '0'],
            $made < 0, $made > 0 && \str_contains($name, '_diagnose') => [...$record ?? [], self::$calls->names[$made]],
            $record !== null => \str_contains($name, '_check') ? [...$record, (string) $made] : $record,
            $kind !== 'ptrdiff_t' => [(string) $made],
            \in_array(['int64_t *', 'out'], $parameters, true) => [\implode(' ', self::ids($made))],
            default => [FFI::string(self::$out, $made)],
        };
    }

    /** Why a text of a known length is missing: another function says it, or it is an argument. */
    private function refusal(string $name, array $columns): string
    {
        $refusal = \strtok($name, '_') . '_refusal';
        if (!isset(self::$calls->functions[$refusal]) || self::$calls->taken($refusal) !== self::$calls->taken($name)) {
            return \str_contains($name, 'salt') ? 'RANDOM' : 'ARGUMENT';
        }
        $number = $this->call($refusal, null, $columns)[0];
        return $number < 0 ? self::$calls->names[$number] : 'ARGUMENT';
    }

    /** What a function returns, and the texts of the record that it writes. */
    private function call(string $name, ?CData $handle, array $columns): array
    {
        $arguments = $handle === null ? [] : [$handle];
        foreach (self::$calls->taken($name) as $kind) {
            $column = \array_shift($columns);
            \array_push($arguments, ...match ($kind) {
                'const char *' => [$column, \strlen($column)],
                'int64_t' => [(int) $column],
                'bool' => [$column === '1'],
            });
        }
        [$kind] = \array_values(\array_filter(
            self::$calls->functions[$name][1],
            static fn (array $parameter): bool => $parameter[1] === 'out'
        ))[0] ?? [null];
        $sizes = self::$calls->records[$kind] ?? null;
        $out = $sizes === null
            ? ($kind === 'int64_t *' ? self::$ids : self::$out)
            : self::$library->new(\rtrim($kind, ' *') . '[1]');
        if ($kind !== null) {
            \array_push($arguments, ...($sizes === null ? [$out, \count($out)] : [$out]));
        }
        $made = self::$library->{"apisig_$name"}(...$arguments);
        return [$made, $sizes === null ? null : self::texts($out, $sizes)];
    }

    /** @return list<string> the texts of a record */
    private static function texts(CData $record, array $sizes): array
    {
        $bytes = FFI::string($record, FFI::sizeof($record));
        $texts = [];
        foreach ($sizes as $size) {
            $texts[] = \strstr(\substr($bytes, 0, $size), "\0", true);
            $bytes = \substr($bytes, $size);
        }
        return $texts;
    }

    /** @return list<int> */
    private static function ids(int $count): array
    {
        return \array_map(static fn (int $at): int => self::$ids[$at], \array_keys(\array_fill(0, $count, 0)));
    }

    /** A handle of these secrets; or the status, if one of them is refused. */
    private function handle(string $vendor, array $secrets): CData|int
    {
        $why = FFI::new('int32_t[1]');
        $secret = \array_shift($secrets);
        $handle = self::$library->{"apisig_{$vendor}_new"}($secret, \strlen($secret), $why);
        foreach ($secrets as $secret) {
            if (!self::$library->{"apisig_{$vendor}_add_secret"}($handle, $secret, \strlen($secret), $why)) {
                self::$library->{"apisig_{$vendor}_free"}($handle);
                return $why[0];
            }
        }
        return $handle ?? $why[0];
    }
}
