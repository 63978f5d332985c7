<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;

/**
 * MOR's section of the C interface.
 *
 * @internal
 */
final class Mor extends Library
{
    protected const SECRET_MAX = Abi::MOR_SECRET_MAX;

    protected function sign(#[\SensitiveParameter] array $secrets, #[\SensitiveParameter] string $values): string
    {
        return self::signature($values, $secrets[0]);
    }

    protected function check(
        #[\SensitiveParameter] array $secrets,
        #[\SensitiveParameter] string $values,
        string $hash
    ): int {
        return self::find($secrets, $values, $hash);
    }

    protected function signRequest(
        #[\SensitiveParameter] array $secrets,
        string $method,
        #[\SensitiveParameter] string $form
    ): string {
        $request = MorRequest::read($method, $form, Abi::ARGUMENT_FORM);
        $request->refusal() === '' || throw new Refused(Abi::ARGUMENT_FORM);
        return $this->sign($secrets, \implode($request->hashed()));
    }

    protected function signForm(
        #[\SensitiveParameter] array $secrets,
        string $method,
        #[\SensitiveParameter] string $form
    ): string {
        return Form::with($form, ['hash'], 'hash=' . $this->signRequest($secrets, $method, $form));
    }

    protected function url(string $base, string $method): string
    {
        [$site, $behind] = Text::base($base) ?? throw new Refused(Abi::ARGUMENT_BASE);
        !\str_contains(\explode('/', $behind)[0], '@') || throw new Refused(Abi::ARGUMENT_BASE);
        $isMethod = \preg_match('/^[a-z0-9_]++\z/', $method) === 1;
        return $isMethod ? "$site/billing/api/$method" : throw new Refused(Abi::ARGUMENT_METHOD);
    }

    protected function checkRequest(
        #[\SensitiveParameter] array $secrets,
        string $method,
        #[\SensitiveParameter] string $form
    ): int {
        $request = MorRequest::read($method, $form, Status::Malformed->value);
        return $this->check($secrets, \implode($request->hashed()), $request->hash);
    }

    protected function parameters(string $method, #[\SensitiveParameter] string $form): string
    {
        $request = MorRequest::read($method, $form, Status::Malformed->value);
        return \implode(',', \array_keys($request->hashed())) . "\n" . \implode(',', $request->others());
    }

    protected function refusal(string $method, #[\SensitiveParameter] string $form): string
    {
        return MorRequest::read($method, $form)->refusal();
    }

    protected function isConfirmed(string $method): bool
    {
        return MorRegistry::METHODS[$method][1] ?? false;
    }

    protected static function signature(
        #[\SensitiveParameter] string $text,
        #[\SensitiveParameter] string $secret
    ): string {
        return \sha1($text . $secret);
    }
}
