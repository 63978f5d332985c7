<?php

declare(strict_types=1);

namespace Apisig\Tests;

use PHPUnit\Framework\TestCase;

/**
 * The classes need PHP 8.1: nothing that a later PHP brought is in them, and without FFI no extension that a PHP may lack.
 */
final class SyntaxTest extends TestCase
{
    private const SOURCES = __DIR__ . '/../../bindings/php/{preload.php,bin/*,src/*.php,src/*/*.php}';

    /** By name: a pattern for minified code, then examples that it must match. */
    private const LATER = [
        'a readonly class (8.2)' => [
            '/\breadonly class\b|\bfinal readonly\b|\breadonly final\b|\babstract readonly\b/',
            'final readonly class A {}',
        ],
        'null, false or true as a type (8.2)' => [
            '/\):\??(?:null|false|true)(?:\{|=>)|[(,](?:null|false|true) \$|\|true[|{ ]|[:(,]true\|[^|]/',
            'function a(): false {}', 'function a(string|true $b): int {}',
        ],
        'a type in parentheses (8.2)' => ['/\([\w\\\\]+&[\w\\\\]+\)\||\|\([\w\\\\]+&/', 'function a((A&B)|null $b): int {}'],
        'a constant with a type (8.3)' => ['/\bconst \??[\w\\\\|]+ \w+=/', 'class A { private const string B = "x"; }'],
        'a constant fetched by a variable (8.3)' => ['/::\{/', 'echo A::{$name};'],
        'an attribute of a later PHP' => [
            '/#\[\\\\?(?:Override|Deprecated|NoDiscard|AllowDynamicProperties)\b/',
            'class A { #[\Override] function b(): int {} }',
        ],
        'a hook of a property (8.4)' => ['/\$\w+(?:=[^;{]+)?\{(?:get|set|&get)\b/', 'class A { public string $b { get => "x"; } }'],
        'other rights to write (8.4)' => ['/\b(?:private|protected|public)\(set\)/', 'class A { public private(set) string $b; }'],
        'new without parentheses (8.4)' => ['/[;{}(=]new [\w\\\\]+\([^()]*\)->/', '$a = new B(1)->c();'],
        'a pipe (8.5)' => ['/\|>/', '$a |> strlen(...);'],
    ];

    private const FUNCTIONS = ['ini_parse_quantity', 'memory_reset_peak_usage', 'json_validate', 'str_increment', 'str_decrement',
        'array_find', 'array_find_key', 'array_any', 'array_all', 'array_first', 'array_last', 'request_parse_body',
        'openssl_cipher_key_length', 'stream_context_set_options', 'mb_str_pad', 'mb_trim', 'fpow', 'get_error_handler'];

    /** What is in every PHP: those of extensions are for the classes that say so. */
    private const WITHOUT = '/^(?:ctype|mb|iconv|grapheme|gmp|bc|openssl|sodium|filter|token|intl)_/';

    private static function code(string $source): string
    {
        $code = '';
        foreach (\token_get_all($source) as $token) {
            [$kind, $text] = \is_array($token) ? $token : [null, $token];
            $text = match ($kind) {
                \T_COMMENT, \T_DOC_COMMENT, \T_WHITESPACE, \T_INLINE_HTML => '',
                \T_CONSTANT_ENCAPSED_STRING, \T_ENCAPSED_AND_WHITESPACE => "''",
                default => $text,
            };
            $isWord = \preg_match('/\w\z/', $code) === 1 && \preg_match('/^[\w$\\\\]/', $text) === 1;
            $code .= ($isWord ? ' ' : '') . $text;
        }
        return $code;
    }

    public function testNothingLaterThanPhp81IsUsed(): void
    {
        $files = \glob(self::SOURCES, \GLOB_BRACE);
        $this->assertGreaterThan(50, \count($files));
        foreach ($files as $file) {
            $code = self::code((string) \file_get_contents($file));
            foreach (self::LATER as $what => [$pattern]) {
                $this->assertSame(0, \preg_match($pattern, $code, $found), "$file has $what: " . ($found[0] ?? ''));
            }
            \preg_match_all('/(?<![\w:>])\\\\?(\w+)\(/', $code, $called);
            $this->assertSame([], \array_values(\array_intersect($called[1], self::FUNCTIONS)), $file);
            $this->assertSame([], \array_values(\preg_grep(self::WITHOUT, $called[1])), $file);
        }
    }

    public function testWhatIsLaterIsFound(): void
    {
        foreach (self::LATER as $examples) {
            $pattern = \array_shift($examples);
            foreach ($examples as $example) {
                $this->assertSame(1, \preg_match($pattern, self::code("<?php $example")), $example);
            }
        }
    }
}
