<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\InvalidArgument;
use Apisig\Kayako;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/../packages/examples/kayako_vendor.php';

/**
 * Kayako's requests, read by PHP and authenticated as the vendor's server does: see tests/packages/examples/kayako_vendor.php.
 */
final class KayakoTest extends TestCase
{
    private const API_KEY = 'f1ac9b8e-0b5a-4c94-8f3a-2f9d1c6b7a10';
    private const SECRET = 'secretkey';
    private const BASE = 'https://help.example.com';

    /** Its signature has + and /. */
    private const SALT = '1234567893';

    private Kayako $kayako;

    protected function setUp(): void
    {
        $this->kayako = new Kayako(self::SECRET);
    }

    public function testASaltIsFreshWhereNoneIsGiven(): void
    {
        $salts = [Kayako::salt()];
        foreach (\range(1, 10) as $ignored) {
            \parse_str($this->kayako->encodedParameters('k'), $encoded);
            \parse_str($this->kayako->request('POST', self::BASE, '/x', 'k')->body, $request);
            \array_push($salts, $this->kayako->parameters('k')['salt'], $encoded['salt'], $request['salt']);
        }
        $this->assertCount(31, \array_unique($salts));
        $this->assertCount(31, \preg_grep('/^[0-9a-f]{32}$/D', $salts));
    }

    /** @dataProvider methods */
    #[DataProvider('methods')]
    public function testTheParametersAreWhereTheServerReadsThem(string $method, bool $inQuery, bool $inBody): void
    {
        $fields = ['fullname' => 'Zoë & Co = 100%', 'email' => ['a+b@example.com', 'c@example.com'], 'x' => ['y' => [1]]];
        foreach (['e=' => false, '' => true] as $start => $standardUrl) {
            $arguments = [self::BASE . '/api/', '/Base/User/1', self::API_KEY, $fields, $standardUrl];
            $request = $this->kayako->request(\strtolower($method), ...$arguments);
            $this->assertSame($method, $request->method);
            $type = $inBody ? ['Content-Type' => 'application/x-www-form-urlencoded'] : [];
            $this->assertSame($type, $request->headers);
            $start = self::BASE . "/api/index.php?$start/Base/User/1";
            $this->assertStringStartsWith($start, $request->url);
            $this->assertSame($inQuery, $start !== $request->url);

            \parse_str((string) \parse_url($request->url, \PHP_URL_QUERY), $get);
            \parse_str($request->body, $body);
            $post = $method === 'POST' ? $body : [];
            $variables = kayakoVariables($method, $type['Content-Type'] ?? '', $get, $post, $request->body);
            foreach ([[$inQuery, $get], [$inBody, $body], [true, $variables]] as [$is, $read]) {
                $refusal = $is ? null : 'NO SALT PROVIDED!';
                $this->assertSame($refusal, kayakoRefusal($read, self::API_KEY, self::SECRET));
            }
            $this->assertEquals($fields, \array_intersect_key($inBody ? $body : $get, $fields));
        }
    }

    public static function methods(): array
    {
        return [['GET', true, false], ['DELETE', true, false], ['POST', false, true], ['PUT', true, true]];
    }

    public function testARequestIsWrittenToTheByteWhateverTheSettingsOfPhp(): void
    {
        $fields = ['a b' => '~*é', 'list' => ['x', null, true, false, ['k]' => -1]], 'none' => null, 'empty' => []];
        $before = \ini_set('arg_separator.output', '&amp;');
        $request = $this->kayako->request('PUT', self::BASE, '/a b', 'key', $fields, true, self::SALT);
        \ini_set('arg_separator.output', $before);
        $parameters = 'apikey=key&salt=1234567893&signature=AshsNpYwoa7aQ15r3dcJM%2FTTr%2Bqlceu1FUTxqghU%2FX8%3D';
        $this->assertSame("https://help.example.com/api/index.php?/a%20b&$parameters", $request->url);
        $written = 'a+b=%7E%2A%C3%A9&list%5B0%5D=x&list%5B2%5D=1&list%5B3%5D=0&list%5B4%5D%5Bk%5D%5D=-1';
        $this->assertSame("$written&$parameters", $request->body);
    }

    public function testAFieldCannotTakeTheRequestsOwnNames(): void
    {
        foreach ([['e' => '/y'], [' salt' => 'x'], ["apikey\0" => 'x'], ['signature' => ['x']]] as $fields) {
            $request = fn () => $this->kayako->request('GET', self::BASE, '/x', 'k', $fields);
            thrown(InvalidArgument::class, $request);
        }
        $allowed = ['staffsignature' => '1', 'Salt' => '2', 'x' => ['salt' => '3'], 'email' => '4', '5'];
        \parse_str($this->kayako->request('POST', self::BASE, '/x', self::API_KEY, $allowed)->body, $read);
        $this->assertSame($allowed, \array_intersect_key($read, $allowed));
        foreach (['PATCH', 'HEAD', '', "GET\n", 'GET '] as $method) {
            thrown(InvalidArgument::class, fn () => $this->kayako->request($method, self::BASE, '/x', 'k'));
        }
    }

    public function testWhatPhpHasReadIsCheckedToo(): void
    {
        $parameters = $this->kayako->parameters(self::API_KEY, self::SALT);
        $this->assertNull($this->why($parameters + ['x' => \str_repeat('y', 99)]));
        $this->assertNull($this->why(['signature' => \str_replace('+', ' ', $parameters['signature'])] + $parameters));
        $this->assertNull($this->why(['salt' => (int) self::SALT] + $parameters));
        foreach ([null, '', '0', 0, false, [self::SALT]] as $salt) {
            $this->assertSame(Status::Malformed, $this->why(['salt' => $salt] + $parameters));
        }
        foreach ([null, '', []] as $form) {
            $this->assertSame(Status::Malformed, $this->why($form));
        }
        $multipart = '';
        foreach ($parameters as $name => $value) {
            $multipart .= "--b\r\nContent-Disposition: form-data; name=\"$name\"\r\n\r\n$value\r\n";
        }
        $this->assertSame(Status::Malformed, $this->why("$multipart--b--\r\n"));
    }

    /** Why the check fails; null if it does not. */
    private function why(string|array|null $form): ?Status
    {
        $isRight = $this->kayako->verifyRequest(self::API_KEY, $form);
        try {
            $this->assertSame([0, true], [$this->kayako->checkRequest(self::API_KEY, $form), $isRight]);
            return null;
        } catch (VerificationFailed $exception) {
            $this->assertFalse($isRight);
            return $exception->status;
        }
    }
}
