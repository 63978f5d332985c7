<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What to remember of a signed request, so that the same one is not let in twice: replayId() of each vendor's class
 * makes it, and a ReplayGuard takes it. Other spellings of one signature have one id, and so in every language.
 */
final class ReplayId
{
    /**
     * @param string $id a text without anything secret in it
     * @param ?int $seconds for how long the signature can hold, 1 or more; null: for ever
     * @throws InvalidArgument
     */
    public function __construct(public readonly string $id, public readonly ?int $seconds)
    {
        if ($seconds !== null && $seconds < 1) {
            throw new InvalidArgument('An id is remembered for 1 second or more.', Status::Argument);
        }
    }

    /**
     * The id of a signature: SHA-256 is a short name for it here, and signs nothing.
     *
     * @internal
     * @throws InvalidArgument
     */
    public static function of(string $room, string $signature, ?int $seconds): self
    {
        return new self("apisig:$room:" . \hash('sha256', $signature), $seconds);
    }
}
