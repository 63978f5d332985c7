<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\ImbaChat;
use Apisig\InvalidArgument;
use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\MemoryReplayStore;
use Apisig\Mistake;
use Apisig\Mor;
use Apisig\RetailCrm;
use Apisig\Testing\FakeImbaChat;
use Apisig\Testing\FakeKayako;
use Apisig\Testing\FakeKommo;
use Apisig\Testing\FakeMor;
use Apisig\Testing\FakeRequest;
use Apisig\Testing\FakeRetailCrm;
use Apisig\Testing\FixedClock;
use Apisig\VerificationFailed;
use GuzzleHttp\Psr7\HttpFactory;
use Nyholm\Psr7\Factory\Psr17Factory;
use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use PHPUnit\Framework\TestCase;

/**
 * The kit for users' own tests: its requests are right, or wrong by the mistake that was asked for, in each framework's form.
 */
final class TestingTest extends TestCase
{
    private const SECRET = 'Secret of a Test';
    private const SECRETS = [Mistake::SecretNewline, Mistake::SecretSpace, Mistake::SecretBom, Mistake::SecretCase];

    /** Of each vendor: a request with a mistake or none, whether it is accepted, what is found, and which mistakes there are. */
    private static function vendors(): array
    {
        $kommo = fn (FakeRequest $sent): array => [self::SECRET, $sent->body, $sent->headers['X-Signature']];
        $register = static function (FakeRequest $sent): array {
            \parse_str($sent->body, $form);
            $fields = \json_decode($form['register'], true);
            return [self::SECRET, $fields['apiKey'], $fields['token']];
        };
        $query = static function (string $query): array {
            \parse_str($query, $fields);
            return $fields;
        };
        $get = static fn (FakeRequest $sent): string => (string) \parse_url($sent->url, \PHP_URL_QUERY);
        return [
            'Kommo' => [
                fn (?Mistake $broken) => (new FakeKommo(self::SECRET))->webhook(broken: $broken),
                fn (FakeRequest $sent) => (new Kommo(self::SECRET))->verifyWebhook(...\array_slice($kommo($sent), 1)),
                fn (FakeRequest $sent) => Kommo::diagnoseWebhook(...$kommo($sent))->mistake,
                [...self::SECRETS, Mistake::Base64, Mistake::BodyOther],
            ],
            'ImbaChat' => [
                fn (?Mistake $broken) => (new FakeImbaChat('root', self::SECRET))->users(broken: $broken),
                fn (FakeRequest $sent) => ImbaChat::verifyRequest('root', self::SECRET, $sent->server()),
                fn (FakeRequest $sent) => null,
                self::SECRETS,
            ],
            'RetailCRM' => [
                fn (?Mistake $broken) => (new FakeRetailCrm(self::SECRET))->register(broken: $broken),
                fn (FakeRequest $sent) => (new RetailCrm(self::SECRET))->verify(...\array_slice($register($sent), 1)),
                fn (FakeRequest $sent) => RetailCrm::diagnose(...$register($sent))->mistake,
                [...self::SECRETS, Mistake::SecretSwapped, Mistake::Base64],
            ],
            'Kayako' => [
                fn (?Mistake $broken) => (new FakeKayako(self::SECRET, 'key'))->request(broken: $broken),
                fn (FakeRequest $sent) => (new Kayako(self::SECRET))->verifyRequest('key', $get($sent)),
                static function (FakeRequest $sent) use ($get, $query): ?Mistake {
                    ['salt' => $salt, 'signature' => $signature] = $query($get($sent));
                    return Kayako::diagnose(self::SECRET, 'key', $salt, $signature)->mistake;
                },
                [...self::SECRETS, Mistake::Hex, Mistake::EncodedTwice],
            ],
            'MOR' => [
                fn (?Mistake $broken) => (new FakeMor(self::SECRET))->request(broken: $broken),
                fn (FakeRequest $sent) => (new Mor(self::SECRET))->verifyRequest('user_balance_get', $sent->body),
                static function (FakeRequest $sent) use ($query): ?Mistake {
                    $hash = $query($sent->body)['hash'];
                    return Mor::diagnose(self::SECRET, 'user_balance_get', $sent->body, $hash)->mistake;
                },
                [...self::SECRETS, Mistake::UpperCase],
            ],
        ];
    }

