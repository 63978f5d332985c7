<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\InvalidArgument;
use Apisig\Kayako;
use Apisig\Request;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/../examples/kayako_vendor.php';

/**
 * Kayako's requests, read by PHP and authenticated as the vendor's server does: see tests/examples/kayako_vendor.php.
 */
final class KayakoTest extends TestCase
{
    private const API_KEY = 'f1ac9b8e-0b5a-4c94-8f3a-2f9d1c6b7a10';
    private const SECRET = 'secretkey';
    private const BASE = 'https://help.example.com';

    /** The signature of this salt holds + and /. */
    private const SALT = '1234567893';

    private Kayako $kayako;

    protected function setUp(): void
    {
        $this->kayako = new Kayako(self::SECRET);
    }

    public function testRawParametersAreForWhatEncodes(): void
    {
        $parameters = $this->kayako->parameters(self::API_KEY, self::SALT);
        $signature = \base64_encode(\hash_hmac('sha256', self::SALT, self::SECRET, true));
        $this->assertSame(
            ['apikey' => self::API_KEY, 'salt' => self::SALT, 'signature' => $signature],
            $parameters
        );
        $query = \http_build_query($parameters);
        $this->assertSame($this->kayako->encodedParameters(self::API_KEY, self::SALT), $query);
        $this->assertNull($this->refusal($query));
        $this->assertTrue($this->kayako->verifyRequest(self::API_KEY, $query));
    }

    public function testEncodedTwiceIsRefusedByTheServer(): void
    {
        $parameters = $this->kayako->parameters(self::API_KEY, self::SALT);
        $twice = \http_build_query(['signature' => \urlencode($parameters['signature'])] + $parameters);
        $this->assertStringContainsString('%252B', $twice);
        $this->assertSame('FAILED TO AUTHENTICATE', $this->refusal($twice));
        $this->assertSame(Status::Mismatch, $this->why($twice));
    }

    public function testAPlusThatNobodyEncodedIsForgivenInTheSignatureAlone(): void
    {
        $once = $this->kayako->encodedParameters(self::API_KEY, self::SALT);
        $lost = \str_replace('%2B', '+', $once);
        $this->assertNotSame($once, $lost);
        $this->assertNull($this->refusal($lost));
        $this->assertSame(0, $this->kayako->checkRequest(self::API_KEY, $lost));

        $lost = \str_replace('a%2Bb', 'a+b', $this->kayako->encodedParameters(self::API_KEY, 'a+b'));
        $this->assertSame('FAILED TO AUTHENTICATE', $this->refusal($lost));
        $this->assertSame(Status::Mismatch, $this->why($lost));
    }

    public function testASaltIsFreshWhereNoneIsGiven(): void
    {
        $salts = [];
        for ($i = 0; $i < 10; $i++) {
            $salts[] = $this->kayako->parameters(self::API_KEY)['salt'];
            \parse_str($this->kayako->encodedParameters(self::API_KEY), $read);
            $salts[] = $read['salt'];
            \parse_str($this->kayako->request('POST', self::BASE, '/x', self::API_KEY)->body, $read);
            $salts[] = $read['salt'];
        }
        $this->assertCount(30, \array_unique($salts));
        $this->assertCount(30, \preg_grep('/^[0-9a-f]{32}$/', $salts));
    }

    public function testAThousandParametersAreAsPhpEncodesThem(): void
    {
        for ($i = 0; $i < 1000; $i++) {
            $secret = bytes(1, 100);
            $apiKey = 'k' . bytes(0, 40) . 'k';
            $salt = 's' . bytes(0, $i === 0 ? 9999 : 40);
            $kayako = new Kayako($secret);
            $signature = \base64_encode(\hash_hmac('sha256', $salt, $secret, true));
            $parameters = ['apikey' => $apiKey, 'salt' => $salt, 'signature' => $signature];
            $this->assertSame($parameters, $kayako->parameters($apiKey, $salt));
            $form = \http_build_query($parameters);
            $this->assertSame($form, $kayako->encodedParameters($apiKey, $salt));
            \parse_str($form, $read);
            $this->assertNull(kayakoRefusal($read, $apiKey, $secret));
            $this->assertTrue($kayako->verifyRequest($apiKey, $form));
            $this->assertTrue($kayako->verifyRequest($apiKey, $parameters));
        }
    }

