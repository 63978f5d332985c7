<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Abi;
use Apisig\Diagnosis;
use Apisig\Engine;
use Apisig\Exception;
use Apisig\InvalidArgument;
use Apisig\LibraryUnavailable;
use Apisig\Mistake;
use Apisig\Native;
use Apisig\Response;
use Apisig\RetailCrmRegistration;
use Apisig\Status;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use ReflectionMethod;
use ReflectionParameter;

/**
 * Every call of tests/vectors, made by the PHP classes. A function is called as the method of its name, with the parameters by
 * their names; spelled() says how where a class has another name for it.
 */
final class ClassesTest extends TestCase
{
    private const HEADERS = [
        'contentMd5' => 'content-md5',
        'contentType' => 'CONTENT-TYPE',
        'date' => 'Date',
        'signature' => 'X-Signature',
    ];

    /** @dataProvider functions */
    #[DataProvider('functions')]
    public function testClasses(string $name, array $lines): void
    {
        foreach ($lines as $line) {
            $columns = Calls::columns($line);
            $expected = \array_pop($columns);
            $this->assertSame($expected, $this->make($name, $line, $columns), "$name: $line");
        }
    }

    /** The header for ffi.preload declares all that the constants of Abi do. */
    public function testThePreloadedHeader(): void
    {
        if (\ini_get('ffi.preload') !== '') {
            $this->assertSame('', (string) \getenv('APISIG_LIBRARY'));
            return;
        }
        $arguments = [$_SERVER['argv'][0], '--bootstrap', __DIR__ . '/bootstrap.php', __FILE__];
        $environment = ['APISIG_LIBRARY' => '', 'APISIG_ENGINE' => 'native'];
        $output = php(['-dffi.preload=' . preloaded(), ...$arguments], $environment);
        $this->assertMatchesRegularExpression('/^OK \(\d+ tests/m', $output);
    }

    public static function functions(): array
    {
        return Calls::ofEachFunction();
    }

    /** The result as the last column has it. */
    private function make(string $name, string $line, array $columns): string
    {
        $calls = Calls::ofTheHeader();
        [$vendor, $verb] = \explode('_', $name, 2);
        $it = Calls::classes()[$vendor];
        $more = \array_slice($columns, $calls->count($name));
        $given = self::given($name, $columns);
        try {
            if ($calls->hasHandle($name)) {
                $secrets = Calls::secrets($line);
                $it = new $it(\array_shift($secrets), $secrets);
            }
            $spelled = self::spelled($name, $it, $given);
            if ($spelled !== null) {
                return $spelled;
            }
            $method = new ReflectionMethod($it, self::camel(\preg_replace('/^check_/', '', $verb)));
            $arguments = self::arguments($method, $given);
            $object = \is_object($it) ? $it : null;
            if (\str_starts_with($verb, 'verify')) {
                return $this->verdict($method, $object, $arguments, $more, $line);
            }
            $made = $method->invokeArgs($object, $arguments);
            if ($made instanceof Diagnosis && $made->hints !== [] && $given['secret'] === '') {
                // Without a secret Kommo's diagnosis has hints, where C's number is the argument's.
                return $made->mistakes === [] ? 'ARGUMENT_SECRET' : '';
            }
            $this->takesParameters($method, $object, $arguments, $given, $made);
            foreach ($more === [] ? [] : (array) $made as $field) {
                $more = ($more[0] ?? null) === $field ? \array_slice($more, 1) : $more;
            }
            $this->assertSame([], $more, $line);
            // Which secret matches is not seen where a record is returned.
            return \str_starts_with($verb, 'check') ? self::last($line) : self::words($made);
        } catch (LibraryUnavailable) {
            $this->assertSame([Engine::Portable, 1], [Native::engine(), \preg_match('/^(diagnose|explain)/', $verb)]);
            return Calls::unescape(self::last($line));
        } catch (Exception $exception) {
            return self::reason($exception);
        }
    }

    /** What check() returns, which verify() must agree with; what verify() alone returns does not say why. */
    private function verdict(ReflectionMethod $verify, ?object $it, array $arguments, array $more, string $line): string
    {
        $verdict = $verify->invokeArgs($it, $arguments);
        $check = \str_replace('verify', 'check', $verify->getName());
        if (!\method_exists($verify->class, $check)) {
            $this->assertSame(\is_numeric(self::last($line)), $verdict);
            return self::last($line);
        }
        try {
            $checked = (string) (new ReflectionMethod($verify->class, $check))->invokeArgs($it, $arguments);
        } catch (Exception $exception) {
            $this->assertFalse($verdict);
            return self::reason($exception);
        }
        $this->assertTrue($verdict);
        // Which secret matches is not seen where something else is returned.
        return $more === [$checked] ? self::last($line) : $checked;
    }

    /** The status as the vectors and C call it: of an argument by its text. */
    private static function reason(Exception $exception): string
    {
        self::assertSame($exception->status === Status::Argument, $exception instanceof InvalidArgument);
        if (!$exception instanceof InvalidArgument) {
            return self::nameOf($exception->status);
        }
        foreach (Calls::ofTheHeader()->statuses as $number => $name) {
            if (Exception::of($number)->getMessage() === $exception->getMessage()) {
                return $name;
            }
        }
        // Of a form of MOR's the text says which parameter it is.
        return 'ARGUMENT_FORM';
    }

    private static function last(string $line): string
    {
        return \substr(\strrchr($line, "\t"), 1);
    }

