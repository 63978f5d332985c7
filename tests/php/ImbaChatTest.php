<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Exception;
use Apisig\ImbaChat;
use Apisig\ImbaChatUser;
use Apisig\InvalidArgument;
use Apisig\Mistake;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\TestCase;

/**
 * What a site answers ImbaChat with, and how PHP hands over a request.
 */
final class ImbaChatTest extends TestCase
{
    private const RIGHT = 'Basic cm9vdDphYmM=';

    /** @dataProvider servers */
    public function testARequestIsCheckedAsPhpHandsItOver(bool $expected, array $server): void
    {
        $this->assertSame($expected, ImbaChat::verifyRequest('root', 'abc', $server));
    }

    public static function servers(): array
    {
        $wrong = 'Basic cm9vdDphYmQ=';
        return [
            'decoded by PHP' => [true, ['PHP_AUTH_USER' => 'root', 'PHP_AUTH_PW' => 'abc']],
            'decoded, in upper case' => [true, ['PHP_AUTH_USER' => 'ROOT', 'PHP_AUTH_PW' => 'abc']],
            'decoded, wrong' => [false, ['PHP_AUTH_USER' => 'root', 'PHP_AUTH_PW' => 'abd']],
            'decoded, without a password' => [false, ['PHP_AUTH_USER' => 'root']],
            'a password alone' => [false, ['PHP_AUTH_PW' => 'abc']],
            'CGI' => [true, ['HTTP_AUTHORIZATION' => self::RIGHT]],
            'CGI, wrong' => [false, ['HTTP_AUTHORIZATION' => $wrong]],
            'CGI behind a rewrite rule' => [true, ['REDIRECT_HTTP_AUTHORIZATION' => self::RIGHT]],
            'CGI behind a rewrite rule, wrong' => [false, ['REDIRECT_HTTP_AUTHORIZATION' => $wrong]],
            'what PHP decoded comes first' => [
                false,
                ['PHP_AUTH_USER' => 'root', 'PHP_AUTH_PW' => 'abd', 'HTTP_AUTHORIZATION' => self::RIGHT],
            ],
            'the header comes before its copy' => [
                false,
                ['HTTP_AUTHORIZATION' => $wrong, 'REDIRECT_HTTP_AUTHORIZATION' => self::RIGHT],
            ],
            'another scheme' => [false, ['HTTP_AUTHORIZATION' => 'Digest username="root"']],
            'a header of another name' => [false, ['HTTP_PHP_AUTH_USER' => 'root', 'HTTP_PHP_AUTH_PW' => 'abc']],
            'nothing' => [false, []],
        ];
    }

    public function testAHeaderThatWasNotSentIsRefused(): void
    {
        $this->assertTrue(ImbaChat::verifyAuthorization('root', 'abc', self::RIGHT));
        $this->assertFalse(ImbaChat::verifyAuthorization('root', 'abc', null));
    }

    public function testAnEmptyLoginOfOnesOwnIsAMistakeWhateverIsPresented(): void
    {
        $servers = [[], ['HTTP_AUTHORIZATION' => 'x'], ['PHP_AUTH_USER' => '', 'PHP_AUTH_PW' => '']];
        foreach ($servers as $server) {
            foreach ([['', 'abc'], ['root', '']] as [$login, $password]) {
                try {
                    ImbaChat::verifyRequest($login, $password, $server);
                    $this->fail('not refused');
                } catch (InvalidArgument $exception) {
                    $this->assertSame(Status::Argument, $exception->status);
                }
            }
        }
    }

    public function testPasswordAndTokenAreInNoTrace(): void
    {
        \ini_set('zend.exception_ignore_args', '0');
        $secret = 'a-very-secret-secret';
        $calls = [
            fn () => ImbaChat::verifyAuthorization('', $secret, $secret),
            fn () => ImbaChat::verifyRequest('', $secret, ['HTTP_AUTHORIZATION' => $secret]),
            fn () => ImbaChat::widget('', 1, $secret),
            fn () => ImbaChat::diagnose($secret, $secret, 0, -1),
            fn () => ImbaChat::explain($secret, $secret, \PHP_INT_MAX),
        ];
        foreach ($calls as $call) {
            try {
                $call();
                $this->fail('not refused');
            } catch (InvalidArgument $exception) {
                $this->assertStringNotContainsString($secret, $exception->getMessage());
                if (\PHP_VERSION_ID >= 80200) {
                    $isOurs = fn (array $frame) => \preg_match('/^Apisig\\\\\w+$/', $frame['class'] ?? '') === 1;
                    $shown = \print_r(\array_column(\array_filter($exception->getTrace(), $isOurs), 'args'), true);
                    $this->assertStringContainsString('SensitiveParameterValue', $shown);
                    $this->assertStringNotContainsString($secret, $shown);
                }
            }
        }
    }

