<?php

declare(strict_types=1);

namespace Apisig\Tests;

use Apisig\Diagnosis;
use Apisig\Exception;
use Apisig\ImbaChat;
use Apisig\InvalidArgument;
use Apisig\Kayako;
use Apisig\Kommo;
use Apisig\Mistake;
use Apisig\Mor;
use Apisig\MorParameters;
use Apisig\Native;
use Apisig\RetailCrm;
use Apisig\RetailCrmRegistration;
use Apisig\Status;
use Apisig\VerificationFailed;
use PHPUnit\Framework\TestCase;

/**
 * Every call of tests/vectors, made by the PHP classes.
 */
final class VectorsTest extends TestCase
{
    /** @dataProvider kayako */
    public function testKayako(string $line): void
    {
        $this->makes($line, fn (array $call) => match ($call[0]) {
            'sign' => self::room(Kayako::class, $call)->sign($call[2]),
            'verify' => self::both(self::room(Kayako::class, $call), $call[2], $call[3]),
            'sign_parameters' => self::room(Kayako::class, $call)->encodedParameters($call[2], $call[3]),
            'url' => Kayako::url($call[2], $call[3], $call[5], $call[4] === '1'),
            'verify_request' => self::request(self::room(Kayako::class, $call), $call[2], $call[3]),
            'diagnose' => self::named(Kayako::diagnose($call[1][0], ...\array_slice($call, 2, 3))),
            'explain' => Kayako::explain($call[1][0], $call[2]),
        });
    }

    /** @dataProvider retailCrm */
    public function testRetailCrm(string $line): void
    {
        $this->makes($line, fn (array $call) => match ($call[0]) {
            'sign' => self::room(RetailCrm::class, $call)->sign($call[2]),
            'verify' => self::both(self::room(RetailCrm::class, $call), $call[2], $call[3]),
            'register' => self::register(self::room(RetailCrm::class, $call), $call),
            // The first field is not of secrets here.
            'config' => RetailCrm::config(self::list($call[1][0]), $call[2])->body,
            'registered' => RetailCrm::registered($call[1][0])->body,
            'failed' => RetailCrm::failed($call[1][0])->body,
            'diagnose' => self::named(RetailCrm::diagnose($call[1][0], $call[2], $call[3])),
            'explain' => RetailCrm::explain($call[1][0], $call[2]),
            'edit_url' => RetailCrm::edit(new RetailCrmRegistration('key', $call[1][0]), $call[2], [])->url,
        });
    }

    /** @dataProvider mor */
    public function testMor(string $line): void
    {
        $this->makes($line, fn (array $call) => match ($call[0]) {
            'sign' => self::room(Mor::class, $call)->sign($call[2]),
            'verify' => self::both(self::room(Mor::class, $call), $call[3], $call[2]),
            default => self::ofMethod($call),
        });
    }

    /** @dataProvider imbaChat */
    public function testImbaChat(string $line): void
    {
        $this->makes($line, fn (array $call) => match ($call[0]) {
            'sign' => self::room(ImbaChat::class, $call)->sign((int) $call[2], (int) $call[3], 0),
            'verify' => self::token(self::room(ImbaChat::class, $call), $call),
            'seconds_left' => self::orStatus(
                fn () => (string) ImbaChat::replayId($call[1][0], (int) $call[2], (int) $call[3])->seconds
            ),
            'verify_login' => ImbaChat::verifyLogin($call[1], $call[2], $call[3], $call[4]) ? '0' : 'MISMATCH',
            'verify_authorization' => self::authorization($call),
            'user_ids' => self::userIds($call[1][0]),
            'widget' => ImbaChat::widget($call[1][0], (int) $call[2], $call[3], $call[4]),
            'open_dialog' => ImbaChat::openDialog((int) $call[1][0]),
            'diagnose' => self::orStatus(fn () => self::named(
                ImbaChat::diagnose($call[1][0], $call[3], (int) $call[4], (int) $call[5], $call[2])
            )),
            'explain' => self::orStatus(fn () => ImbaChat::explain($call[1][0], $call[2], (int) $call[3])),
        });
    }