    /** @return iterable<string, array{string}> */
    public static function names(): iterable
    {
        foreach (\array_keys(self::vendors()) as $name) {
            yield $name => [$name];
        }
    }

    /** @dataProvider names */
    #[DataProvider('names')]
    public function testARightRequestIsAcceptedAndEachWrongOneRefused(string $name): void
    {
        [$make, $isAccepted, , $mistakes] = self::vendors()[$name];
        $this->assertTrue($isAccepted($make(null)));
        foreach ($mistakes as $mistake) {
            $this->assertFalse($isAccepted($make($mistake)), $mistake->name);
        }
        $message = thrown(InvalidArgument::class, fn () => $make(Mistake::DateStale))->getMessage();
        $this->assertMatchesRegularExpression('/ mistake DATE_STALE\. Pass one of SECRET_NEWLINE, .*SECRET_CASE/', $message);
        $fake = 'Apisig\Testing\Fake' . (['MOR' => 'Mor', 'RetailCRM' => 'RetailCrm'][$name] ?? $name);
        $this->assertSame($mistakes, $fake::MISTAKES);
    }

    /**
     * @dataProvider names
     * @group native
     */
    #[DataProvider('names')]
    #[Group('native')]
    public function testAWrongRequestHasTheMistakeThatWasAskedFor(string $name): void
    {
        [$make, , $found, $mistakes] = self::vendors()[$name];
        foreach ($name === 'ImbaChat' ? [] : $mistakes as $mistake) {
            // A white space more, which is found by another name.
            $expected = $mistake === Mistake::BodyOther ? Mistake::BodyPretty : $mistake;
            $this->assertSame($expected, $found($make($mistake)));
        }
        $this->assertNull($found($make(null)));
    }

    public function testAMistakeByItsName(): void
    {
        $kommo = new FakeKommo(self::SECRET);
        foreach (['SECRET_NEWLINE', Mistake::SecretNewline] as $broken) {
            $this->assertEquals($kommo->webhook(['a' => 1], Mistake::SecretNewline), $kommo->webhook(['a' => 1], $broken));
        }
        $unknown = thrown(InvalidArgument::class, fn () => $kommo->webhook(broken: 'SecretNewline'));
        $this->assertStringContainsString(' mistake SecretNewline. ', $unknown->getMessage());
        thrown(InvalidArgument::class, fn () => (new FakeKommo('123'))->webhook(broken: 'SECRET_CASE'));
        thrown(InvalidArgument::class, fn () => $kommo->webhook('lead'));
        $this->assertStringNotContainsString(self::SECRET, \print_r($kommo, true) . \var_export((array) $kommo, true));
    }

    public function testEventsAndPayloads(): void
    {
        $kommo = new FakeKommo(self::SECRET);
        foreach (['message' => 'Hello', 'typing' => 'expired_at', 'reaction' => 'emoji'] as $event => $word) {
            $this->assertStringContainsString($word, $kommo->webhook($event)->body);
        }
        $this->assertNotSame($kommo->webhook()->body, $kommo->webhook()->body);
        $own = $kommo->webhook(['text' => 'Zoë/1']);
        $this->assertSame("{\"text\":\"Zoë/1\"}\n", $own->body);
        $this->assertTrue((new Kommo(self::SECRET))->verifyWebhook($own->body, $own->headers['X-Signature']));
        $retail = new FakeRetailCrm(self::SECRET);
        $registration = (new RetailCrm(self::SECRET))->register($retail->register('key')->body, ['retailcrm.ru']);
        $this->assertSame(['key', 'https://demo.retailcrm.ru'], [$registration->apiKey, $registration->systemUrl]);
        $activity = RetailCrm::activity($retail->activity(true, freeze: true, clientId: '7')->body);
        $this->assertSame([true, true, '7'], [$activity->active, $activity->freeze, $activity->clientId]);
        $this->assertSame('7', RetailCrm::clientId($retail->transition('7')->body));
        foreach (['POST' => ['body'], 'PUT' => ['body', 'query'], 'DELETE' => ['query']] as $method => $places) {
            $sent = (new FakeKayako(self::SECRET, 'key'))->request($method, '/Tickets', ['a' => 'b'], 'HEX');
            $forms = ['body' => $sent->body, 'query' => (string) \parse_url($sent->url, \PHP_URL_QUERY)];
            foreach ($places as $place) {
                $this->assertMatchesRegularExpression('/signature=[0-9a-f]{64}$/', $forms[$place], "$method, $place");
            }
        }
    }

