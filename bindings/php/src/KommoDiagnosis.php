<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What is wrong with a signature of Kommo's, and what it is made of: for whoever holds the secret, and never for an
 * answer to the sender, whom it would tell how to sign.
 *
 * @internal a part of Kommo
 */
trait KommoDiagnosis
{
    /**
     * Names the mistake that makes a request's signature a wrong one, by trying some thousand others. One is named only
     * if it makes what was presented, byte for byte. It is for finding a mistake, not for every request: a body that is
     * JSON is hashed some thirty times.
     *
     * Of a request that the vendor refused, give what was sent to it. Of one that check() refused:
     * `$failed->diagnosis = Kommo::diagnose($secret, …)`, for your log.
     *
     * @param string $secret the channel's
     * @param string $method as sent, at most 32 bytes
     * @param string $url as sent; of a whole one the host may have been signed
     * @param string $body as sent, its raw bytes
     * @param array<string, string|list<string>> $headers as sent, names in any case: Date, Content-Type, Content-MD5
     *     and X-Signature
     * @param ?int $now Unix seconds; the clock's if null
     * @param int $tolerance for how many seconds a signature holds, before and after its Date, 0 or more
     * @return Diagnosis also for what verify() lets pass and the vendor's page does not: hex in upper case
     * @throws InvalidArgument if $secret is empty, or $now or $tolerance is out of range
     * @throws Exception of status Malformed if method, URL or a header could not have been signed
     */
    public static function diagnose(
        #[\SensitiveParameter] string $secret,
        string $method,
        string $url,
        string $body,
        array $headers,
        ?int $now = null,
        int $tolerance = self::TOLERANCE
    ): Diagnosis {
        $strings = [$secret, $method, $url, $body, ...self::headers($headers), self::header($headers, 'X-Signature')];
        $arguments = [];
        foreach ($strings as $string) {
            \array_push($arguments, $string, \strlen($string));
        }
        $library = Native::library('kommo_diagnosis');
        return Diagnosis::of($library->apisig_kommo_diagnose(...[...$arguments, $now ?? \time(), $tolerance]));
    }

    /**
     * Names the mistake that makes a webhook's signature a wrong one. A mistake about the body, such as
     * Mistake::BodyPretty, says that $body is not the one that was received, but a parsed and re-encoded copy. A form
     * without a signature is a webhook of the CRM, which is never signed: Mistake::WebhookUnsigned.
     *
     * @param string $secret the channel's
     * @param string $body as received
     * @param mixed $signature X-Signature as received
     * @throws InvalidArgument if $secret is empty
     */
    public static function diagnoseWebhook(
        #[\SensitiveParameter] string $secret,
        string $body,
        mixed $signature
    ): Diagnosis {
        $signature = self::presented($signature);
        return Diagnosis::of(Native::library('kommo_diagnosis')->apisig_kommo_diagnose_webhook(
            $secret,
            \strlen($secret),
            $body,
            \strlen($body),
            $signature,
            \strlen($signature)
        ));
    }

    /**
     * Shows what a request's signature is made of, a fact a line: the body's MD5, the five lines that are signed, the
     * signature, and what is seldom meant, such as a secret with a line feed behind it. The secret does not show. For
     * people: the words may change.
     *
     * @param string $secret the channel's, and the others as for diagnose()
     * @param array<string, string|list<string>> $headers
     * @throws InvalidArgument if $secret is empty, $method longer than 32 bytes, or signDigest() would refuse
     */
    public static function explain(
        #[\SensitiveParameter] string $secret,
        string $method,
        string $url,
        string $body,
        array $headers
    ): string {
        $function = 'apisig_kommo_explain';
        return Native::textOf('kommo_diagnosis', $function, $secret, $method, $url, $body, ...self::headers($headers));
    }

    /** @return list<string> the values of the headers that are signed, in the order in which C takes them */
    private static function headers(array $headers): array
    {
        $names = ['Content-MD5', 'Content-Type', 'Date'];
        return \array_map(static fn (string $name) => self::header($headers, $name), $names);
    }
}