    /** @dataProvider kommo */
    public function testKommo(string $line): void
    {
        $this->makes($line, fn (array $call) => match ($call[0]) {
            'sign' => self::headers(self::room(Kommo::class, $call), $call),
            'sign_digest' => self::room(Kommo::class, $call)->signDigest(...\array_slice($call, 2, 5)),
            'string_to_sign' => Kommo::stringToSign(...\array_slice($call, 1, 5)),
            'verify' => self::both(
                self::room(Kommo::class, $call),
                $call[2],
                $call[3],
                $call[4],
                self::kommoHeaders($call),
                (int) $call[9],
                (int) $call[10]
            ),
            'sign_webhook' => self::room(Kommo::class, $call)->signWebhook($call[2]),
            'verify_webhook' => self::webhook(self::room(Kommo::class, $call), $call[2], $call[3]),
            'diagnose' => self::kommoDiagnosis($call),
            'diagnose_webhook' => self::named(Kommo::diagnoseWebhook($call[1][0], $call[2], $call[3])),
            'explain' => Kommo::explain($call[1][0], $call[2], $call[3], $call[4], self::kommoHeaders($call)),
            default => self::channel($call[0], \implode('|', $call[1]), ...\array_slice($call, 2)),
        });
    }

    /** @return array<string, string|list<string>> as frameworks give them */
    private static function kommoHeaders(array $call): array
    {
        return ['content-md5' => $call[5], 'CONTENT-TYPE' => [$call[6]], 'Date' => $call[7], 'X-Signature' => $call[8]];
    }

    /** What cannot be read is no mistake of the caller's. */
    private static function kommoDiagnosis(array $call): string
    {
        [, [$secret], $method, $url, $body] = $call;
        [$now, $tolerance] = [(int) $call[9], (int) $call[10]];
        try {
            $diagnosis = Kommo::diagnose($secret, $method, $url, $body, self::kommoHeaders($call), $now, $tolerance);
            return self::named($diagnosis);
        } catch (Exception $exception) {
            return self::name($exception->status);
        }
    }

    /** What needs no secret. */
    private static function channel(string $verb, string $first, string ...$others): string
    {
        $kommo = new Kommo('x');
        return match ($verb) {
            'url' => $kommo->request('GET', $others[0], '', $first)->url,
            'connect_url' => $kommo->connect($others[0], 'account', 'title', 'v2', $first)->url,
            'connect_body' => $kommo->connect('channel', $first, $others[0], $others[1])->body,
            'disconnect_url' => $kommo->disconnect($others[0], 'account', $first)->url,
            'disconnect_body' => $kommo->disconnect('channel', $first)->body,
            'scope_id' => Kommo::scopeId($first, $others[0]),
            'answer' => self::answer($first, $others[0]),
        };
    }

    /** An answer that cannot be read is the vendor's mistake. */
    private static function answer(string $answer, string $name): string
    {
        try {
            return Kommo::answer($answer, $name);
        } catch (Exception $exception) {
            return self::name($exception->status);
        }
    }

    /** As both(), for webhooks. */
    private static function webhook(Kommo $kommo, string $body, string $signature): string
    {
        $verdict = $kommo->verifyWebhook($body, $signature);
        try {
            $index = $kommo->checkWebhook($body, $signature);
            self::assertTrue($verdict);
            return (string) $index;
        } catch (VerificationFailed $exception) {
            self::assertFalse($verdict);
            return self::name($exception->status);
        }
    }

    public static function kayako(): array
    {
        return self::lines('kayako');
    }

    public static function retailCrm(): array
    {
        return self::lines('retailcrm');
    }

    public static function mor(): array
    {
        return self::lines('mor');
    }

    public static function imbaChat(): array
    {
        return self::lines('imbachat');
    }

