<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;
use SensitiveParameter as Secret;

/**
 * MOR's section of the C interface.
 *
 * @internal
 */
final class Mor extends Library
{
    protected const SECRET_MAX = Abi::MOR_SECRET_MAX;

    protected function sign(object $handle, #[Secret] string $values): string
    {
        return self::signed($handle, $values);
    }

    protected function check(object $handle, #[Secret] string $values, string $hash): int
    {
        return self::find($handle, $hash, $values);
    }

    protected function signRequest(object $handle, string $method, #[Secret] string $form): string
    {
        $request = new MorRequest($method, $form);
        $request->refusal() === '' || throw new Refused(Abi::ARGUMENT_FORM);
        return self::signed($handle, \implode($request->hashed()));
    }

    protected function signForm(object $handle, string $method, #[Secret] string $form): string
    {
        return Form::with($form, ['hash'], 'hash=' . $this->signRequest($handle, $method, $form));
    }

    protected function url(string $base, string $method): string
    {
        [$site, $behind] = Text::base($base) ?? throw new Refused(Abi::ARGUMENT_BASE);
        \str_contains(Text::before('/', $behind), '@') && throw new Refused(Abi::ARGUMENT_BASE);
        $isMethod = Text::is('/^[a-z0-9_]++\z/', $method);
        return $isMethod ? "$site/billing/api/$method" : throw new Refused(Abi::ARGUMENT_METHOD);
    }

    protected function checkRequest(object $handle, string $method, #[Secret] string $form): int
    {
        $request = new MorRequest($method, $form);
        return self::find($handle, $request->hash, \implode($request->readAlike()->hashed()));
    }

    protected function parameters(string $method, #[Secret] string $form): string
    {
        $request = (new MorRequest($method, $form))->readAlike();
        return \implode(',', \array_keys($request->hashed())) . "\n" . \implode(',', $request->others());
    }

    protected function refusal(string $method, #[Secret] string $form): string
    {
        return (new MorRequest($method, $form))->refusal();
    }

    protected function isConfirmed(string $method): bool
    {
        return MorRegistry::METHODS[$method][1] ?? false;
    }

    protected static function signature(#[Secret] string $text, #[Secret] string $secret): string
    {
        return \sha1($text . $secret);
    }
}
