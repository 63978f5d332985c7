<?php

declare(strict_types=1);

namespace Apisig\Framework;

/**
 * The vendors that a framework can be configured for: the only place that lists them.
 */
final class Vendors
{
    /**
     * @internal
     * @var array<string, class-string<Vendor>> by their names in the configuration
     */
    public const ALL = [
        'imbachat' => ImbaChat::class,
        'kayako' => Kayako::class,
        'kommo' => Kommo::class,
        'mor' => Mor::class,
        'retailcrm' => RetailCrm::class,
    ];

    /**
     * Returns the settings of all vendors, from variables such as KOMMO_SECRET.
     *
     * @param \Closure(string, int|string|null): mixed $environment returns a variable, or the default: Laravel's
     *     env(...)
     * @return array<string, array<string, mixed>>
     */
    public static function settings(\Closure $environment): array
    {
        $settings = [];
        foreach (self::ALL as $vendor => $class) {
            foreach ($class::SETTINGS as $name => $default) {
                $settings[$vendor][$name] = $environment(\strtoupper("{$vendor}_$name"), $default);
            }
        }
        return $settings;
    }
}
