<?php

/**
 * Calls every function of the header in the native library and in the one in PHP, with the rows of tests/vectors as they are and
 * changed, and compares what they return and write. Names no vendor. Usage: portable.php COUNT SEED [FOLDER of public vectors: each
 * text of JSON in it, and each token, is every text of every function once]
 */

declare(strict_types=1);

use Apisig\Abi;
use Apisig\Tests\Calls;

require __DIR__ . '/../../bindings/php/vendor/autoload.php';
require __DIR__ . '/../php/Calls.php';

/** What is not in PHP, what makes handles, and the function whose result is random. */
const LEFT_OUT = '/^version$|_(new|add_secret|free|salt)$|_(diagnos|explain)/';
const PIECES = ["\0", "\n", "\r", "\r\n--", '--', ' ', '%', '%00', '%5B', '%41', '%2f', '%26', '+', '&', '=', ';', '[', ']', '.', '..',
    '/', '//', '\\', '?', '#', '@', ':', ',', '"', '\\u0041', '\\ud83d\\ude00', '\\ud800', '{', '}', '[]', '-', '_', '0', '00', '1', '9',
    'a', 'F', 'Z', '~', "\x7f", "\x80", "\xff", "\xc3\xa9", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x80\xa8", "\xf0\x9f\x98\x80", '0000',
    'e5', '-0', 'null', 'true', 'false', "\t", "\x0b", "\x0c", '<', '>', "'", '*', '$', 'GMT', '+0530', '60', '31', '30', '9999', 'http'];
const NUMBERS = [0, 1, -1, 2, 900, 3600, -62167219200, -62167219201, 253402300799, 253402300800, PHP_INT_MAX, PHP_INT_MIN, 1 << 32];
const DIGITS = ['0', '00', '1', '12', '13', '24', '29', '30', '31', '32', '60', '60', '61', '0000', '0400', '1900', '9999', '65535', '99999',
    '9223372036854775807', '9223372036854775808', '-0', '1.0'];
const SIZES = [31, 32, 33, 61, 62, 63, 64, 65, 127, 243, 253, 254, 255, 256, 262, 512, 513];
const STEPS = [-3600, -901, -900, -899, -1, 1, 899, 900, 901, 3600];

final class Differential
{
    private Calls $calls;
    private FFI $native;
    /** @var array<string, object> the library in PHP, by vendor */
    private array $portable = [];
    /** @var array<string, list<array{list<string>, list<string>}>> secrets and texts of the rows with a function's parameters */
    private array $rows = [];
    /** @var array<string, list<string>> all texts of a vendor's rows, and those of a parameter */
    private array $texts = [];
    /** @var list<string> those with many parameters more often */
    private array $names = [];
    /** @var array<string, array{?object, ?object}> the handles of a vendor's secrets in both libraries */
    private array $handles = [];
    /** @var array<string, array<string, int>> how often each function answered what */
    public array $answers = [];

    public function __construct()
    {
        $this->calls = Calls::ofTheHeader();
        $constants = array_filter((new ReflectionClass(Abi::class))->getConstants(), 'is_string');
        $declarations = implode("\n", preg_grep('/apisig_/', $constants));
        $this->native = FFI::cdef($declarations, (string) getenv('APISIG_LIBRARY'));
        $byParameters = [];
        foreach (Calls::ofEachFunction() as $of => [, $lines]) {
            foreach ($lines as $line) {
                $columns = Calls::columns($line);
                $secrets = $this->calls->hasHandle($of) ? Calls::secrets($line) : ['secret'];
                $texts = $this->calls->hasHandle($of) ? array_slice($columns, 1) : $columns;
                $byParameters[$this->parameters($of)][] = [$secrets, $texts];
                foreach (array_keys($this->calls->taken($of)) as $at => $parameter) {
                    $this->texts[strtok($of, '_')][] = $this->texts[strtok($of, '_') . " $parameter"][] = $texts[$at];
                }
            }
        }
        foreach (preg_grep(LEFT_OUT, array_keys($this->calls->functions), PREG_GREP_INVERT) as $name) {
            $this->rows[$name] = $byParameters[$this->parameters($name)] ?? [[['secret'], []]];
            array_push($this->names, ...array_fill(0, 1 + count($this->calls->taken($name)), $name));
            $class = 'Apisig\Portable\\' . ucfirst(strtok($name, '_'));
            $this->portable[strtok($name, '_')] ??= new $class();
        }
    }

