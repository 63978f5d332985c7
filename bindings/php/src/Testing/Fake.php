<?php

declare(strict_types=1);

namespace Apisig\Testing;

use Apisig\InvalidArgument;
use Apisig\Mistake;
use Apisig\Psr\Secret;

/**
 * What the classes that stand in for a vendor share: the secret, and the mistakes that can be made with it.
 */
abstract class Fake
{
    private const OF_SECRETS = [
        Mistake::SecretNewline,
        Mistake::SecretSpace,
        Mistake::SecretBom,
        Mistake::SecretCase,
    ];

    private readonly Secret $secret;

    /** @param string $secret the one that your application has in its tests */
    public function __construct(#[\SensitiveParameter] string $secret)
    {
        $this->secret = new Secret($secret);
    }

    /**
     * The mistake of this name, if a request can have it.
     *
     * @param Mistake|string|null $broken such as Mistake::SecretNewline or "SECRET_NEWLINE"
     * @param list<Mistake> $others those that it can have beside the ones of secrets
     * @throws InvalidArgument
     */
    final protected static function mistake(Mistake|string|null $broken, array $others = []): ?Mistake
    {
        if ($broken === null) {
            return null;
        }
        $plain = static fn (string $name): string => \strtolower(\str_replace('_', '', $name));
        $name = $plain(\is_string($broken) ? $broken : $broken->name);
        $possible = [...self::OF_SECRETS, ...$others];
        foreach ($possible as $mistake) {
            if ($plain($mistake->name) === $name) {
                return $mistake;
            }
        }
        $names = \implode(', ', \array_column($possible, 'name'));
        throw new InvalidArgument("This request cannot have the mistake $name. Pass one of: $names.");
    }

    /**
     * The secret, or what a mistake makes of it.
     *
     * @throws InvalidArgument if the secret is the same in upper and lower case
     */
    final protected function secret(?Mistake $mistake = null): string
    {
        $secret = $this->secret->text();
        return match ($mistake) {
            Mistake::SecretNewline => "$secret\n",
            Mistake::SecretSpace => " $secret",
            Mistake::SecretBom => "\u{feff}$secret",
            Mistake::SecretCase => self::inAnotherCase($secret),
            default => $secret,
        };
    }

    private static function inAnotherCase(#[\SensitiveParameter] string $secret): string
    {
        foreach ([\strtoupper($secret), \strtolower($secret)] as $other) {
            if ($other !== $secret) {
                return $other;
            }
        }
        throw new InvalidArgument('The secret has no letters, and so no other case. Use another secret in this test.');
    }
}
