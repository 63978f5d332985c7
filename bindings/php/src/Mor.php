<?php

declare(strict_types=1);

namespace Apisig;

/**
 * Kolmisoft MOR API: the hash of each request.
 *
 * The hash covers neither the method nor the names, and not where one value ends. Two different requests can have the
 * same hash: devices_get?user_id=7 has the hash of user_delete?user_id=7, and a user_balance_update of user 12 to 345
 * that of user 123 to 45. A hash never expires. Send requests over TLS only, give keys few permissions, and take the
 * hash as proof that the sender has the key, not of what each value is.
 *
 * A method hashes the parameters of its own list, if it has one. Every other method hashes each parameter that is sent
 * and is one of 209 names, in their order, read by type: a user_id of 007 is hashed as 7, a balance that is not a
 * number adds nothing. See parameters() and isConfirmed(). A server may differ: its page Settings, Setup, Generate hash
 * shows what it hashes. For a method that is not in the registry, use sign().
 *
 * new Mor($secret, $previousSecrets): the API secret key, at most 1024 bytes;
 * checks accept up to three previous ones.
 * Source: the vendor's page "MOR API hash construction", and requests whose hashes are public.
 *
 * @final except for mocks: createMock() replaces it in your tests.
 */
class Mor extends Handle
{
    protected const NAME = 'mor';

