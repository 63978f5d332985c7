<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What to remember of a signed request, so that it is admitted once: replayId() of each vendor's class returns it, and
 * a ReplayGuard takes it. All spellings of one signature have the same id, in every language.
 */
final class ReplayId
{
    /**
     * @param string $id the vendor and a hash, such as "kayako:73475cb4…"; nothing secret
     * @param ?int $seconds for how long the signature is valid, 1 or more; null: it never expires
     * @throws InvalidArgument
     */
    public function __construct(public readonly string $id, public readonly ?int $seconds)
    {
        if ($seconds !== null && $seconds < 1) {
            throw new InvalidArgument('$seconds is below 1. Pass 1 or more, or null.');
        }
    }

    /**
     * The id of a signature: SHA-256 is a short name for it here, and signs nothing.
     *
     * @internal
     * @throws InvalidArgument
     */
    public static function of(string $vendor, string $signature, ?int $seconds): self
    {
        return new self("$vendor:" . \hash('sha256', $signature), $seconds);
    }
}