    /**
     * Whatever is changed in a request, the check holds only where the server lets it in; and where it alone refuses, a name
     * is there twice, or as only PHP reads it.
     */
    public function testAChangedRequestIsJudgedAsByTheServer(): void
    {
        $whole = $this->kayako->encodedParameters(self::API_KEY, self::SALT) . '&e=/x';
        $odd = ['+', '%20', '%0A', '%00', '%2B', '=', '&', '[', ']', '.', 'x', '&salt', '&signature=', '%', "\xff"];
        $held = 0;
        foreach (\range(0, \strlen($whole)) as $at) {
            foreach ($odd as $piece) {
                foreach ([0, 1] as $replaced) {
                    $changed = \substr_replace($whole, $piece, $at, $replaced);
                    $refusal = $this->refusal($changed);
                    $holds = $this->kayako->verifyRequest(self::API_KEY, $changed);
                    $held += (int) $holds;
                    $this->assertTrue(!$holds || $refusal === null, \rawurlencode($changed));
                    if (!$holds && $refusal === null) {
                        $this->assertSame(Status::Malformed, $this->why($changed));
                        $names = \array_map(fn ($field) => \urldecode(\explode('=', $field)[0]), \explode('&', $changed));
                        $own = \preg_grep('/^ *(apikey|salt|signature)(\0|\[|$)/D', $names);
                        $this->assertNotSame(['apikey', 'salt', 'signature'], \array_values($own));
                    } elseif (!$holds) {
                        $expected = $this->why($changed) === Status::Mismatch
                            ? ['FAILED TO AUTHENTICATE']
                            : ['NO SALT PROVIDED!', 'FAILED TO AUTHENTICATE'];
                        $this->assertContains($refusal, $expected, \rawurlencode($changed));
                    }
                }
            }
        }
        $this->assertGreaterThan(50, $held);
    }

    /** @dataProvider methods */
    public function testTheParametersAreWhereTheServerReadsThem(string $method, bool $inQuery, bool $inBody): void
    {
        $fields = ['fullname' => 'Zoë & Co = 100%', 'email' => ['a+b@example.com', 'c@example.com'], 'x' => ['y' => [1]]];
        foreach ([false, true] as $standardUrl) {
            $request = $this->kayako->request(
                \strtolower($method),
                self::BASE . '/api/',
                '/Base/User/1',
                self::API_KEY,
                $fields,
                $standardUrl
            );
            $this->assertSame($method, $request->method);
            $this->assertSame(
                $inBody ? ['Content-Type' => 'application/x-www-form-urlencoded'] : [],
                $request->headers
            );
            $start = self::BASE . '/api/index.php?' . ($standardUrl ? '' : 'e=') . '/Base/User/1';
            $this->assertStringStartsWith($start . ($inQuery ? '&apikey=' : ''), $request->url);
            $this->assertSame($inQuery, $start !== $request->url);

            [$get, $body] = self::read($request);
            foreach ([[$inQuery, $get], [$inBody, $body]] as [$there, $variables]) {
                $this->assertSame($there ? null : 'NO SALT PROVIDED!', kayakoRefusal($variables, self::API_KEY, self::SECRET));
            }
            $post = $method === 'POST' ? $body : [];
            $variables = kayakoVariables($method, $request->headers['Content-Type'] ?? '', $get, $post, $request->body);
            $this->assertNull(kayakoRefusal($variables, self::API_KEY, self::SECRET));
            $read = $inBody ? $body : $get;
            $this->assertEquals($fields, \array_intersect_key($read, $fields));
        }
    }

    public static function methods(): array
    {
        return [
            'GET' => ['GET', true, false],
            'DELETE' => ['DELETE', true, false],
            'POST' => ['POST', false, true],
            'PUT' => ['PUT', true, true],
        ];
    }

