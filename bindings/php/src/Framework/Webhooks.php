<?php

declare(strict_types=1);

namespace Apisig\Framework;

/**
 * A gate whose requests are events, such as Symfony's RemoteEvent.
 *
 * @internal
 */
interface Webhooks
{
    /**
     * Returns the event's name, an id that is the same for every copy of the request, and the decoded payload.
     *
     * @param Incoming $request one that check() admitted
     * @return array{string, string, array<mixed>}
     * @throws \Apisig\VerificationFailed if the body cannot be read
     */
    public function event(Incoming $request): array;
}