    /** Makes one call. Returns how the libraries differ; '' if they do not. */
    public function call(): string
    {
        $name = self::one($this->names);
        [$secrets, $texts] = self::one($this->rows[$name]);
        $given = $this->given($name, $texts);
        return $this->compared($name, $secrets, mt_rand(0, 1) === 0 ? $this->signed($name, $secrets, $given) : $given);
    }

    /** Makes every call with this text in it, one for each parameter. Yields how the libraries differ. */
    public function callsWith(string $text): iterable
    {
        foreach ($this->rows as $name => $rows) {
            foreach (array_keys($this->calls->taken($name), 'const char *', true) as $parameter) {
                [$secrets, $texts] = $rows[0];
                yield $this->compared($name, $secrets, [$parameter => $text] + $this->given($name, $texts));
            }
        }
    }

    private function compared(string $name, array $secrets, array $given): string
    {
        $sizes = [self::one([0, 1, 32, 33, 40, 41, 44, 45, 64, 65, 105, 106, 256, 1000]), 2000, 2000, 70000];
        $plan = ['handle' => mt_rand(0, 99) > 0, 'out' => mt_rand(0, 99) > 0, 'size' => self::one($sizes)];
        $plan += ['short' => mt_rand(0, 49) === 0, 'null' => mt_rand(0, 99) === 0 ? array_rand($given + ['' => 0]) : ''];
        $native = $this->made(0, $name, $secrets, $given, $plan);
        $portable = $this->made(1, $name, $secrets, $given, $plan);
        $answer = match (true) {
            is_int($native[0]) => (string) min($native[0], 0),
            is_bool($native[0]) => $native[0] ? '0' : '-',
            default => gettype($native[0]),
        };
        $this->answers[$name][$answer] = ($this->answers[$name][$answer] ?? 0) + 1;
        return $native === $portable ? '' : "$name: " . self::shown([$given, $secrets, $plan, $native, $portable]);
    }

    /** Makes a handle in both, of changed secrets. Returns how the libraries differ. */
    public function handle(): string
    {
        $vendor = strtok(array_rand($this->texts), ' ');
        $texts = $this->texts[$vendor];
        $secrets = [];
        for ($count = mt_rand(1, 6); $count > 0; $count--) {
            $secrets[] = self::one(['', 'a', self::one($texts), str_repeat('x', mt_rand(1023, 1025)), null]);
        }
        $made = [];
        foreach ([$this->native, $this->portable[$vendor]] as $library) {
            [$handle, $why, $made[]] = [null, $library->new('int32_t[1]'), []];
            foreach ($secrets as $secret) {
                $length = $secret === null ? 5 : strlen($secret);
                $verb = $handle === null ? 'new' : 'add_secret';
                $result = $library->{"apisig_{$vendor}_$verb"}(...[...($handle === null ? [] : [$handle]), $secret, $length, $why]);
                $handle ??= $result;
                $made[count($made) - 1][] = [is_object($result) ?: $result, $why[0]];
            }
            $library->{"apisig_{$vendor}_free"}($handle);
            $made[count($made) - 1][] = $library->{"apisig_{$vendor}_add_secret"}(null, 'x', 1, null);
        }
        return $made[0] === $made[1] ? '' : "$vendor: " . self::shown([$secrets, $made]);
    }

    /** What a library returns, and what is in the buffer then. */
    private function made(int $which, string $name, array $secrets, array $given, array $plan): array
    {
        $library = $which === 0 ? $this->native : $this->portable[strtok($name, '_')];
        $arguments = [];
        $out = null;
        $parameters = $this->calls->functions[$name];
        for ($at = 0; $at < count($parameters); $at++) {
            [$kind, $parameter] = $parameters[$at];
            if ($kind === 'const char *') {
                $text = $parameter === $plan['null'] ? null : $given[$parameter];
                $length = max(0, strlen((string) $text) - (int) $plan['short']);
                array_push($arguments, $text, $text === null ? strlen($given[$parameter]) : $length);
                $at++;
            } elseif (str_starts_with($kind, 'const apisig_')) {
                $arguments[] = $plan['handle'] ? $this->handleOf(strtok($name, '_'), $secrets)[$which] : null;
            } elseif (str_ends_with($kind, '*')) {
                $isRecord = !isset($parameters[$at + 1]);
                $size = $isRecord ? 2000 : $plan['size'];
                $of = $kind === 'int64_t *' ? 'int64_t' : 'uint8_t';
                $out = $plan['out'] ? $library->new($of . '[' . max(1, $size) . ']') : null;
                self::fill($out, max(1, $size));
                array_push($arguments, $out, ...($isRecord ? [] : [$size]));
                $at++;
            } else {
                $arguments[] = $given[$parameter] ?? 0;
            }
        }
        try {
            $result = $library->{"apisig_$name"}(...$arguments);
        } catch (Throwable $thrown) {
            $result = $thrown::class . ': ' . $thrown->getMessage() . ' ' . $thrown->getFile() . ':' . $thrown->getLine();
        }
        return [$result, $out === null ? null : self::bytes($out, max(1, $size))];
    }

