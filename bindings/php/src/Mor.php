<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Kolmisoft MOR API: the hash that goes with every request.
 *
 * Nothing shows where one value ends: "123" and "456789" have the hash of "1234" and "56789", be the second one a
 * value or the secret. A user_balance_update of user 12 to 345 so has the hash of one of user 123 to 45. Whoever saw a
 * request can send such another one, and the same one again for ever. So send requests over TLS alone; let a key do no
 * more than it has to; take the hash for a sign that the sender has the key, and not for one of what each value is.
 *
 * Which values are hashed, and in which order, each method has of its own. signRequest() and verifyRequest() know many
 * methods from what the vendor published: see parameters() and isConfirmed(). A server may differ: its own page
 * Settings, Setup, Generate hash shows the order. For what is unknown or differs there is sign().
 *
 * new Mor($secret, $previousSecrets): the API secret key, at most 1024 bytes;
 * checks accept up to three previous ones.
 * Source: the vendor's page "MOR API hash construction".
 */
final class Mor extends Room
{
    protected const NAME = 'mor';

    /**
     * Makes the hash of a request by its values.
     *
     * @param string|int ...$values those of the hashed parameters in their right order, not URL-encoded
     * @return string the parameter `hash`: 40 hex digits
     */
    public function sign(#[\SensitiveParameter] string|int ...$values): string
    {
        $joined = \implode('', $values);
        return $this->library->apisig_mor_sign($this->handle, $joined, \strlen($joined), $this->out, Native::SIZE)
            ?? throw Exception::of(Status::Argument);
    }

    /**
     * Whether a hash, which comes first, is the one of these values. Its hex may be of either case.
     */
    public function verify(?string $hash, #[\SensitiveParameter] string|int ...$values): bool
    {
        return $this->holds($hash, \implode('', $values), null);
    }

    /**
     * As verify(), with the reason if it does not hold.
     *
     * @return int the index of the secret that matched: 0 is the current one
     * @throws VerificationFailed
     */
    public function check(?string $hash, #[\SensitiveParameter] string|int ...$values): int
    {
        $native = Native::take();
        return $native->checked($this->holds($hash, \implode('', $values), $native->why), $native->why);
    }

    /**
     * What a ReplayGuard remembers of a request whose hash held. Equal requests have equal hashes: an honest repetition
     * is refused as well.
     *
     * @param string $hash as received
     */
    public static function replayId(string $hash): ReplayId
    {
        return ReplayId::of(self::NAME, \strtolower($hash), null);
    }

    /**
     * Makes the hash of a request, of the values that its method hashes, in the order of the method.
     *
     * @param string $method as in /billing/api/METHOD, such as "user_balance_get"; also by an older name
     * @param array<string, string|int> $parameters by name, in any order, not URL-encoded. One that is missing or
     *     empty adds nothing; what the method does not hash does not enter.
     * @return string the parameter `hash`: 40 hex digits
     * @throws Exception if the method is not in the registry: its values are for sign() then
     * @throws InvalidArgument if a value is no text or integer, or a name holds more than letters, digits, _ and -
     */
    public function signRequest(string $method, #[\SensitiveParameter] array $parameters): string
    {
        return $this->hash($method, self::form($parameters));
    }

    /**
     * A request that is ready to be sent: POST to {base}/billing/api/{method}, with all parameters and their hash in
     * the body. A password among them stands there as it is: keep the body out of logs.
     *
     * @param string $method as in signRequest()
     * @param array<string, string|int> $parameters likewise, those that are not hashed too: `u`, most of all
     * @param string $base where the server is: https://mor.example.com
     * @throws Exception if the method is not in the registry
     * @throws InvalidArgument as signRequest(); if there is a parameter `hash`, which is made here; or if the base is
     *     no URL of http or https, has a query, or holds anything but visible ASCII
     */
    public function request(string $method, #[\SensitiveParameter] array $parameters, string $base): Request
    {
        if (\preg_match('~^https?://[^\x00-\x20\x7f-\xff?#\\\\]+$~D', $base) !== 1) {
            throw new InvalidArgument('The base is no URL such as https://mor.example.com.', Status::Argument);
        }
        if (isset($parameters['hash'])) {
            throw new InvalidArgument('The parameter hash is made here: leave it out.', Status::Argument);
        }
        $form = self::form($parameters);
        $hash = $this->hash($method, $form);
        return new Request(
            'POST',
            \rtrim($base, '/') . "/billing/api/$method",
            ['Content-Type' => 'application/x-www-form-urlencoded'],
            ($form === '' ? '' : "$form&") . "hash=$hash"
        );
    }

    /**
     * Whether the `hash` in a request's form is the one of the values that its method hashes. The hash covers no
     * names: that the method's own list is hashed keeps a value from being moved unnoticed to a parameter that is not.
     *
     * A form that servers read in different ways does not hold: a hashed parameter or `hash` twice; an array, name[] or
     * name[key], or another name of more than letters, digits, _ and -; a ; that is not encoded; more than 1 MiB.
     *
     * @param string $method as in signRequest(); one that is not in the registry does not hold
     * @param string $form as received: the body, file_get_contents('php://input'), or the query without its ?
     */
    public function verifyRequest(string $method, #[\SensitiveParameter] string $form): bool
    {
        return $this->requestHolds($method, $form, null);
    }

    /**
     * As verifyRequest(), with the reason if it does not hold.
     *
     * @return int the index of the secret that matched: 0 is the current one
     * @throws VerificationFailed Status::Method if the method is not in the registry, Status::Malformed for a form that
     *     servers read in different ways, else Status::Mismatch
     */
    public function checkRequest(string $method, #[\SensitiveParameter] string $form): int
    {
        $native = Native::take();
        return $native->checked($this->requestHolds($method, $form, $native->why), $native->why);
    }

    /**
     * The names of the parameters that a method hashes, in the order in which their values stand before the secret.
     *
     * @return list<string> empty: the secret alone is hashed
     * @throws Exception if the method is not in the registry
     */
    public static function parameters(string $method): array
    {
        $library = Native::library(self::NAME);
        $length = \strlen($method);
        $write = static fn ($out, $size) => $library->apisig_mor_parameters($method, $length, $out, $size);
        $names = Native::text($write);
        return $names === '' ? [] : \explode(',', $names);
    }

    /**
     * Whether a hash that the vendor published with a method shows which parameters it hashes and in which order, those
     * of that example at least. All else rests on lists of the vendor or of a client library alone; see
     * core/src/mor/methods.tsv in the library's sources. False for a method that is not in the registry.
     */
    public static function isConfirmed(string $method): bool
    {
        return Native::library(self::NAME)->apisig_mor_is_confirmed($method, \strlen($method));
    }

    /**
     * What was done wrong when a request was hashed: for whoever holds the secret, and never for an answer to the
     * sender.
     *
     * A mistake is named only if it, made alone, gives just this hash; Mistake::UpperCase too, which verify() takes.
     * catch (VerificationFailed $failed) { $failed->diagnosis = Mor::diagnose($secret, $method, $_POST, $hash); }
     * Every order of 8 values takes about 10 ms, if no mistake is found; very long values less than a second.
     *
     * @param string $method as in signRequest(); or '', if the values should have been hashed as they stand
     * @param array<string, string|int> $parameters as in signRequest(); a `hash` among them does not count
     * @param ?string $hash as received
     * @throws Exception if the method is not in the registry (Status::Method), or a name holds more than letters,
     *     digits, _ and - (Status::Malformed)
     * @throws InvalidArgument if the secret is empty or too long, or a value is no text or integer
     */
    public static function diagnose(
        #[\SensitiveParameter] string $secret,
        string $method,
        #[\SensitiveParameter] array $parameters,
        ?string $hash
    ): Diagnosis {
        $form = self::form($parameters);
        $hash ??= '';
        return Diagnosis::of(Native::library('mor_diagnosis')->apisig_mor_diagnose(
            $secret,
            \strlen($secret),
            $method,
            \strlen($method),
            $form,
            \strlen($form),
            $hash,
            \strlen($hash)
        ));
    }

    /**
     * How the hash of a request comes about, a fact a line, as on the vendor's own page Settings, Setup, Generate hash:
     * which values are hashed in which order, which parameters are not, the hashed text; and warnings of what is seldom
     * meant, such as white space around the secret.
     *
     * The secret is shown as its length and the first 8 hex digits of its SHA-256. The hashed values are shown, a
     * password among them too, and the hash, which never expires: keep the text out of logs that others read.
     *
     * @param string $method as in diagnose()
     * @param array<string, string|int> $parameters likewise
     * @throws Exception if the method is not in the registry
     * @throws InvalidArgument if the secret is empty or too long, or as signRequest()
     */
    public static function explain(
        #[\SensitiveParameter] string $secret,
        string $method,
        #[\SensitiveParameter] array $parameters
    ): string {
        return Native::textOf('mor_diagnosis', 'apisig_mor_explain', $secret, $method, self::form($parameters));
    }

    private function holds(?string $hash, #[\SensitiveParameter] string $values, ?object $why): bool
    {
        $hash ??= '';
        return $this->library->apisig_mor_verify($this->handle, $values, \strlen($values), $hash, \strlen($hash), $why);
    }

    private function hash(string $method, #[\SensitiveParameter] string $form): string
    {
        $native = Native::take();
        $hash = $this->library->apisig_mor_sign_request(
            $this->handle,
            $method,
            \strlen($method),
            $form,
            \strlen($form),
            $this->out,
            Native::SIZE,
            $native->why
        );
        $why = $native->why[0];
        $native->giveBack();
        return $hash ?? throw Exception::of(Status::known($why));
    }

    private function requestHolds(string $method, #[\SensitiveParameter] string $form, ?object $why): bool
    {
        return $this->library->apisig_mor_verify_request(
            $this->handle,
            $method,
            \strlen($method),
            $form,
            \strlen($form),
            $why
        );
    }

    /** The caller's own parameters, encoded once. What has no one text, such as true or 1.50, is not guessed. */
    private static function form(#[\SensitiveParameter] array $parameters): string
    {
        foreach ($parameters as $name => $value) {
            if (!\is_string($name) || !\is_string($value) && !\is_int($value)) {
                $type = \is_string($name) ? \get_debug_type($value) : 'without a name';
                throw new InvalidArgument("The parameter $name is $type, not text or an integer.", Status::Argument);
            }
        }
        return \http_build_query($parameters, '', '&');
    }
}