    /** A method that takes a form takes the parameters in it, too. */
    private function takesParameters(ReflectionMethod $method, ?object $it, array $arguments, array $given, mixed $made): void
    {
        $at = \array_search('parameters', \array_column($method->getParameters(), 'name'), true);
        if ($at === false) {
            return;
        }
        $fields = \array_filter(\explode('&', $given['form']));
        $arguments[$at] = [];
        foreach ($fields as $field) {
            $field = \array_map('urldecode', \explode('=', "$field=", 3));
            $arguments[$at][$field[0]] = $field[1];
        }
        // Parameters have each name once. What is signed as a whole is written by http_build_query().
        $isWhole = $method->getName() !== 'signForm' || \http_build_query($arguments[$at]) === $given['form'];
        if ($isWhole && \count($arguments[$at]) === \count($fields)) {
            $this->assertEquals($made, $method->invokeArgs($it, $arguments));
        }
    }

    /** What a class has under another name or in another form, of the parameters of C; null if it has none. */
    private static function spelled(string $name, object|string $it, array $a): ?string
    {
        return match ($name) {
            'imbachat_sign' => $it->sign($a['userId'], $a['expiresAt'], 0),
            'imbachat_seconds_left' => (string) $it::replayId($a['token'], $a['now'], $a['leeway'])->seconds,
            'kayako_spelled' => Native::shortText(Abi::KAYAKO_SPELLED, $a['signature']) ?? 'MALFORMED',
            'kommo_sign_lines' => self::lines($it->sign($a['method'], $a['url'], $a['body'], $a['time'])),
            'kommo_url' => (new $it('x'))->request('GET', $a['path'], '', $a['host'])->url,
            'kommo_connect_url' => (new $it('x'))->connect($a['channelId'], 'account', 'title', 'v2', $a['host'])->url,
            'kommo_connect_body' =>
                (new $it('x'))->connect('channel', $a['accountId'], $a['title'], $a['hookApiVersion'])->body,
            'kommo_disconnect_url' => (new $it('x'))->disconnect($a['channelId'], 'account', $a['host'])->url,
            'kommo_disconnect_body' => (new $it('x'))->disconnect('channel', $a['accountId'])->body,
            'mor_refusal' => self::refusal(fn () => (new $it('secret'))->signRequest($a['method'], $a['form'])),
            'retailcrm_edit_url' => $it::edit(new RetailCrmRegistration('key', $a['systemUrl']), $a['code'], [])->url,
            default => null,
        };
    }

    private static function lines(array $headers): string
    {
        unset($headers['Content-Type']);
        return \implode("\n", $headers);
    }

    /** The words of the exception, or nothing if a form is signed. */
    private static function refusal(\Closure $sign): string
    {
        try {
            $sign();
            return '';
        } catch (InvalidArgument $refused) {
            return $refused->getMessage();
        }
    }

    /** The arguments of a method: by their names, a form as its parameters, the rest as headers. */
    private static function arguments(ReflectionMethod $method, array $given): array
    {
        $parameters = \array_column($method->getParameters(), 'name');
        $names = \in_array('form', $parameters, true) ? [] : ['parameters' => 'form'];
        $names += isset($given['now']) ? [] : ['now' => 'time'];
        $arguments = [];
        foreach ($method->getParameters() as $parameter) {
            $source = $names[$parameter->name] ?? $parameter->name;
            if (isset($given[$source])) {
                $arguments[] = self::declared($parameter, $given[$source]);
                unset($given[$source]);
            } elseif ($parameter->name === 'headers') {
                $headers = \array_intersect_key($given, self::HEADERS);
                $given = \array_diff_key($given, self::HEADERS);
                $headers = \array_combine(\array_intersect_key(self::HEADERS, $headers), $headers);
                // As frameworks give them.
                $headers['CONTENT-TYPE'] = [$headers['CONTENT-TYPE']];
                $arguments[] = $headers;
            } else {
                $arguments[] = $parameter->getDefaultValue();
            }
        }
        self::assertSame([], $given, $method->getName() . ' takes all');
        return $arguments;
    }

    /** A value in the form that a method's parameter takes. */
    private static function declared(ReflectionParameter $parameter, mixed $value): mixed
    {
        if ((string) $parameter->getType() === 'array') {
            return $value === '' ? [] : \explode(',', $value);
        }
        return (string) $parameter->getType() === 'bool' ? (bool) $value : $value;
    }

    /** The parameters of C, by their names in PHP. */
    private static function given(string $name, array $columns): array
    {
        $taken = Calls::ofTheHeader()->taken($name);
        $columns = \array_slice($columns, Calls::ofTheHeader()->count($name) - \count($taken), \count($taken));
        $given = [];
        foreach ($taken as $parameter => $kind) {
            $column = \array_shift($columns);
            $given[self::camel($parameter)] = $kind === 'const char *' ? $column : (int) $column;
        }
        return $given;
    }

    /** What a method returns, as the last column of a vector has it. */
    private static function words(mixed $made): string
    {
        return match (true) {
            $made instanceof Diagnosis =>
                $made->mistake !== null ? self::nameOf($made->mistake) : ($made->isValid ? '0' : 'MISMATCH'),
            $made instanceof Response => $made->body,
            // The raw fields beside it are not C's.
            \is_object($made) => \implode("\n", \array_map(self::part(...), \array_diff_key((array) $made, ['raw' => 0]))),
            \is_array($made) && !\array_is_list($made) => \end($made),
            \is_array($made) => \implode(' ', $made),
            default => (string) $made,
        };
    }

    private static function part(mixed $part): string
    {
        return \is_array($part) ? \implode(',', $part) : (\is_bool($part) ? ['false', 'true'][$part] : $part);
    }

    private static function camel(string $name): string
    {
        return \lcfirst(\str_replace('_', '', \ucwords($name, '_')));
    }

    /** The status or mistake as the vectors and C call it. */
    private static function nameOf(Status|Mistake $case): string
    {
        return \strtoupper(\preg_replace('/(?<=[a-z0-9])(?=[A-Z])/', '_', $case->name));
    }
}