    /**
     * Returns the hash of values.
     *
     * @param string|int ...$values those of the hashed parameters in their order, not URL-encoded
     * @return string the parameter `hash`: 40 hex digits
     */
    public function sign(#[\SensitiveParameter] string|int ...$values): string
    {
        $joined = \implode('', $values);
        return $this->library->apisig_mor_sign($this->handle, $joined, \strlen($joined), $this->out, self::SIZE)
            ?? throw $this->refusal(Abi::ARGUMENT_HANDLE);
    }

    /**
     * Whether a hash, the first argument, is that of the values. Upper case is refused, as by the server.
     *
     * @param mixed $hash as received
     * @param mixed ...$values as received, decoded, in their order: text or integers. Anything else is refused
     */
    public function verify(mixed $hash, #[\SensitiveParameter] mixed ...$values): bool
    {
        return self::verdict($this->number($hash, $values));
    }

    /**
     * Returns which secret matched, or throws with the reason.
     *
     * @return int the index of the secret: 0 is the current one
     * @throws VerificationFailed
     */
    public function check(mixed $hash, #[\SensitiveParameter] mixed ...$values): int
    {
        return self::checked($this->number($hash, $values));
    }

    /**
     * Returns what a ReplayGuard remembers of a verified request. Equal requests have equal hashes: an honest
     * repetition is refused as well.
     *
     * @param mixed $hash as received
     */
    public static function replayId(mixed $hash): ReplayId
    {
        return ReplayId::of(self::NAME, self::presented($hash), null);
    }

    /**
     * Returns the hash of a request: of the values that its method hashes.
     *
     * @param string $method as in /billing/api/METHOD, such as "user_balance_get", or an older name of it.
     *     Case-sensitive.
     * @param array<string, string|int>|string $parameters by name, not URL-encoded, in any order; or a form as it is
     *     sent. One that is missing or empty, or that the method does not hash, adds nothing.
     * @return string the parameter `hash`: 40 hex digits
     * @throws Exception if the method is not in the registry (Status::Method)
     * @throws InvalidArgument which names the parameter, if the server would not hash a value as it is (the user_id
     *     007, the balance ten), a value is neither text nor an integer, or servers read the form in different ways:
     *     see verifyRequest()
     */
    public function signRequest(string $method, #[\SensitiveParameter] array|string $parameters): string
    {
        $form = self::form($parameters);
        return Native::shortText(Abi::MOR_SIGN_REQUEST, $this->handle, $method, $form)
            ?? throw self::reason($this->refusal(Abi::ARGUMENT_HANDLE), $method, $form);
    }

    /**
     * Returns a form with its hash at the end: the body of a POST.
     *
     * @param string $method as in signRequest()
     * @param array<string, string|int>|string $parameters as in signRequest(), with those that are not hashed, such as
     *     `u`
     * @throws Exception if the method is not in the registry (Status::Method)
     * @throws InvalidArgument as signRequest(), or if there is a parameter `hash`
     */
    public function signForm(string $method, #[\SensitiveParameter] array|string $parameters): string
    {
        $form = self::form($parameters);
        try {
            return Native::text(Abi::MOR_SIGN_FORM, $this->handle, $method, $form);
        } catch (InvalidArgument $mistake) {
            throw self::reason($mistake, $method, $form);
        }
    }

    /**
     * Returns a signed request: a POST to {base}/billing/api/{method}, with all parameters and their hash in the body.
     * A password among them is in clear text: keep the body out of logs.
     *
     * @param string $method as in signRequest()
     * @param array<string, string|int> $parameters as in signRequest(), with those that are not hashed, such as `u`
     * @param string $base as in url()
     * @throws Exception if the method is not in the registry (Status::Method)
     * @throws InvalidArgument as signForm() and url()
     */
    public function request(string $method, #[\SensitiveParameter] array $parameters, string $base): Request
    {
        $url = self::url($base, $method);
        $headers = ['Content-Type' => 'application/x-www-form-urlencoded'];
        return new Request('POST', $url, $headers, $this->signForm($method, $parameters));
    }

    /**
     * Returns the URL of a request, such as https://mor.example.com/billing/api/user_balance_get
     *
     * @param string $base where the server is: https://mor.example.com
     * @param string $method lower-case letters, digits and _; it need not be in the registry
     * @throws InvalidArgument if the base is not a URL of http or https without user name, query and fragment, or for
     *     any other method
     */
    public static function url(string $base, string $method): string
    {
        return Native::text(Abi::MOR_URL, $base, $method);
    }

    /**
     * Whether the `hash` in a request's form is that of the values that its method hashes.
     *
     * A value of the wrong type adds nothing, as on the server. The hash does not cover the method: compare it with
     * those that the sender may call. A form that servers read in different ways is refused: a parameter that is
     * hashed, or `hash`, twice; a name with other characters than letters, digits, _ and -, such as name[]; a ; that is
     * not encoded; a line that starts with --; more than 1000 fields or 1 MiB; more than 4096 bytes in a value that is
     * read by type.
     *
     * @param mixed $method as in signRequest(); one that is not in the registry is refused
     * @param mixed $form as received: the body, file_get_contents('php://input'), or the query without its ?. If your
     *     application reads both together, join them with &.
     */
    public function verifyRequest(mixed $method, #[\SensitiveParameter] mixed $form): bool
    {
        return self::verdict($this->numberOfRequest($method, $form));
    }

    /**
     * Returns which secret matched, or throws with the reason.
     *
     * @return int the index of the secret: 0 is the current one
     * @throws VerificationFailed Status::Method if the method is not in the registry, Status::Malformed for a form that
     *     servers read in different ways, else Status::Mismatch
     */
    public function checkRequest(mixed $method, #[\SensitiveParameter] mixed $form): int
    {
        return self::checked($this->numberOfRequest($method, $form));
    }

    /**
     * Returns which parameters of a request are hashed, in their order, and which are not.
     *
     * @param string $method as in signRequest()
     * @param array<string, string|int>|string $parameters as in signRequest()
     * @throws Exception if the method is not in the registry (Status::Method), or servers read the form in different
     *     ways (Status::Malformed)
     */
    public static function parameters(string $method, #[\SensitiveParameter] array|string $parameters): MorParameters
    {
        $text = Native::text(Abi::MOR_PARAMETERS, $method, self::form($parameters));
        $names = static fn (string $line): array => $line === '' ? [] : \explode(',', $line);
        return new MorParameters(...\array_map($names, \explode("\n", $text)));
    }

    /**
     * Whether public hashes confirm what a method hashes: those of requests to servers of four generations, or one
     * example that the vendor published. False if only a list of the vendor or of a client library says so, or if the
     * method is not in the registry. core/src/mor/methods.tsv in the sources has the source of each method.
     */
    public static function isConfirmed(string $method): bool
    {
        return Native::call(Abi::MOR_IS_CONFIRMED, $method);
    }

    /**
     * Returns what was done wrong when a request was hashed. Log it; never return it to the sender, who would learn how
     * to sign.
     *
     * Mistakes are reported only if they reproduce the hash exactly. For your log:
     * $failed->diagnosis = Mor::diagnose($secret, $method, $_POST, $hash); Every order of 8 values takes about 10 ms,
     * if no mistake is found. At most 36 MiB are hashed.
     *
     * @param string $method as in signRequest(); or '', to hash the values in their order
     * @param array<string, string|int>|string $parameters as in signRequest(); a `hash` among them is ignored
     * @param mixed $hash as received
     * @throws Exception if the method is not in the registry (Status::Method), or servers read the form in different
     *     ways (Status::Malformed)
     * @throws InvalidArgument if the secret is empty or too long, or a value is neither text nor an integer
     */
    public static function diagnose(
        #[\SensitiveParameter] string $secret,
        string $method,
        #[\SensitiveParameter] array|string $parameters,
        mixed $hash
    ): Diagnosis {
        return Diagnosis::by(Abi::MOR_DIAGNOSIS, $secret, $method, self::form($parameters), self::presented($hash));
    }

    /**
     * Returns an explanation of a request's hash, a line for each step, as on the vendor's own page Settings, Setup,
     * Generate hash: which values are hashed in which order, which parameters are not, the hashed text; and warnings,
     * such as of white space around the secret.
     *
     * It shows of the secret only the length and 8 digits of its SHA-256. It shows the hashed values, a password among
     * them, and the hash, which never expires: keep the text out of logs that others read.
     *
     * @param string $method as in diagnose()
     * @param array<string, string|int>|string $parameters as in diagnose()
     * @throws Exception if the method is not in the registry (Status::Method)
     * @throws InvalidArgument if the secret is empty or too long, a value is neither text nor an integer, or servers
     *     read the form in different ways
     */
    public static function explain(
        #[\SensitiveParameter] string $secret,
        string $method,
        #[\SensitiveParameter] array|string $parameters
    ): string {
        return Native::text(Abi::MOR_EXPLAIN, $secret, $method, self::form($parameters));
    }

    /** @param array<mixed> $values */
    private function number(mixed $hash, #[\SensitiveParameter] array $values): int
    {
        $isText = static fn (mixed $it): bool => \is_string($it) || \is_int($it) || $it instanceof \Stringable;
        $texts = \array_filter($values, $isText);
        // Without one of its values no hash is right.
        $hash = \count($texts) === \count($values) ? self::presented($hash) : '';
        $values = \implode('', $texts);
        return $this->library->apisig_mor_check($this->handle, $values, \strlen($values), $hash, \strlen($hash));
    }

    private function numberOfRequest(mixed $method, #[\SensitiveParameter] mixed $form): int
    {
        $presented = [self::presented($method), self::presented($form)];
        return Native::call(Abi::MOR_CHECK_REQUEST, $this->handle, ...$presented);
    }

    /** Which parameter of a form is wrong; or another mistake, if none is. */
    private static function reason(Exception $other, string $method, #[\SensitiveParameter] string $form): Exception
    {
        $text = Native::text(Abi::MOR_REFUSAL, $method, $form);
        return $text === '' ? $other : new InvalidArgument($text);
    }

    /** The caller's own parameters, encoded once. What has no one text, such as true or 1.50, is not guessed. */
    private static function form(#[\SensitiveParameter] array|string $parameters): string
    {
        if (\is_string($parameters)) {
            return $parameters;
        }
        foreach ($parameters as $name => $value) {
            if (!\is_string($name) || !\is_string($value) && !\is_int($value)) {
                $type = \is_string($name) ? \get_debug_type($value) : 'without a name';
                throw new InvalidArgument("The parameter $name is $type. Pass text or an integer.");
            }
        }
        return \http_build_query($parameters, '', '&');
    }

    protected static function declarations(): string
    {
        return Abi::MOR_HANDLE . Abi::MOR_SIGN . Abi::MOR_CHECK;
    }
}