    public static function kommo(): array
    {
        return self::lines('kommo');
    }

    /** Every call of a vector file, as the only argument of a test. */
    private static function lines(string $room): array
    {
        $lines = \file(__DIR__ . "/../vectors/$room.tsv", \FILE_IGNORE_NEW_LINES);
        return \array_map(fn (string $line) => [$line], \array_filter($lines, fn (string $line) => $line[0] !== '#'));
    }

    /** Makes the call of a line, and compares its result with the last field. */
    private function makes(string $line, callable $make): void
    {
        $call = \explode("\t", $line);
        $secrets = \explode('|', $call[1]);
        $call = [$call[0], ...\array_map([self::class, 'unescape'], \array_slice($call, 1))];
        if (!\in_array($call[0], ['verify_login', 'string_to_sign'], true)) {
            $call[1] = \array_map([self::class, 'unescape'], $secrets);
        }
        try {
            $result = $make($call);
        } catch (Exception $exception) {
            $this->assertInstanceOf(InvalidArgument::class, $exception, $line);
            $result = self::name($exception->status);
        }
        $this->assertSame(\end($call), $result, $line);
    }

    private static function room(string $class, array $call): object
    {
        return new $class($call[1][0], \array_slice($call[1], 1));
    }

    /** The result of check(), which verify() must agree with. */
    private static function both(object $room, mixed ...$arguments): string
    {
        $verdict = $room->verify(...$arguments);
        try {
            $index = $room->check(...$arguments);
            self::assertTrue($verdict);
            return (string) $index;
        } catch (VerificationFailed $exception) {
            self::assertFalse($verdict);
            return self::name($exception->status);
        }
    }

    /** As both(), of a request to Kayako. */
    private static function request(Kayako $room, string $apiKey, string $form): string
    {
        $verdict = $room->verifyRequest($apiKey, $form);
        try {
            $index = $room->checkRequest($apiKey, $form);
            self::assertTrue($verdict);
            return (string) $index;
        } catch (VerificationFailed $exception) {
            self::assertFalse($verdict);
            return self::name($exception->status);
        }
    }

    /** What goes by the registry of MOR. */
    private static function ofMethod(array $call): string
    {
        try {
            return match ($call[0]) {
                'parameters' => self::namesOf(Mor::parameters($call[1][0], $call[2])),
                'refusal' => self::refused($call[1][0], $call[2]),
                'sign_request' => self::signed(self::room(Mor::class, $call), $call[2], $call[3]),
                'verify_request' => self::verified(self::room(Mor::class, $call), $call[2], $call[3]),
                'diagnose' => self::morDiagnosis($call[1][0], ...\array_slice($call, 2, 3)),
                'explain' => self::morExplanation($call[1][0], $call[2], $call[3]),
            };
        } catch (Exception $exception) {
            return self::name($exception->status);
        }
    }

    private static function namesOf(MorParameters $parameters): string
    {
        return \implode(',', $parameters->hashed) . "\n" . \implode(',', $parameters->others);
    }

    /** The words of the exception, or nothing if a form is signed. */
    private static function refused(string $method, string $form): string
    {
        try {
            (new Mor('secret'))->signRequest($method, $form);
            return '';
        } catch (InvalidArgument $refused) {
            return $refused->getMessage();
        }
    }

    /** Of the form as it stands, and of the parameters that it holds. */
    private static function signed(Mor $mor, string $method, string $form): string
    {
        $made = $mor->signRequest($method, $form);
        self::assertSame($made, $mor->signRequest($method, self::parameters($form)));
        return $made;
    }

    /** Of the form as it stands, and of the parameters that it holds: the same. */
    private static function morDiagnosis(string $secret, string $method, string $form, string $hash): string
    {
        $arguments = [];
        foreach ([$secret, $method, $form, $hash] as $string) {
            \array_push($arguments, $string, \strlen($string));
        }
        $found = Diagnosis::of(Native::library('mor_diagnosis')->apisig_mor_diagnose(...$arguments));
        self::assertEquals($found, Mor::diagnose($secret, $method, self::parameters($form), $hash));
        return self::named($found);
    }

