<?php

declare(strict_types=1);

namespace Apisig;

/**
 * A form of RetailCRM's that nothing signs, read as strictly as those that are signed.
 *
 * @internal
 */
final class RetailCrmForm
{
    private const TEXT_MAX = 512;

    /** @throws VerificationFailed if it is too long */
    public function __construct(#[\SensitiveParameter] private readonly string $form)
    {
        if (\strlen($form) > Abi::RETAILCRM_FORM_MAX) {
            throw self::malformed();
        }
    }

    /**
     * The only field of this name: not empty, in UTF-8, without control characters, up to 512 bytes.
     *
     * @throws VerificationFailed
     */
    public function text(string $name): string
    {
        $text = $this->field($name);
        if (\strlen($text) > self::TEXT_MAX || \preg_match('/^[^\x00-\x1f\x7f]+\z/u', $text) !== 1) {
            throw self::malformed();
        }
        return $text;
    }

    /**
     * These members of the JSON object in the only field of this name: true or false each.
     *
     * @return list<bool>
     * @throws VerificationFailed
     */
    public function booleans(string $name, string ...$members): array
    {
        $object = \json_decode($this->field($name));
        return \array_map(static function (string $member) use ($object): bool {
            $value = $object instanceof \stdClass ? $object->$member ?? null : null;
            return \is_bool($value) ? $value : throw self::malformed();
        }, $members);
    }

    /** PHP's own parser would keep the last of two fields. */
    private function field(string $name): string
    {
        $values = [];
        foreach (\explode('&', $this->form) as $field) {
            [$key, $value] = \explode('=', $field, 2) + ['', ''];
            if (\urldecode($key) === $name) {
                $values[] = \urldecode($value);
            }
        }
        return \count($values) === 1 ? $values[0] : throw self::malformed();
    }

    private static function malformed(): VerificationFailed
    {
        return new VerificationFailed(Status::Malformed->text(), Status::Malformed);
    }
}
