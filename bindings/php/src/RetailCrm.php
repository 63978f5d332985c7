<?php

declare(strict_types=1);

namespace Apisig;

/**
 * RetailCRM (Simla) simple connection: the register request and its token, and the answers of a module.
 *
 * The token covers the API key only, not the system URL that is sent with it. It never expires.
 * new RetailCrm($secret, $previousSecrets): the module's secret string from the partner account;
 * checks accept up to three previous ones.
 * Source: the vendor's page "The procedure of simple connection of the module".
 *
 * @final except for mocks: createMock() replaces it in your tests.
 */
class RetailCrm extends Handle
{
    protected const NAME = 'retailcrm';

    /**
     * Returns the token of an API key: 64 hex digits.
     *
     * @throws InvalidArgument if the API key is empty
     */
    public function sign(#[\SensitiveParameter] string $apiKey): string
    {
        return $this->library->apisig_retailcrm_sign($this->handle, $apiKey, \strlen($apiKey), $this->out, self::SIZE)
            ?? throw $this->refusal(Abi::ARGUMENT_API_KEY);
    }

    /**
     * Whether a token is that of the API key. Both as received. The token's hex digits are case-insensitive.
     */
    public function verify(#[\SensitiveParameter] mixed $apiKey, #[\SensitiveParameter] mixed $token): bool
    {
        return self::verdict($this->number($apiKey, $token));
    }

    /**
     * Returns which secret matched, or throws with the reason.
     *
     * @return int the index of the secret: 0 is the current one
     * @throws VerificationFailed
     */
    public function check(#[\SensitiveParameter] mixed $apiKey, #[\SensitiveParameter] mixed $token): int
    {
        return self::checked($this->number($apiKey, $token));
    }

    private function number(#[\SensitiveParameter] mixed $apiKey, #[\SensitiveParameter] mixed $token): int
    {
        $apiKey = \is_string($apiKey) ? $apiKey : self::presented($apiKey);
        $token = \is_string($token) ? $token : self::presented($token);
        return $this->library->apisig_retailcrm_check(
            $this->handle,
            $apiKey,
            \strlen($apiKey),
            $token,
            \strlen($token)
        );
    }

    /**
     * Returns what a ReplayGuard remembers of a verified token. An API key always has the same token: a second honest
     * connection is refused as well, so ReplayGuard::forget() it when a module is disconnected.
     */
    public static function replayId(#[\SensitiveParameter] mixed $token): ReplayId
    {
        return ReplayId::of(self::NAME, \strtolower(self::presented($token)), null);
    }

    /**
     * Returns the API key and the system URL of a register request, or throws with the reason.
     *
     * Give the list of hosts. Without it, anyone who has seen one register request can send it again with another URL,
     * and receives what the module sends there: the API key.
     *
     * @param mixed $form the raw body, up to 64 KiB: file_get_contents('php://input'), or where only $_POST is left,
     *     http_build_query(['register' => $_POST['register']]); with one field register of JSON, or the fields
     *     register[token], register[apiKey] and register[systemUrl]
     * @param list<string> $hosts the hosts that the system URL may have, such as ['retailcrm.ru', 'simla.com']: the
     *     host itself or any below it; IDN in punycode; an IPv4 address or a name without a dot must be listed itself.
     *     An empty list allows any name that has a dot
     * @throws VerificationFailed with the status Malformed: it cannot be read; Mismatch: the token is wrong; Url: the
     *     token is right, but the system URL is not https:// and an allowed host alone
     * @throws InvalidArgument if an entry of $hosts cannot be a host
     */
    public function register(#[\SensitiveParameter] mixed $form, array $hosts): RetailCrmRegistration
    {
        $sizes = [Abi::RETAILCRM_API_KEY_SIZE, Abi::RETAILCRM_SYSTEM_URL_SIZE];
        $strings = [self::presented($form), self::list($hosts, Abi::ARGUMENT_HOSTS)];
        $texts = Native::record(Abi::RETAILCRM_CHECK_REGISTER, $sizes, $this->handle, ...$strings);
        return \is_int($texts) ? throw VerificationFailed::of($texts) : new RetailCrmRegistration(...$texts);
    }

    /**
     * Returns the answer to a configuration request.
     *
     * @param list<string> $scopes the rights that the module requests, such as 'order_read': lower-case letters and "_"
     * @param string $registerUrl where the system sends the register request: an absolute https URL
     * @throws InvalidArgument if an argument is not as above
     */
    public static function config(array $scopes, string $registerUrl): Response
    {
        return self::answer(Abi::RETAILCRM_CONFIG, self::list($scopes, Abi::ARGUMENT_SCOPES), $registerUrl);
    }

    /**
     * Returns the answer to a register request that succeeded.
     *
     * @param string $accountUrl where the user is sent next, with the clientId: an absolute https URL
     * @throws InvalidArgument if the URL is not as above
     */
    public static function registered(string $accountUrl): Response
    {
        return self::answer(Abi::RETAILCRM_REGISTERED, $accountUrl);
    }

    /**
     * Returns the answer to a request that failed. Its HTTP status is 200, or the user sees no message.
     *
     * @param string $message what the user reads in the module's card, in UTF-8
     * @throws InvalidArgument if it is not UTF-8
     */
    public static function failed(string $message): Response
    {
        return self::answer(Abi::RETAILCRM_FAILED, $message);
    }

    /** Returns the answer to a request that needs no other, such as the one that tells of a module's activity. */
    public static function accepted(): Response
    {
        return self::json(Native::call(Abi::RETAILCRM_ACCEPTED));
    }

    /**
     * Returns the request by which a module registers itself, or changes its settings later. The API key is in its
     * headers: keep them out of logs. Follow no redirect.
     *
     * @param string $code the module's code: letters, digits, "-" and "_"
     * @param array<string, mixed> $module the fields of integrationModule, such as clientId, baseUrl, accountUrl and
     *     actions; its code is $code
     * @throws InvalidArgument if the code or the registration's system URL is not as above, or its API key is not a
     *     header
     * @throws \JsonException if $module has something that is not UTF-8 or has no form in JSON
     */
    public static function edit(
        #[\SensitiveParameter] RetailCrmRegistration $registration,
        string $code,
        array $module
    ): Request {
        if (\preg_match('/^[!-~]+\z/', $registration->apiKey) !== 1) {
            throw new InvalidArgument('The API key is empty, or has a character that is not visible ASCII.');
        }
        $url = Native::text(Abi::RETAILCRM_EDIT_URL, $registration->systemUrl, $code);
        $flags = \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES | \JSON_THROW_ON_ERROR;
        $headers = ['X-API-KEY' => $registration->apiKey, 'Content-Type' => 'application/x-www-form-urlencoded'];
        $body = 'integrationModule=' . \urlencode(\json_encode(['code' => $code] + $module, $flags));
        return new Request('POST', $url, $headers, $body);
    }

    /**
     * Returns what a system says about a module's activity. Nothing signs it: anyone who knows a clientId can send it.
     * Look the clientId up; show the system URL, but send nothing there.
     *
     * @param mixed $form the raw body, up to 64 KiB, as in register()
     * @throws VerificationFailed with the status Malformed if it cannot be read
     */
    public static function activity(#[\SensitiveParameter] mixed $form): RetailCrmActivity
    {
        $form = self::presented($form);
        [$active, $freeze, $clientId, $systemUrl] = \explode("\n", self::unsigned(Abi::RETAILCRM_ACTIVITY, $form));
        // The library has read it, so that it is neither too long nor has too many fields.
        // parse_str() stops at a NUL byte, which PHP does not where it receives a form.
        \parse_str(\strtr($form, ["\0" => '%00']), $raw);
        $activity = Payload::text($raw, 'activity');
        $raw['activity'] = $activity === null ? $raw['activity'] : \json_decode($activity, true);
        return new RetailCrmActivity($active === 'true', $freeze === 'true', $clientId, $systemUrl, $raw);
    }

    /**
     * Returns the clientId that a user's browser brings to the accountUrl. Nothing signs it: give each account a long
     * random one, and look it up.
     *
     * @param mixed $form the raw body, up to 64 KiB, as in register()
     * @throws VerificationFailed with the status Malformed if it cannot be read
     */
    public static function clientId(#[\SensitiveParameter] mixed $form): string
    {
        return self::unsigned(Abi::RETAILCRM_CLIENT_ID, $form);
    }

    /**
     * Returns the mistake that makes a wrong token. Log it; never return it to the sender, who would learn how to sign:
     *
     *     $failed->diagnosis = RetailCrm::diagnose($secret, $apiKey, $token);
     *
     * Mistakes are reported only if they reproduce the token exactly. Upper case is a mistake, although verify()
     * accepts it: the vendor's own client does not.
     *
     * @param string $secret that of the module
     * @param mixed $apiKey as received
     * @throws InvalidArgument if the secret is empty
     */
    public static function diagnose(
        #[\SensitiveParameter] string $secret,
        #[\SensitiveParameter] mixed $apiKey,
        #[\SensitiveParameter] mixed $token
    ): Diagnosis {
        return Diagnosis::by(Abi::RETAILCRM_DIAGNOSIS, $secret, self::presented($apiKey), self::presented($token));
    }

    /**
     * Returns an explanation of an API key's token, a line for each step; and warnings, such as of a line feed at the
     * end of the secret. It shows of secret and API key only the length and 8 digits of their SHA-256. It shows the
     * token: keep the text secret.
     *
     * @throws InvalidArgument if the secret or the API key is empty
     */
    public static function explain(#[\SensitiveParameter] string $secret, #[\SensitiveParameter] string $apiKey): string
    {
        return Native::text(Abi::RETAILCRM_EXPLAIN, $secret, $apiKey);
    }

    private static function unsigned(string $declaration, #[\SensitiveParameter] mixed $form): string
    {
        try {
            return Native::text($declaration, self::presented($form));
        } catch (Exception $malformed) {
            throw new VerificationFailed($malformed->getMessage(), $malformed->status);
        }
    }

    private static function answer(string $declaration, #[\SensitiveParameter] string ...$strings): Response
    {
        return self::json(Native::text($declaration, ...$strings));
    }

    private static function json(string $body): Response
    {
        return new Response(200, ['Content-Type' => 'application/json'], $body);
    }

    /** The entries with commas. [''], which explode() makes of '', must not become an empty list. */
    private static function list(array $entries, int $refusal): string
    {
        foreach ($entries as $entry) {
            if (!\is_string($entry) || $entry === '') {
                throw Exception::of($refusal);
            }
        }
        return \implode(',', $entries);
    }

    protected static function declarations(): string
    {
        return Abi::RETAILCRM_HANDLE . Abi::RETAILCRM_SIGN . Abi::RETAILCRM_CHECK;
    }
}