    public function testARequestIsWrittenToTheByte(): void
    {
        $fields = ['a b' => '~*é', 'list' => ['x', null, true, false, ['k]' => -1]], 'none' => null, 'empty' => []];
        $request = $this->kayako->request('PUT', self::BASE, '/a b', 'key', $fields, true, self::SALT);
        $parameters = 'apikey=key&salt=1234567893&signature=AshsNpYwoa7aQ15r3dcJM%2FTTr%2Bqlceu1FUTxqghU%2FX8%3D';
        $this->assertSame("https://help.example.com/api/index.php?/a%20b&$parameters", $request->url);
        $written = 'a+b=%7E%2A%C3%A9&list%5B0%5D=x&list%5B2%5D=1&list%5B3%5D=0&list%5B4%5D%5Bk%5D%5D=-1';
        $this->assertSame("$parameters&$written", $request->body);

        $request = $this->kayako->request('PUT', self::BASE, '/x', 'key', [], false, self::SALT);
        $this->assertSame("https://help.example.com/api/index.php?e=/x&$parameters", $request->url);
        $this->assertSame($parameters, $request->body);
        $request = $this->kayako->request('POST', self::BASE, '/x', 'key', [], false, self::SALT);
        $this->assertSame('https://help.example.com/api/index.php?e=/x', $request->url);
    }

    public function testTheSettingsOfPhpChangeNothing(): void
    {
        $expected = $this->kayako->request('POST', self::BASE, '/x', 'k', ['a' => 1, 'b' => 2], false, self::SALT);
        $before = \ini_set('arg_separator.output', '&amp;');
        try {
            $this->assertEquals(
                $expected,
                $this->kayako->request('POST', self::BASE, '/x', 'k', ['a' => 1, 'b' => 2], false, self::SALT)
            );
            $this->assertTrue($this->kayako->verifyRequest('k', $this->kayako->parameters('k')));
        } finally {
            \ini_set('arg_separator.output', $before);
        }
    }

    public function testAFieldCannotTakeTheRequestsOwnNames(): void
    {
        foreach (['apikey', 'salt', 'signature', 'e'] as $name) {
            foreach ([$name, " $name", "$name\0x", "{$name}[]"] as $field) {
                foreach (['x', ['x'], null] as $value) {
                    $this->refused(fn () => $this->kayako->request('POST', self::BASE, '/x', 'k', [$field => $value]));
                }
            }
        }
        $allowed = ['staffsignature' => '1', 'Salt' => '2', 'x' => ['salt' => '3'], 'email' => '4', '5'];
        [, $read] = self::read($this->kayako->request('POST', self::BASE, '/x', self::API_KEY, $allowed));
        $this->assertSame($allowed, \array_intersect_key($read, $allowed));
    }

    public function testTheCallersMistakesAreRefused(): void
    {
        foreach (['PATCH', 'HEAD', '', "GET\n", 'GET '] as $method) {
            $this->refused(fn () => $this->kayako->request($method, self::BASE, '/x', 'k'));
        }
        foreach ([['', '1'], [" \n", '1'], ['k', ''], ['k', '0']] as $arguments) {
            $this->refused(fn () => $this->kayako->parameters(...$arguments));
            $this->refused(fn () => $this->kayako->encodedParameters(...$arguments));
        }
        $this->refused(fn () => $this->kayako->request('GET', 'help.example.com', '/x', 'k'));
        $this->refused(fn () => $this->kayako->request('GET', self::BASE, 'x', 'k'));
        $this->refused(fn () => Kayako::url(self::BASE, '/x', 'fullname=a b'));
        $this->refused(fn () => $this->kayako->verifyRequest('', 'apikey=&salt=1'));
        $this->refused(fn () => $this->kayako->checkRequest("\t", 'apikey=&salt=1'));
    }