    /** @dataProvider homemadeTokens */
    public function testAMistakeIsNamed(?Mistake $mistake, string $token): void
    {
        $diagnosis = ImbaChat::diagnose('Secret key', $token, devId: '15');
        $this->assertSame($mistake, $diagnosis->mistake);
        $this->assertSame($mistake === null, $diagnosis->holds);
        $this->assertSame($diagnosis->holds, (new ImbaChat('Secret key'))->verify($token));
    }

    /** What people write instead of the page's getJWT(). */
    public static function homemadeTokens(): array
    {
        $header = '{"typ":"JWT","alg":"HS256"}';
        // Its base64 is padded.
        $claims = \json_encode(['exp' => \time() + 3600, 'user_id' => 42]);
        $url = fn (string $bytes) => \rtrim(\strtr(\base64_encode($bytes), '+/', '-_'), '=');
        $parts = $url($header) . '.' . $url($claims);
        $mac = fn (string $message, string $key = 'Secret key', bool $raw = true) =>
            \hash_hmac('sha256', $message, $key, $raw);
        $padded = \base64_encode($header) . '.' . \base64_encode($claims);
        $late = $url($header) . '.' . $url(\json_encode(['exp' => \time(), 'user_id' => 42]));
        $text = $url($header) . '.' . $url(\json_encode(['exp' => \time() + 3600, 'user_id' => '42']));
        return [
            'as on the page' => [null, "$parts." . $url($mac($parts))],
            'hash_hmac() without true' => [Mistake::Hex, "$parts." . $mac($parts, raw: false)],
            'and that in base64' => [Mistake::Base64OfHex, "$parts." . $url($mac($parts, raw: false))],
            'padded' => [Mistake::TokenPadding, "$padded." . $url($mac($padded))],
            'the older key' => [Mistake::SecretDevId, "$parts." . $url($mac($parts, 'Secret key15'))],
            'arguments swapped' => [Mistake::SecretSwapped, "$parts." . $url($mac('Secret key', $parts))],
            'hash()' => [Mistake::PlainHash, "$parts." . $url(\hash('sha256', $parts . 'Secret key', true))],
            'JSON signed' => [Mistake::TokenParts, "$parts." . $url($mac("$header.$claims"))],
            'claims signed' => [Mistake::TokenParts, "$parts." . $url($mac($claims))],
            'no signature' => [Mistake::TokenAlgorithm, $url('{"typ":"JWT","alg":"none"}') . '.' . $url($claims) . '.'],
            'late' => [Mistake::TokenExpired, "$late." . $url($mac($late))],
            'a text' => [Mistake::UserIdText, "$text." . $url($mac($text))],
            'echoed with a line feed' => [Mistake::SignatureNewline, "$parts." . $url($mac($parts)) . "\n"],
        ];
    }

    public function testADiagnosisCanBeAttachedToAFailedCheck(): void
    {
        $token = (new ImbaChat("Secret key\n"))->sign(42);
        try {
            (new ImbaChat('Secret key'))->check($token);
            $this->fail('accepted');
        } catch (VerificationFailed $failed) {
            $this->assertSame(Status::Mismatch, $failed->status);
            $failed->diagnosis = ImbaChat::diagnose('Secret key', $token);
            $this->assertSame(Mistake::SecretNewline, $failed->diagnosis->mistake);
        }
    }

    public function testWhatIsNoTokenCannotBeDiagnosed(): void
    {
        foreach ([null, '', 'x', 'a.b', 'a.b.c.d'] as $token) {
            foreach ([ImbaChat::diagnose(...), ImbaChat::explain(...)] as $verb) {
                try {
                    $verb('Secret key', $token);
                    $this->fail('read');
                } catch (Exception $exception) {
                    $this->assertSame(Status::Malformed, $exception->status);
                }
            }
        }
    }

    public function testAnExplanationCountsFromTheClockAndShowsNoSecret(): void
    {
        $token = (new ImbaChat('Secret key'))->sign(42, 1000);
        $explanation = ImbaChat::explain('Secret key', $token);
        $this->assertMatchesRegularExpression('/^expires: \d+ \(.*\), in (1000|999) seconds$/m', $explanation);
        $this->assertStringContainsString("\nequal: yes\n", $explanation);
        $this->assertStringNotContainsString('Secret key', $explanation);
        $long = ImbaChat::explain('Secret key', \str_repeat('x', 4000) . '.b.c');
        $this->assertStringContainsString("\nsigned length: 4002 bytes\n", $long);
    }

    public function testTheAnswerToTheUnauthorized(): void
    {
        $response = ImbaChat::unauthorized();
        $this->assertSame(401, $response->status);
        $headers = ['WWW-Authenticate' => 'Basic realm="Backend"', 'Content-Type' => 'application/json'];
        $this->assertSame($headers, $response->headers);
        $expected = ['code' => 401, 'version' => 1, 'error' => 'Authenticate required!', 'debug' => ''];
        $this->assertSame(\json_encode($expected), $response->body);
    }