    private static function morExplanation(string $secret, string $method, string $form): string
    {
        $text = Native::textOf('mor_diagnosis', 'apisig_mor_explain', $secret, $method, $form);
        self::assertSame($text, Mor::explain($secret, $method, self::parameters($form)));
        return $text;
    }

    /** The parameters that a form holds. */
    private static function parameters(string $form): array
    {
        $parameters = [];
        foreach (\array_filter(\explode('&', $form)) as $field) {
            $field = \array_map('urldecode', \explode('=', "$field=", 3));
            $parameters[$field[0]] = $field[1];
        }
        return $parameters;
    }

    private static function verified(Mor $mor, string $method, string $form): string
    {
        $verdict = $mor->verifyRequest($method, $form);
        try {
            $index = $mor->checkRequest($method, $form);
            self::assertTrue($verdict);
            return (string) $index;
        } catch (VerificationFailed $exception) {
            self::assertFalse($verdict);
            throw $exception;
        }
    }

    /** As both(), but check() gives the user; so only which secret matched is not seen. */
    private static function token(ImbaChat $room, array $call): string
    {
        $result = self::both($room, $call[2], (int) $call[3], (int) $call[4]);
        if (\is_numeric($result)) {
            self::assertSame($call[5], $result);
            return $call[6];
        }
        return $result;
    }

    /** Which secret matched is not seen. */
    private static function register(RetailCrm $room, array $call): string
    {
        try {
            $registration = $room->register($call[2], self::list($call[3]));
            self::assertSame([$call[4], $call[5]], [$registration->apiKey, $registration->systemUrl]);
            return $call[6];
        } catch (VerificationFailed $exception) {
            return self::name($exception->status);
        }
    }

    private static function list(string $entries): array
    {
        return $entries === '' ? [] : \explode(',', $entries);
    }

    /** As the vector says, if it is refused: why is not seen. */
    private static function authorization(array $call): string
    {
        $refused = \in_array($call[4], ['MALFORMED', 'MISMATCH'], true) ? $call[4] : 'refused';
        return ImbaChat::verifyAuthorization($call[1][0], $call[2], $call[3]) ? '0' : $refused;
    }

    /** What was made of a token, or the status if that cannot be read. */
    private static function orStatus(callable $make): string
    {
        try {
            return $make();
        } catch (Exception $exception) {
            return self::name($exception->status);
        }
    }

    private static function userIds(string $parameter): string
    {
        try {
            return \implode(' ', ImbaChat::userIds($parameter));
        } catch (VerificationFailed $exception) {
            return self::name($exception->status);
        }
    }

    private static function headers(Kommo $room, array $call): string
    {
        $headers = $room->sign($call[2], $call[3], $call[4], (int) $call[5]);
        self::assertSame(['Date', 'Content-Type', 'Content-MD5', 'X-Signature'], \array_keys($headers));
        self::assertSame([$call[6], 'application/json', $call[7]], \array_slice(\array_values($headers), 0, 3));
        return $headers['X-Signature'];
    }

    /** What a diagnosis finds. */
    private static function named(Diagnosis $diagnosis): string
    {
        if ($diagnosis->mistake !== null) {
            return self::name($diagnosis->mistake);
        }
        return $diagnosis->holds ? '0' : 'MISMATCH';
    }

    /** The status or mistake as the vectors and C call it. */
    public static function name(Status|Mistake $case): string
    {
        return \strtoupper(\preg_replace('/(?<=[a-z0-9])(?=[A-Z])/', '_', $case->name));
    }

    private static function unescape(string $field): string
    {
        return \preg_replace_callback('/\\\\(?:x(..)|(.))/', fn (array $found) => match ($found[2] ?? '') {
            '' => \chr((int) \hexdec($found[1])),
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            '\\' => '\\',
        }, $field);
    }
}
