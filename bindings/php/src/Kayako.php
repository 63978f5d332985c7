<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Kayako REST API: each request has a salt and its signature.
 *
 * The signature covers the salt only: neither the API key nor the rest of the request. It never expires.
 * new Kayako($secret, $previousSecrets): the helpdesk's secret key: text, not decoded although it looks like base64;
 * checks accept up to three previous ones.
 * Source: the vendor's page on generating an API signature.
 *
 * @final except for mocks: createMock() replaces it in your tests.
 */
class Kayako extends Handle
{
    protected const NAME = 'kayako';

    private const FORM = 'application/x-www-form-urlencoded';

    /**
     * Returns a fresh salt: 16 random bytes as 32 hex digits. Use each one once.
     *
     * @throws Exception if the operating system gives no random bytes
     */
    public static function salt(): string
    {
        return Native::shortText(Abi::KAYAKO_SALT) ?? throw Exception::of(Status::Random->value);
    }

    /**
     * Returns the signature of a salt.
     *
     * @param string $salt the parameter `salt`, not URL-encoded; not empty and not "0"
     * @return string the parameter `signature`: base64, 44 characters, not URL-encoded. Encode it once, together with
     *     the other parameters, as http_build_query() does. See parameters().
     * @throws InvalidArgument for any other salt
     */
    public function sign(string $salt): string
    {
        return $this->library->apisig_kayako_sign($this->handle, $salt, \strlen($salt), $this->out, self::SIZE)
            ?? throw $this->refusal(Abi::ARGUMENT_SALT);
    }

    /**
     * Whether a signature is the salt's.
     *
     * @param mixed $salt as received, URL-decoded once: $_GET['salt'] ?? null. An array, as of salt[]=1, has no
     *     signature
     * @param mixed $signature as received, URL-decoded once
     */
    public function verify(mixed $salt, mixed $signature): bool
    {
        return self::verdict($this->number($salt, $signature));
    }

    /**
     * Returns which secret matched, or throws with the reason.
     *
     * @return int the index of the secret: 0 is the current one
     * @throws VerificationFailed
     */
    public function check(mixed $salt, mixed $signature): int
    {
        return self::checked($this->number($salt, $signature));
    }

    private function number(mixed $salt, mixed $signature): int
    {
        $salt = \is_string($salt) ? $salt : self::presented($salt);
        $signature = \is_string($signature) ? $signature : self::presented($signature);
        return $this->library->apisig_kayako_check(
            $this->handle,
            $salt,
            \strlen($salt),
            $signature,
            \strlen($signature)
        );
    }

    /**
     * Returns what a ReplayGuard remembers of a verified request: its signature, URL-decoded once, as for verify(). The
     * salt is not enough: helpdesks with other secrets may choose the same.
     */
    public static function replayId(mixed $signature): ReplayId
    {
        $signature = self::presented($signature);
        return ReplayId::of(self::NAME, Native::shortText(Abi::KAYAKO_SPELLED, $signature) ?? $signature, null);
    }

    /**
     * Returns what was done wrong when a salt was signed. Log it; never return it to the sender, who would learn how to
     * sign.
     *
     * Mistakes are reported only if they reproduce the signature exactly. For your log:
     * $failed->diagnosis = Kayako::diagnose($secret, $apiKey, $salt, $signature).
     *
     * @param string $apiKey the helpdesk's API key, to find out whether it was signed; optional: ""
     * @param mixed $salt as received, URL-decoded once
     * @param mixed $signature as received, URL-decoded once
     * @throws InvalidArgument if the secret is empty; never for what was presented
     */
    public static function diagnose(
        #[\SensitiveParameter] string $secret,
        #[\SensitiveParameter] string $apiKey,
        mixed $salt,
        mixed $signature
    ): Diagnosis {
        $presented = [self::presented($salt), self::presented($signature)];
        return Diagnosis::by(Abi::KAYAKO_DIAGNOSIS, $secret, $apiKey, ...$presented);
    }