    public function testUserIds(): void
    {
        $this->assertSame([1, 2, \PHP_INT_MAX], ImbaChat::userIds('1,2,' . \PHP_INT_MAX));
        $this->assertSame([], ImbaChat::userIds(null));
        $this->assertSame([], ImbaChat::userIds(''));
        $this->assertSame(\range(1, 1000), ImbaChat::userIds(\implode(',', \range(1, 1000))));
        $malformed = ['P11-A', '0', \implode(',', \range(1, 1001)), [], ['1'], ['1' => ['2']]];
        foreach ($malformed as $parameter) {
            try {
                ImbaChat::userIds($parameter);
                $this->fail('accepted');
            } catch (VerificationFailed $exception) {
                $this->assertSame(Status::Malformed, $exception->status);
            }
        }
    }

    /** Of the same data, Python makes the same bytes: those of the file. */
    public function testUsers(): void
    {
        $expected = \rtrim(\file_get_contents(__DIR__ . '/../vectors/imbachat_users.json'), "\n");
        $response = ImbaChat::users(\array_map([self::class, 'user'], \json_decode($expected, true)));
        $this->assertSame(200, $response->status);
        $this->assertSame(['Content-Type' => 'application/json'], $response->headers);
        $this->assertSame($expected, $response->body);
    }

    private static function user(array $fields): ImbaChatUser
    {
        return new ImbaChatUser(
            $fields['user_id'],
            $fields['name'],
            $fields['avatar_url'] ?? null,
            $fields['profile_url'] ?? null,
            $fields['lastlogin'] ?? null,
            $fields['badge'] ?? null,
            \array_map([self::class, 'user'], $fields['profiles'] ?? [])
        );
    }

    public function testTheAnswerIsAlwaysAnArray(): void
    {
        $this->assertSame('[]', ImbaChat::users([])->body);
        $one = '[{"user_id":6,"name":"John"}]';
        $this->assertSame($one, ImbaChat::users([new ImbaChatUser(6, 'John')])->body);
        $this->assertSame($one, ImbaChat::users([7 => new ImbaChatUser(6, 'John')])->body);
        $this->expectException(\TypeError::class);
        ImbaChat::users([['user_id' => 6, 'name' => 'John']]);
    }

    /** @dataProvider fieldsThatAreRefused */
    public function testAFieldIsRefusedByItsName(string $name, array $fields): void
    {
        try {
            new ImbaChatUser(...$fields + ['userId' => 6, 'name' => 'John']);
            $this->fail('accepted');
        } catch (InvalidArgument $exception) {
            $this->assertSame($name, \strtok($exception->getMessage(), ' '));
            $this->assertSame(Status::Argument, $exception->status);
        }
    }

    public static function fieldsThatAreRefused(): iterable
    {
        $john = new ImbaChatUser(6, 'John');
        $profiled = new ImbaChatUser(6, 'John', profiles: [11 => $john]);
        $urls = ['', 'javascript:alert(1)', '//x', '/x', 'x', 'ftp://x', 'http:x', 'https://', "https://a\n", 'https://a b',
            ' https://a', "https://\xff", "http\u{17f}://a", "https://a\x7f"];
        $values = [
            'user_id' => ['userId' => [0, -1, '', "a\n", "\0", "\xff"]],
            'name' => ['name' => ['', "\xff", "a\xc3"]],
            'avatar_url' => ['avatarUrl' => $urls],
            'profile_url' => ['profileUrl' => $urls],
            'lastlogin' => ['lastlogin' => [-1, \PHP_INT_MIN]],
            'badge' => ['badge' => ["\xff"]],
            'profiles' => ['profiles' => [
                ['' => $john], ["\0a" => $john], ["\xff" => $john], [11 => $profiled], [11 => null], [11 => ['name' => 'John']],
                [11 => $john, 12 => 1],
            ]],
        ];
        foreach ($values as $name => $field) {
            foreach (\current($field) as $i => $value) {
                yield "$name $i" => [$name, [\key($field) => $value]];
            }
        }
    }

    public function testAWidgetOfAnyLength(): void
    {
        foreach ([1, 700, 800, 5000] as $length) {
            $token = \str_repeat('<', $length);
            $quoted = '"' . \str_repeat('\u003c', $length) . '"';
            $this->assertStringContainsString($quoted, ImbaChat::widget('15', 1, $token));
        }
    }

    public function testALiteralIsNeverTakenForAListOfIds(): void
    {
        $library = \Apisig\Native::library('imbachat');
        $this->expectException(\FFI\Exception::class);
        $library->apisig_imbachat_user_ids('1', 1, 'xxxxxxxx', 1);
    }
}