    public function testWhatWasReadAlreadyIsTakenToo(): void
    {
        $parameters = $this->kayako->parameters(self::API_KEY, self::SALT);
        $this->assertSame(0, $this->kayako->checkRequest(self::API_KEY, $parameters + ['x' => \str_repeat('y', 99)]));
        $lost = \str_replace('+', ' ', $parameters['signature']);
        $this->assertTrue($this->kayako->verifyRequest(self::API_KEY, ['signature' => $lost] + $parameters));
        $this->assertTrue($this->kayako->verifyRequest(self::API_KEY, ['salt' => (int) self::SALT] + $parameters));
        foreach ([null, '', [], ['salt' => null], ['salt' => ''], ['salt' => '0'], ['salt' => 0], ['salt' => false]] as $form) {
            $form = \is_array($form) && $form !== [] ? $form + $parameters : $form;
            $this->assertSame(Status::Malformed, $this->why($form));
        }
        foreach ([[], ['x'], [self::SALT], 1.5, true, new \stdClass(), (object) ['a' => 'b']] as $odd) {
            foreach (['apikey', 'salt', 'signature'] as $name) {
                $this->assertNotNull($this->why([$name => $odd] + $parameters));
            }
        }
        $this->assertSame(Status::Malformed, $this->why(['salt' => [self::SALT]] + $parameters));
    }

    public function testAMultipartBodyIsCheckedAsAMappingOfItsFields(): void
    {
        $parameters = $this->kayako->parameters(self::API_KEY, self::SALT);
        $body = '';
        foreach ($parameters as $name => $value) {
            $body .= "--b\r\nContent-Disposition: form-data; name=\"$name\"\r\n\r\n$value\r\n";
        }
        $this->assertSame(Status::Malformed, $this->why("$body--b--\r\n"));
        $this->assertNull($this->why($parameters));
    }

    public function testAPreviousSecretIsAcceptedAndNotUsed(): void
    {
        $rotating = new Kayako('new', [self::SECRET]);
        $this->assertSame(1, $rotating->checkRequest('k', $this->kayako->encodedParameters('k')));
        $this->assertSame(0, $rotating->checkRequest('k', $rotating->encodedParameters('k')));
        $this->assertFalse($this->kayako->verifyRequest('k', $rotating->encodedParameters('k')));
    }

    public function testCredentialsStayOutOfExceptions(): void
    {
        \ini_set('zend.exception_ignore_args', '0');
        $fields = ['password' => 'a-very-secret-password', 'salt' => 'x'];
        foreach (
            [
                fn () => $this->kayako->request('GET', self::BASE, '/x', self::API_KEY, $fields),
                fn () => $this->kayako->request('GET', self::BASE, 'x', self::API_KEY),
                fn () => $this->kayako->encodedParameters(self::API_KEY, '0'),
                fn () => $this->kayako->checkRequest(self::API_KEY, 'salt=1&apikey=' . self::API_KEY),
            ] as $call
        ) {
            try {
                $call();
                $this->fail('nothing was thrown');
            } catch (InvalidArgument | VerificationFailed $exception) {
                $shown = $exception->getMessage();
                if (\PHP_VERSION_ID >= 80200) {
                    $arguments = \array_column($exception->getTrace(), 'args');
                    $shown .= \json_encode($arguments, \JSON_PARTIAL_OUTPUT_ON_ERROR);
                }
                foreach ([self::API_KEY, self::SECRET, 'a-very-secret-password'] as $credential) {
                    $this->assertStringNotContainsString($credential, $shown);
                }
            }
        }
    }

    /** What the server answers to a query. */
    private function refusal(string $query): ?string
    {
        \parse_str($query, $variables);
        return kayakoRefusal($variables, self::API_KEY, self::SECRET);
    }

    /** Why the check does not hold; null if it does. */
    private function why(string|array|null $form): ?Status
    {
        try {
            $this->kayako->checkRequest(self::API_KEY, $form);
            $this->assertTrue($this->kayako->verifyRequest(self::API_KEY, $form));
            return null;
        } catch (VerificationFailed $exception) {
            $this->assertFalse($this->kayako->verifyRequest(self::API_KEY, $form));
            return $exception->status;
        }
    }

    /** What PHP reads of a request: the query, and the body as a form. */
    private static function read(Request $request): array
    {
        \parse_str((string) \parse_url($request->url, \PHP_URL_QUERY), $get);
        \parse_str($request->body, $body);
        return [$get, $body];
    }

    private function refused(callable $call): void
    {
        try {
            $call();
        } catch (InvalidArgument $exception) {
            $this->assertSame(Status::Argument, $exception->status);
            return;
        }
        $this->fail('it was not refused');
    }
}