    /**
     * Returns an explanation of a salt's signature, a line for each step, to compare with your own code; and warnings,
     * such as of white space around the secret.
     *
     * It shows of the secret only the length and 8 digits of its SHA-256. It shows the signature, which never expires:
     * keep the text out of logs that others read.
     *
     * @param string $salt as it is sent, not URL-encoded; also one that sign() refuses
     */
    public static function explain(#[\SensitiveParameter] string $secret, string $salt): string
    {
        return Native::text(Abi::KAYAKO_EXPLAIN, $secret, $salt);
    }

    /**
     * Returns the parameters of a request, raw: for code that encodes a form itself, such as http_build_query() or the
     * form option of an HTTP client.
     *
     * The vendor's page calls urlencode() on the signature. Here that would be once too often: encoded again, a + is
     * %252B, and the vendor's server answers "FAILED TO AUTHENTICATE".
     *
     * @param string $apiKey the helpdesk's API key; white space around it is ignored
     * @param ?string $salt a fresh one if null; not empty and not "0"
     * @return array{apikey: string, salt: string, signature: string} not encoded
     * @throws InvalidArgument if the API key is white space, or for any other salt
     */
    public function parameters(#[\SensitiveParameter] string $apiKey, ?string $salt = null): array
    {
        $salt ??= self::salt();
        $apiKey = \trim($apiKey);
        return $apiKey === ''
            ? throw Exception::of(Abi::ARGUMENT_API_KEY)
            : ['apikey' => $apiKey, 'salt' => $salt, 'signature' => $this->sign($salt)];
    }

    /**
     * Returns the same as a query string that is encoded once, for a URL or a body that you build yourself:
     * apikey=…&salt=…&signature=…. Do not pass it to code that encodes forms itself; give that parameters().
     *
     * @param string $apiKey the helpdesk's API key; white space around it is ignored
     * @param ?string $salt a fresh one if null; not empty and not "0"
     * @throws InvalidArgument if the API key is white space, or for any other salt
     */
    public function encodedParameters(#[\SensitiveParameter] string $apiKey, ?string $salt = null): string
    {
        return $this->signForm($apiKey, '', $salt);
    }

    /**
     * Returns a form or query with these parameters added at its end.
     *
     * @param string $apiKey the helpdesk's API key; white space around it is ignored
     * @param string $form encoded once, as by http_build_query(); a query may start with a route
     * @param ?string $salt a fresh one if null; not empty and not "0"
     * @throws InvalidArgument also if a field is named apikey, salt or signature, or there are more than 997 fields.
     *     The signature of a staff user is sent as staffsignature
     */
    public function signForm(
        #[\SensitiveParameter] string $apiKey,
        #[\SensitiveParameter] string $form,
        ?string $salt = null
    ): string {
        return Native::text(Abi::KAYAKO_SIGN_FORM, $this->handle, $apiKey, $salt ?? self::salt(), $form);
    }

    /**
     * Returns the URL of a request, such as https://help.example.com/api/index.php?e=/Base/User&…
     *
     * @param string $base where the helpdesk is: https://help.example.com, optionally with /api or /api/index.php
     * @param string $route app, controller and arguments, such as "/Base/User/1"; encoded here
     * @param string $query encoded once, as by signForm(); or empty
     * @param bool $standardUrl index.php?/Base/User, which the vendor calls the standard URL, in place of
     *     index.php?e=/Base/User
     * @throws InvalidArgument if the base is not a URL of http or https without query; the route does not start with a
     *     slash; base or query have a # or a character that is not visible ASCII; or the query has a field e
     */
    public static function url(
        string $base,
        string $route,
        #[\SensitiveParameter] string $query = '',
        bool $standardUrl = false
    ): string {
        return Native::text(Abi::KAYAKO_URL, $base, $route, $standardUrl, $query);
    }

    /**
     * Returns a signed request, with the parameters where the vendor's server reads them: in the query (GET and
     * DELETE), in the body (POST), in both (PUT, of which it may read either).
     *
     * The signature never expires: keep URL and body out of logs.
     *
     * @param string $method GET, POST, PUT or DELETE, case-insensitive
     * @param string $base as in url()
     * @param string $route as in url()
     * @param string $apiKey the helpdesk's API key; white space around it is ignored
     * @param array<mixed> $fields by name, raw, values and lists of them, encoded as by http_build_query(): in the
     *     query of GET and DELETE, in the body of POST and PUT. The signature of a staff user is sent as
     *     staffsignature.
     * @param bool $standardUrl as in url()
     * @param ?string $salt a fresh one if null; not empty and not "0"
     * @throws InvalidArgument if the method is another; or by signForm() and url()
     */
    public function request(
        string $method,
        string $base,
        string $route,
        #[\SensitiveParameter] string $apiKey,
        #[\SensitiveParameter] array $fields = [],
        bool $standardUrl = false,
        ?string $salt = null
    ): Request {
        $method = \strtoupper($method);
        $salt ??= self::salt();
        $signed = $this->signForm($apiKey, \http_build_query($fields, '', '&'), $salt);
        [$query, $body] = match ($method) {
            'GET', 'DELETE' => [$signed, ''],
            'POST' => ['', $signed],
            'PUT' => [$this->encodedParameters($apiKey, $salt), $signed],
            default => throw new InvalidArgument('The method is not GET, POST, PUT or DELETE. Pass one of them.'),
        };
        $headers = $body === '' ? [] : ['Content-Type' => self::FORM];
        return new Request($method, self::url($base, $route, $query, $standardUrl), $headers, $body);
    }

    /**
     * Whether a request has the API key and a signature of its salt, read as the vendor's server reads it: for a server
     * in tests, a gateway, a proxy.
     *
     * White space around the API key and the signature is ignored. A space in the signature counts as a +, which
     * somebody did not encode; in the salt it is a space. A repeated apikey, salt or signature is malformed.
     *
     * @param string $apiKey the helpdesk's own; white space around it is ignored
     * @param mixed $form the raw query (GET, DELETE) or body (POST); of PUT the query if there is one, else the body.
     *     Or an array, such as $_POST or the fields of a JSON body, which has lost doubled names. Of a body of
     *     multipart/form-data pass the array: the raw body is malformed.
     * @throws InvalidArgument if the own API key is white space; never for what was presented
     */
    public function verifyRequest(#[\SensitiveParameter] string $apiKey, #[\SensitiveParameter] mixed $form): bool
    {
        return self::verdict($this->numberOfRequest($apiKey, $form));
    }

    /**
     * Returns which secret matched, or throws with the reason. The vendor's server answers with 401 and "NO SALT
     * PROVIDED!" (Status::Malformed: the salt is missing, empty or "0"; but a repeated parameter is malformed too) or
     * "FAILED TO AUTHENTICATE" (Status::Mismatch).
     *
     * @return int the index of the secret: 0 is the current one
     * @throws VerificationFailed
     * @throws InvalidArgument if the own API key is white space
     */
    public function checkRequest(#[\SensitiveParameter] string $apiKey, #[\SensitiveParameter] mixed $form): int
    {
        return self::checked($this->numberOfRequest($apiKey, $form));
    }

    private function numberOfRequest(#[\SensitiveParameter] string $apiKey, #[\SensitiveParameter] mixed $form): int
    {
        if (\is_array($form)) {
            $parameters = \array_intersect_key($form, ['apikey' => true, 'salt' => true, 'signature' => true]);
            $form = \http_build_query(\array_map(self::presented(...), $parameters), '', '&');
        }
        // Text of an object may come from code that frees this one.
        $form = self::presented($form);
        return Native::call(Abi::KAYAKO_CHECK_REQUEST, $this->handle, $apiKey, $form);
    }

    protected static function declarations(): string
    {
        return Abi::KAYAKO_HANDLE . Abi::KAYAKO_SIGN . Abi::KAYAKO_CHECK;
    }
}
