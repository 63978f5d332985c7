<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Kayako REST API: a salt and its signature go with every request.
 *
 * The signature covers the salt alone: neither the API key nor the rest of the request, and it never expires.
 * new Kayako($secret, $previousSecrets): the helpdesk's secret key: text, not decoded although it looks like base64;
 * checks accept up to three previous ones.
 * Source: the vendor's page on generating an API signature.
 */
final class Kayako extends Handle
{
    protected const NAME = 'kayako';

    private const FORM = 'application/x-www-form-urlencoded';

    /**
     * A fresh salt: 16 random bytes as 32 hex digits. Use each one once.
     *
     * @throws Exception if the operating system gives no random bytes
     */
    public static function salt(): string
    {
        return Native::shortText(Abi::KAYAKO_SALT) ?? throw Exception::of(Status::Random->value);
    }

    /**
     * Signs a salt.
     *
     * @param string $salt what is sent as `salt`, not URL-encoded; not empty and not "0"
     * @return string the parameter `signature`: base64, 44 characters, not URL-encoded. Encode it once, together with
     *     the other parameters: http_build_query() does. See parameters().
     * @throws InvalidArgument
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
     * @param mixed $signature likewise
     */
    public function verify(mixed $salt, mixed $signature): bool
    {
        return $this->number($salt, $signature) >= 0;
    }

    /**
     * As verify(), with the reason if it does not hold.
     *
     * @return int the index of the secret that matched: 0 is the current one
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
     * What a ReplayGuard remembers of a verified request: its signature, URL-decoded once, as for verify(), which
     * accepts one spelling only. The salt is not enough: helpdesks with other secrets may choose the same.
     */
    public static function replayId(mixed $signature): ReplayId
    {
        return ReplayId::of(self::NAME, self::presented($signature), null);
    }

    /**
     * What was done wrong when a salt was signed: for whoever holds the secret, and never for an answer to the sender.
     *
     * A mistake is named only if it, made alone, gives just this signature.
     * What check() threw takes it along: $failed->diagnosis = Kayako::diagnose($secret, $apiKey, $salt, $signature).
     *
     * @param string $apiKey the helpdesk's API key, which is perhaps what was signed; if it is empty, that is not seen
     * @param mixed $salt as received, URL-decoded once
     * @param mixed $signature likewise
     * @throws InvalidArgument if the secret is empty; never for what was presented
     */
    public static function diagnose(
        #[\SensitiveParameter] string $secret,
        #[\SensitiveParameter] string $apiKey,
        mixed $salt,
        mixed $signature
    ): Diagnosis {
        $presented = [self::presented($salt), self::presented($signature)];
        return Diagnosis::by(Abi::KAYAKO_DIAGNOSE, $secret, $apiKey, ...$presented);
    }

