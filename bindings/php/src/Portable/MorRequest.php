<?php

declare(strict_types=1);

namespace Apisig\Portable;

use Apisig\Abi;
use Apisig\Status;
use SensitiveParameter as Secret;

/**
 * What a form says to a method of MOR's.
 *
 * @internal
 */
final class MorRequest
{
    /** The parameter hash; '' without one. */
    public string $hash = '';

    /** Why servers may read the form in different ways; '' if they do not. */
    private string $refusal;

    /** @var array<string, string> the types of the parameters that the method may hash, in its order */
    private array $types;

    /** @var list<string> a "-" and a name that adds nothing, or does not with the value behind a "=" */
    private array $leftOut;

    /** @var list<string> the names of all fields */
    private array $names = [];

    /** @var array<string, string> the values of those parameters that were sent, in the method's order */
    private array $sent = [];

    public function __construct(string $method, #[Secret] string $form)
    {
        $items = \explode(',', MorRegistry::METHODS[$method][0] ?? throw new Refused(Status::Method));
        $this->leftOut = \array_filter($items, static fn (string $item): bool => $item[0] === '-');
        $list = \array_fill_keys(\array_diff($items, $this->leftOut), 'Text');
        $this->types = $items[0] === '*' ? MorRegistry::ORDER : $list;
        $this->refusal = match (true) {
            \strlen($form) > Abi::MOR_FORM_MAX => MorRegistry::TOO_LONG,
            \str_contains($form, ';') => MorRegistry::SEMICOLON,
            !Form::isReadAlike($form) => MorRegistry::MULTIPART,
            default => $this->take($form),
        };
    }

    /** The same, if every server reads it so. */
    public function readAlike(): self
    {
        return $this->refusal === '' ? $this : throw new Refused(Status::Malformed);
    }

    /** Why a form is not signed: servers may read it in different ways, or hash a value otherwise than it was sent. */
    public function refusal(): string
    {
        foreach ($this->refusal === '' ? $this->sent : [] as $name => $value) {
            $isAsSent = $value === '' || $this->isLeftOut($name, $value) || $this->typed($name, $value) === $value;
            if (!$isAsSent && $this->isTyped($name)) {
                return $this->wrongType($name);
            }
        }
        return $this->refusal;
    }

    /** @return array<string, string> the parameters that are hashed, in their order, with their values */
    public function hashed(): array
    {
        $hashed = [];
        foreach ($this->sent as $name => $value) {
            $hashed[$name] = $this->isLeftOut($name, $value) ? '' : $this->typed($name, $value);
        }
        return \array_diff($hashed, ['']);
    }

    /** @return list<string> the names of all other fields */
    public function others(): array
    {
        return \array_diff($this->names, \array_keys($this->hashed()));
    }

    /** Takes the fields. Returns why servers may read them in different ways. */
    private function take(#[Secret] string $form): string
    {
        $values = [];
        foreach (Form::fields($form) as [$name, $encoded]) {
            if (!Text::is(Text::WORD, $name)) {
                return MorRegistry::NAME;
            }
            $this->names[] = $name;
            if (!isset($this->types[$name]) && $name !== 'hash') {
                continue;
            }
            // A value is read by its type more than once: no long one is.
            if (\strlen($encoded) > MorRegistry::TYPED_MAX && $this->isTyped($name)) {
                return $this->wrongType($name);
            }
            if (isset($values[$name])) {
                return \sprintf(MorRegistry::TWICE, $name);
            }
            $values[$name] = \urldecode($encoded);
        }
        $this->hash = $values['hash'] ?? '';
        $this->sent = \array_intersect_key(\array_replace($this->types, $values), $this->types, $values);
        return '';
    }

    private function isTyped(string $name): bool
    {
        return !\in_array($this->types[$name] ?? 'Text', ['Text', 'Never'], true);
    }

    private function wrongType(string $name): string
    {
        return \sprintf(MorRegistry::TYPES[$this->types[$name]][1], $name);
    }

    private function isLeftOut(string $name, #[Secret] string $value): bool
    {
        return \in_array("-$name", $this->leftOut, true) || \in_array("-$name=$value", $this->leftOut, true);
    }

    /** The value as the server hashes it; '' if it is of the wrong type. */
    private function typed(string $name, #[Secret] string $value): string
    {
        $type = $this->types[$name];
        $read = $type === 'Integer' ? \ltrim(\substr($value, 0, -1), '0') . \substr($value, -1) : $value;
        return Text::is(MorRegistry::TYPES[$type][0], $value) ? $read : '';
    }
}
