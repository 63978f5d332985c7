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
    /** @var list<Mistake> those that a signed request can have: make a data provider of them */
    public const MISTAKES = [
        Mistake::SecretNewline,
        Mistake::SecretSpace,
        Mistake::SecretBom,
        Mistake::SecretCase,
    ];

    private readonly Secret $secret;

    /** @param string $secret the one that your tests use */
    public function __construct(#[\SensitiveParameter] string $secret)
    {
        $this->secret = new Secret($secret);
    }

    /**
     * The mistake of this name, if a request can have it.
     *
     * @param Mistake|string|null $broken such as Mistake::SecretNewline or "SECRET_NEWLINE"
     * @throws InvalidArgument
     */
    final protected static function mistake(Mistake|string|null $broken): ?Mistake
    {
        if ($broken === null) {
            return null;
        }
        $names = \array_map(self::name(...), static::MISTAKES);
        $name = $broken instanceof Mistake ? self::name($broken) : $broken;
        $found = \array_search($name, $names, true);
        if ($found === false) {
            $possible = \implode(', ', $names);
            throw new InvalidArgument("This request cannot have the mistake $name. Pass one of $possible.");
        }
        return static::MISTAKES[$found];
    }

    /** The name that Python and the command have, such as "SECRET_NEWLINE". */
    private static function name(Mistake $mistake): string
    {
        return \strtoupper(\preg_replace('/\B[A-Z]/', '_$0', $mistake->name));
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