    /** Nothing that was not written may change. */
    private static function fill(?object $out, int $size): void
    {
        match (true) {
            $out instanceof FFI\CData && FFI::sizeof($out) === $size => FFI::memset($out, 0x55, $size),
            $out instanceof Apisig\Portable\Buffer => $out->write(str_repeat('U', $size)),
            default => null,
        };
    }

    private static function bytes(object $out, int $size): string
    {
        if ($out instanceof Apisig\Portable\Buffer) {
            return $out->string($size);
        }
        return $out instanceof SplFixedArray
            ? pack('q*', ...array_map('intval', $out->toArray()))
            : FFI::string($out, FFI::sizeof($out));
    }

    private function handleOf(string $vendor, array $secrets): array
    {
        $make = function (object $library) use ($vendor, $secrets): ?object {
            $handle = $library->{"apisig_{$vendor}_new"}($secrets[0], strlen($secrets[0]), null);
            foreach ($handle === null ? [] : array_slice($secrets, 1) as $secret) {
                $library->{"apisig_{$vendor}_add_secret"}($handle, $secret, strlen($secret), null);
            }
            return $handle;
        };
        return $this->handles[$vendor . serialize($secrets)] ??= [$make($this->native), $make($this->portable[$vendor])];
    }

    /** Arguments by name: those of a row, some of them changed or from another row. */
    private function given(string $name, array $texts): array
    {
        $others = self::one($this->rows[$name])[1];
        $rate = self::one([5, 20, 60]);
        $given = [];
        foreach ($this->calls->functions[$name] as [$kind, $parameter]) {
            if (!in_array($kind, ['const char *', 'int64_t', 'int32_t', 'bool'], true)) {
                continue;
            }
            $isChanged = mt_rand(0, 99) < $rate;
            $texts += $this->rows[$name][0][1] === [] ? [count($given) => self::one($this->texts[strtok($name, '_') . " $parameter"] ?? [''])] : [];
            $value = (string) ($isChanged && mt_rand(0, 3) === 0 ? $others[count($given)] ?? '' : $texts[count($given)] ?? '');
            $given[$parameter] = match (true) {
                $kind === 'const char *' => $isChanged ? $this->changed($value, strtok($name, '_')) : $value,
                $kind === 'bool' => mt_rand(0, 1) === 1,
                $kind === 'int32_t' => mt_rand(-140, 110),
                !$isChanged => (int) $value,
                mt_rand(0, 1) === 0 => self::one(NUMBERS),
                default => max(-1 << 40, min(1 << 40, (int) $value)) + self::one(STEPS),
            };
        }
        return $given;
    }

    /** A text that is changed in some places: bytes, pieces of others, numbers, parts of it gone, twice or moved. */
    private function changed(string $text, string $vendor): string
    {
        for ($times = mt_rand(1, 3); $times > 0; $times--) {
            [$at, $length] = [mt_rand(0, strlen($text)), mt_rand(0, 4) === 0 ? mt_rand(0, 40) : mt_rand(0, 2)];
            $other = mt_rand(0, 3) > 0 ? self::one(PIECES) : self::one($this->texts[$vendor] ?? ['']);
            $text = match (mt_rand(0, 10)) {
                0, 1 => substr_replace($text, $other, $at, $length),
                2 => substr_replace($text, $other, $at, 0),
                3 => substr_replace($text, '', $at, $length),
                4 => substr($text, 0, $at) . substr($text, $at, $length) . substr($text, $at),
                5, 6 => substr_replace($text, chr(mt_rand(0, 255)), $at, mt_rand(0, 1)),
                7, 8 => self::withOtherNumber($text),
                9 => substr_replace($text, '%' . strtoupper(bin2hex($text[$at] ?? '_')), $at, 1),
                10 => match (mt_rand(0, 15)) {
                    0 => str_repeat(substr($other, 0, 64), mt_rand(1, 1200)),
                    1 => $text . str_repeat(self::one(['&', 'x=1&', ',7', '[', 'a', "\n"]), mt_rand(1, 1100)),
                    2 => strtoupper($text),
                    3 => strtolower($text),
                    4, 5 => substr($text, 0, $at),
                    6, 7 => substr_replace($text, str_repeat(self::one(['a', '1', '-', 'a.']), self::one(SIZES)), $at, $length),
                    default => substr($text, $at) . substr($text, 0, $at),
                },
            };
        }
        return $text;
    }