    /**
     * How the signature of a salt comes about, a fact a line, to compare with what your own code does; and warnings of
     * what is seldom meant, such as white space around the secret.
     *
     * The secret is shown as its length and the first 8 hex digits of its SHA-256. The signature is shown: it never
     * expires, so keep the text out of logs that others read.
     *
     * @param string $salt as it is sent, not URL-encoded; any, also one that sign() refuses
     */
    public static function explain(#[\SensitiveParameter] string $secret, string $salt): string
    {
        return Native::text(Abi::KAYAKO_EXPLAIN, $secret, $salt);
    }

    /**
     * The parameters of a request, raw: for code that encodes a form itself, http_build_query() or the form option of
     * an HTTP client.
     *
     * The vendor's page calls urlencode() on the signature. Here that would be one time too many: encoded again, a + is
     * %252B, and the vendor's server answers "FAILED TO AUTHENTICATE".
     *
     * @param string $apiKey the helpdesk's API key, without white space around it
     * @param ?string $salt a fresh one if null; not empty and not "0"
     * @return array{apikey: string, salt: string, signature: string} not encoded
     * @throws InvalidArgument if the API key is white space, or for such a salt
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
     * The same as a query string that is encoded once, for a URL or a body that you put together yourself:
     * apikey=…&salt=…&signature=…, with %2B, %2F and %3D in the signature. Do not pass it to code that encodes forms
     * itself; give that parameters().
     *
     * @param string $apiKey the helpdesk's API key; white space around it is left out
     * @param ?string $salt a fresh one if null; not empty and not "0"
     * @throws InvalidArgument if the API key is white space, or for such a salt
     */
    public function encodedParameters(#[\SensitiveParameter] string $apiKey, ?string $salt = null): string
    {
        return $this->signForm($apiKey, '', $salt);
    }

    /**
     * A form or query with these parameters behind its own.
     *
     * @param string $apiKey the helpdesk's API key; white space around it is left out
     * @param string $form encoded once, as http_build_query() makes it; a query may start with a route. The signature
     *     of a staff user is sent as staffsignature.
     * @param ?string $salt a fresh one if null; not empty and not "0"
     * @throws InvalidArgument also if a field is named apikey, salt or signature, or there are more than 997
     */
    public function signForm(
        #[\SensitiveParameter] string $apiKey,
        #[\SensitiveParameter] string $form,
        ?string $salt = null
    ): string {
        return Native::text(Abi::KAYAKO_SIGN_FORM, $this->handle, $apiKey, $salt ?? self::salt(), $form);
    }

    /**
     * The URL of a request, such as https://help.example.com/api/index.php?e=/Base/User&…
     *
     * @param string $base where the helpdesk is: https://help.example.com, with or without a slash, /api, /api/ or
     *     /api/index.php behind it
     * @param string $route app, controller and what is behind them, such as "/Base/User/1"; encoded here
     * @param string $query encoded once, as encodedParameters() makes it, with other fields behind it; or empty
     * @param bool $standardUrl index.php?/Base/User, which the vendor calls the standard URL, in place of
     *     index.php?e=/Base/User
     * @throws InvalidArgument if the base is no URL of http or https, or has a query; the route does not start with a
     *     slash; base or query hold a # or anything but visible ASCII
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
     * A signed request that is ready to be sent, with the parameters where the vendor's server reads them: in the query
     * (GET and DELETE), in the body (POST), in both (PUT, of which it may read either).
     *
     * The signature never expires: keep URL and body out of logs.
     *
     * @param string $method GET, POST, PUT or DELETE, in any case
     * @param string $base as in url()
     * @param string $route as in url()
     * @param string $apiKey the helpdesk's API key; white space around it is left out
     * @param array<mixed> $fields by name, raw, values and lists of them: written as http_build_query() does, into the
     *     query of GET and DELETE, into the body of POST and PUT. The field `signature` of a staff user is sent as
     *     `staffsignature`.
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
            default => throw new InvalidArgument('The method is none of GET, POST, PUT, DELETE.'),
        };
        $headers = $body === '' ? [] : ['Content-Type' => self::FORM];
        return new Request($method, self::url($base, $route, $query, $standardUrl), $headers, $body);
    }

    /**
     * Whether a request has the API key and a signature of its salt, read as the vendor's server reads it: for a server
     * in tests, a gateway, a proxy.
     *
     * White space around the API key and the signature does not matter, and spaces in the signature are + that nobody
     * encoded; in the salt they are spaces. Two fields of one name do not hold.
     *
     * @param string $apiKey the helpdesk's own; white space around it is left out
     * @param mixed $form the raw query (GET, DELETE) or body (POST); of PUT the query if there is one, else the body.
     *     An array is taken too, as $_POST or the fields of a JSON body: it has lost doubled names.
     *     Of a body of multipart/form-data pass the array: the raw body is refused as malformed.
     * @throws InvalidArgument if the own API key is white space; never for what was presented
     */
    public function verifyRequest(#[\SensitiveParameter] string $apiKey, #[\SensitiveParameter] mixed $form): bool
    {
        return self::verdict($this->numberOfRequest($apiKey, $form));
    }

    /**
     * As verifyRequest(), with the reason if it does not hold. The vendor's server answers with the HTTP status 401 and
     * "NO SALT PROVIDED!" (Status::Malformed: the salt is missing, empty or "0"; but a doubled field is malformed too)
     * or "FAILED TO AUTHENTICATE" (Status::Mismatch).
     *
     * @return int the index of the secret that matched: 0 is the current one
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
        return Native::call(Abi::KAYAKO_CHECK_REQUEST, $this->handle, $apiKey, self::presented($form));
    }

    protected static function declarations(): string
    {
        return Abi::KAYAKO_HANDLE . Abi::KAYAKO_SIGN . Abi::KAYAKO_CHECK;
    }
}
