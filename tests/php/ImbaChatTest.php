<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\ImbaChat;
use Apisig\ImbaChatUser;
use Apisig\InvalidArgument;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

/**
 * What a site answers ImbaChat with, and how PHP hands over a request.
 */
final class ImbaChatTest extends TestCase
{
    /** @dataProvider servers */
    #[DataProvider('servers')]
    public function testARequestIsCheckedAsPhpHandsItOver(bool $expected, array $server): void
    {
        $this->assertSame($expected, ImbaChat::verifyRequest('root', 'abc', $server));
        thrown(InvalidArgument::class, fn () => ImbaChat::verifyRequest('', 'abc', $server));
    }

    public static function servers(): array
    {
        [$right, $wrong] = ['Basic cm9vdDphYmM=', 'Basic cm9vdDphYmQ='];
        $decoded = ['PHP_AUTH_USER' => 'root', 'PHP_AUTH_PW' => 'abc'];
        return [
            'decoded by PHP' => [true, $decoded],
            'decoded, wrong' => [false, ['PHP_AUTH_PW' => 'abd'] + $decoded],
            'decoded, without a password' => [false, ['PHP_AUTH_USER' => 'root']],
            'a password alone' => [false, ['PHP_AUTH_PW' => 'abc']],
            'CGI' => [true, ['HTTP_AUTHORIZATION' => $right]],
            'CGI, wrong' => [false, ['HTTP_AUTHORIZATION' => $wrong]],
            'CGI behind a rewrite rule' => [true, ['REDIRECT_HTTP_AUTHORIZATION' => $right]],
            'what PHP decoded comes first' => [false, ['PHP_AUTH_PW' => 'x', 'HTTP_AUTHORIZATION' => $right] + $decoded],
            'the header comes before its copy' => [
                false,
                ['HTTP_AUTHORIZATION' => $wrong, 'REDIRECT_HTTP_AUTHORIZATION' => $right],
            ],
            'a header of another name' => [false, ['HTTP_PHP_AUTH_USER' => 'root', 'HTTP_PHP_AUTH_PW' => 'abc']],
            'nothing' => [false, []],
        ];
    }

    public function testTheAnswerToTheUnauthorized(): void
    {
        $response = ImbaChat::unauthorized();
        $headers = ['WWW-Authenticate' => 'Basic realm="Backend"', 'Content-Type' => 'application/json'];
        $this->assertSame([401, $headers], [$response->status, $response->headers]);
        $expected = ['code' => 401, 'version' => 1, 'error' => 'Authenticate required!', 'debug' => ''];
        $this->assertSame(\json_encode($expected), $response->body);
    }

    public function testUserIds(): void
    {
        $this->assertSame([], ImbaChat::userIds(null));
        $this->assertSame([42], ImbaChat::userIds(42));
        $this->assertSame(\range(1, 1000), ImbaChat::userIds(\implode(',', \range(1, 1000))));
        foreach ([\implode(',', \range(1, 1001)), [], ['1'], ['1' => ['2']], true] as $parameter) {
            $failed = thrown(VerificationFailed::class, fn () => ImbaChat::userIds($parameter));
            $this->assertSame(Status::Malformed, $failed->status);
        }
    }

    /** Of the same data, Python makes the same bytes: those of the file. */
    public function testUsers(): void
    {
        $expected = \rtrim(\file_get_contents(__DIR__ . '/../vectors/imbachat_users.json'), "\n");
        $response = ImbaChat::users(\array_map([self::class, 'user'], \json_decode($expected, true)));
        $this->assertSame([200, ['Content-Type' => 'application/json']], [$response->status, $response->headers]);
        $this->assertSame($expected, $response->body);
        $this->assertSame('[]', ImbaChat::users([])->body);
        $one = '[{"user_id":6,"name":"John"}]';
        $this->assertSame($one, ImbaChat::users([7 => new ImbaChatUser(6, 'John')])->body, 'always an array');
        thrown(\TypeError::class, fn () => ImbaChat::users([['user_id' => 6, 'name' => 'John']]));
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

    public function testAFieldIsRefusedByItsName(): void
    {
        $john = new ImbaChatUser(6, 'John');
        $profiled = new ImbaChatUser(6, 'John', profiles: [11 => $john]);
        $urls = ['', 'javascript:alert(1)', '//x', '/x', 'x', 'ftp://x', 'http:x', 'https://', "https://a\n", 'https://a b',
            ' https://a', "https://\xff", "http\u{17f}://a", "https://a\x7f"];
        $refused = [
            'user_id' => ['userId', 0, -1, '', "a\n", "\0", "\xff"],
            'name' => ['name', '', "\xff", "a\xc3"],
            'avatar_url' => ['avatarUrl', ...$urls],
            'profile_url' => ['profileUrl', ...$urls],
            'lastlogin' => ['lastlogin', -1, \PHP_INT_MIN],
            'badge' => ['badge', "\xff"],
            'profiles' => ['profiles', ['' => $john], ["\0a" => $john], ["\xff" => $john], [11 => $profiled], [11 => null],
                [11 => ['name' => 'John']], [11 => $john, 12 => 1]],
        ];
        foreach ($refused as $name => $values) {
            $parameter = \array_shift($values);
            foreach ($values as $value) {
                $fields = [$parameter => $value] + ['userId' => 6, 'name' => 'John'];
                $refusal = thrown(InvalidArgument::class, fn () => new ImbaChatUser(...$fields));
                $this->assertSame($name, \strtok($refusal->getMessage(), ' '));
            }
        }
    }
}