    private static function withOtherNumber(string $text): string
    {
        preg_match_all('/[0-9]+/', $text, $numbers, PREG_OFFSET_CAPTURE);
        [$number, $at] = $numbers[0] === [] ? ['', 0] : self::one($numbers[0]);
        $next = sprintf('%0' . max(1, strlen($number)) . 'd', (int) $number ^ mt_rand(0, 3));
        return substr_replace($text, mt_rand(0, 2) === 0 ? $next : self::one(DIGITS), $at, strlen($number));
    }

    /** The same with the right signature as the last text, if a function of the vendor signs the others. */
    private function signed(string $name, array $secrets, array $given): array
    {
        $texts = array_keys(array_filter($given, 'is_string'));
        $last = array_pop($texts);
        $most = [];
        foreach (preg_match('/_(check|verify)/', $name) === 1 ? array_keys($this->rows) : [] as $sign) {
            $taken = array_keys($this->calls->taken($sign));
            $isOf = str_starts_with($sign, strtok($name, '_') . '_sign') && array_diff($taken, $texts) === [];
            $most = $isOf && count($taken) > count($most[1] ?? []) ? [$sign, $taken] : $most;
        }
        if ($most !== []) {
            $plan = ['handle' => true, 'out' => true, 'size' => 256, 'short' => false, 'null' => ''];
            [$signature] = $this->made(0, $most[0], $secrets, array_intersect_key($given, array_flip($most[1])), $plan);
            $given[$last] = is_string($signature) ? $signature : $given[$last];
        }
        return $given;
    }

    /** By which rows are a function's. */
    private function parameters(string $name): string
    {
        return implode(' ', [strtok($name, '_'), $this->calls->hasHandle($name), ...array_keys($this->calls->taken($name))]);
    }

    private static function one(array $of): mixed
    {
        return $of[mt_rand(0, count($of) - 1)];
    }

    private static function shown(array $what): string
    {
        $text = json_encode($what, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES | JSON_PARTIAL_OUTPUT_ON_ERROR);
        return substr((string) $text, 0, 1500);
    }
}

[, $count, $seed] = $argv;
mt_srand((int) $seed);
$differential = new Differential();
$differences = 0;
$tell = static function (string $difference) use (&$differences): void {
    if ($difference !== '' && $differences++ < 20) {
        echo "DIFFERENCE: $difference\n";
    }
};
for ($call = 0; $call < $count && $differences < 20; $call++) {
    $tell($call % 50 === 0 ? $differential->handle() : $differential->call());
}
$public = [];
foreach (isset($argv[3]) ? glob("$argv[3]/json_parsing/test_parsing/*.json") : [] as $file) {
    $public[] = '{"exp":9,"x":' . file_get_contents($file) . ',"user_id":1}';
}
foreach (isset($argv[3]) ? glob("$argv[3]/wycheproof/*web*.json") : [] as $file) {
    preg_match_all('/"jws"\s*:\s*"([^"]*)"/', file_get_contents($file), $tokens);
    array_push($public, ...$tokens[1]);
}
// Long ones: no array of all their parts, and no more steps than PCRE makes.
foreach (['a', ',', '&', 'a=%41&', '/a.b%2F', '\\n', '[', '"a":1,', ' ', '%', "\n"] as $piece) {
    foreach ($differential->callsWith(substr(str_repeat($piece, 1100000), 0, 1100000)) as $difference) {
        $tell($difference);
        $call++;
    }
}
foreach ($public as $text) {
    foreach ([...$differential->callsWith($text), ...$differential->callsWith(rtrim(strtr(base64_encode($text), '+/', '-_'), '='))] as $difference) {
        $tell($difference);
        $call++;
    }
}
$statuses = 0;
foreach ($differential->answers as $name => $answers) {
    $statuses += count($answers);
    // Every function gave what it is for, not only refusals.
    if ($count >= 10000 && !isset($answers["0"]) && !isset($answers["string"])) {
        echo "NO ANSWER: $name\n";
        $differences++;
    }
}
echo "figure: $call calls of ", count($differential->answers), " functions, ", count($public), " public texts, $statuses kinds of answers, ",
    "$differences differences\n";
exit($differences === 0 ? 0 : 1);
