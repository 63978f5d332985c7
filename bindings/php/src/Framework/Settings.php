<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\InvalidArgument;

/**
 * The settings of one vendor, from the framework's configuration. No value is shown by var_dump() and the like.
 *
 * @internal
 */
final class Settings
{
    /** @var ?\WeakMap<self, array<string, mixed>> apart from the objects, as in Psr\Secret */
    private static ?\WeakMap $values = null;

    /**
     * @param string $vendor its name in the configuration, such as "kommo"
     * @param array<string, mixed> $values by the names of the vendor's SETTINGS
     */
    public function __construct(public readonly string $vendor, #[\SensitiveParameter] array $values)
    {
        self::$values ??= new \WeakMap();
        self::$values[$this] = $values + Vendors::ALL[$vendor]::SETTINGS;
    }

    /**
     * Returns a setting.
     *
     * @throws SettingMissing if it is not set, and has no default
     */
    public function text(string $name): string
    {
        $missing = "The setting $this->vendor.$name is not set. Set it in the configuration of apisig.";
        return $this->optional($name) ?? throw new SettingMissing($missing);
    }

    /** Returns a setting, or null if it is empty. */
    public function optional(string $name): ?string
    {
        $value = self::$values[$this][$name] ?? null;
        return $value === null || $value === '' ? null : $this->checked($name, $value);
    }

    /**
     * Returns a setting that is a number; the vendor's default if it is empty.
     *
     * @throws InvalidArgument if it is no number
     */
    public function number(string $name): int
    {
        $default = Vendors::ALL[$this->vendor]::SETTINGS[$name];
        return self::whole("$this->vendor.$name", self::$values[$this][$name], $default);
    }

    /**
     * Returns an int from an int or a string of digits; the default if empty.
     *
     * @throws InvalidArgument for anything else: a cast would turn "30d" into 30
     */
    public static function whole(string $name, mixed $value, int $default): int
    {
        if ($value === null || $value === '') {
            return $default;
        }
        return \is_int($value) || \is_string($value) && $value === (string) (int) $value
            ? (int) $value
            : throw new InvalidArgument("The setting $name is not a whole number. Set an integer, such as 60.");
    }

    /**
     * Returns the texts of a setting that may be one or a list; those that are empty are left out.
     *
     * @return list<string>
     */
    public function list(string $name): array
    {
        $texts = [];
        // Not by array_map(), which would have the texts in the trace of an exception.
        foreach ((array) self::$values[$this][$name] as $value) {
            if ($value !== null && $value !== '') {
                $texts[] = $this->checked($name, $value);
            }
        }
        return $texts;
    }

    /** A list or true would become a secret that anyone can guess: "Array", "1". */
    private function checked(string $name, #[\SensitiveParameter] mixed $value): string
    {
        return \is_string($value) || \is_int($value) ? (string) $value : throw new InvalidArgument(
            "The setting $this->vendor.$name is not text. Set a string."
        );
    }

    /**
     * Returns the names of the settings that have no default and are not set.
     *
     * @return list<string>
     */
    public function missing(): array
    {
        $required = \array_keys(Vendors::ALL[$this->vendor]::SETTINGS, null, true);
        return \array_values(\array_filter($required, fn (string $name): bool => $this->optional($name) === null));
    }

    /** Whether none is set that has no default. */
    public function isEmpty(): bool
    {
        return $this->missing() === \array_keys(Vendors::ALL[$this->vendor]::SETTINGS, null, true);
    }

    /** @throws \LogicException always: a secret is not written anywhere */
    public function __serialize(): array
    {
        throw new \LogicException('Settings have secrets and cannot be serialized.');
    }
}