    /** @return array<string, array{class-string}> */
    public static function factories(): array
    {
        return ['Guzzle' => [HttpFactory::class], 'Nyholm' => [Psr17Factory::class]];
    }

    /** @dataProvider factories */
    #[DataProvider('factories')]
    public function testPsr7(string $factory): void
    {
        needPsr('GuzzleHttp/Psr7', 'Nyholm/Psr7');
        $sent = (new FakeRetailCrm(self::SECRET))->transition('7')->to('/account?a=b');
        $request = $sent->psr7(new $factory());
        $this->assertSame(['POST', '/account', 'clientId=7', ['clientId' => '7'], ['a' => 'b']], [
            $request->getMethod(),
            $request->getUri()->getPath(),
            (string) $request->getBody(),
            $request->getParsedBody(),
            $request->getQueryParams(),
        ]);
        $webhook = (new FakeKommo(self::SECRET))->webhook()->psr7(new $factory());
        $signature = $webhook->getHeaderLine('X-Signature');
        $this->assertTrue((new Kommo(self::SECRET))->verifyWebhook((string) $webhook->getBody(), $signature));
    }

    public function testSymfonyAndLaravel(): void
    {
        needPsr('Illuminate/Http');
        $webhook = (new FakeKommo(self::SECRET))->webhook()->to('/kommo/1');
        $users = (new FakeImbaChat('root', self::SECRET))->users([3])->to('https://shop.example/users?page=2');
        foreach (['symfony', 'laravel'] as $framework) {
            $request = $webhook->$framework();
            $signature = $request->headers->get('X-Signature');
            $this->assertTrue((new Kommo(self::SECRET))->verifyWebhook($request->getContent(), $signature));
            $this->assertSame(['/kommo/1', 'application/json'], [$request->getPathInfo(), $request->headers->get('Content-Type')]);
            $request = $users->$framework();
            $this->assertSame(['2', '3'], [$request->query->get('page'), $request->query->get('user_ids')]);
            $this->assertTrue(ImbaChat::verifyRequest('root', self::SECRET, $request->server->all()));
            $request = (new FakeRetailCrm(self::SECRET))->transition('7')->$framework();
            $this->assertSame(['7', 'clientId=7'], [$request->request->get('clientId'), $request->getContent()]);
        }
    }

    public function testAFixedClock(): void
    {
        $clock = new FixedClock(1000);
        $store = new MemoryReplayStore($clock(...));
        $imbachat = new ImbaChat(self::SECRET);
        $token = $imbachat->sign(1, ttl: 60, now: $clock());
        $remembered = fn (): bool => $store->rememberIfNew('id', 60);
        $this->assertSame([true, true, false], [$imbachat->verify($token, $clock()), $remembered(), $remembered()]);
        $clock->advance(61);
        $this->assertSame([false, true], [$imbachat->verify($token, $clock()), $remembered()]);
    }

    public function testAMockOfEachVendorsClass(): void
    {
        foreach (Calls::classes() as $class) {
            $mock = $this->createMock($class);
            $arguments = $class === Kommo::class ? ['POST', '/', '', []] : ['presented', null];
            $mock->method('verify')->willReturn(true);
            $mock->method('check')->willThrowException(new VerificationFailed('refused'));
            $this->assertTrue($mock->verify(...$arguments));
            thrown(VerificationFailed::class, fn () => $mock->check(...$arguments));
        }
    }
}
