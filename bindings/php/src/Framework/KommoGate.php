<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Checked;
use Apisig\InvalidArgument;
use Apisig\Kommo;
use Apisig\Outcome;
use Apisig\ReplayGuard;
use Apisig\Status;
use Apisig\VerificationFailed;

/**
 * Admits webhooks that Kommo signed.
 *
 * @internal
 */
final class KommoGate extends Gate implements Webhooks
{
    /** 1 MiB. */
    public const LIMIT = 1048576;

    /**
     * @param ?ReplayGuard $guard admits each webhook once, also if its handler then fails; null: the same webhook is
     *     admitted again
     * @param int $limit bytes of the largest body that is read, 0 or more
     * @throws InvalidArgument if $limit is negative
     */
    public function __construct(
        private readonly Kommo $kommo,
        private readonly ?ReplayGuard $guard,
        private readonly int $limit = self::LIMIT
    ) {
        if ($limit < 0) {
            throw new InvalidArgument('$limit is negative. Pass bytes, 0 or more.');
        }
    }

    public function check(Incoming $request): Checked
    {
        $signatures = $request->header('X-Signature');
        // No body has a malformed signature, not even an empty one.
        if (\count($signatures) !== 1 || $this->secret('', $signatures[0]) === Status::Malformed) {
            return new Checked('kommo', Outcome::Malformed);
        }
        $body = $request->body($this->limit);
        if ($body === null) {
            return new Checked('kommo', Outcome::TooLarge);
        }
        if ($body === '') {
            // A webhook has a body. PHP keeps none of multipart/form-data, which it reads itself.
            return new Checked('kommo', Outcome::Mismatch);
        }
        $secret = $this->secret($body, $signatures[0]);
        if ($secret instanceof Status) {
            return new Checked('kommo', Outcome::Mismatch);
        }
        $isNew = $this->guard === null || $this->guard->admit(Kommo::webhookReplayId($signatures[0]));
        return new Checked('kommo', $isNew ? Outcome::Admitted : Outcome::Replayed, $secret);
    }

    public function event(Incoming $request): array
    {
        $webhook = Kommo::webhook((string) $request->body($this->limit));
        $id = Kommo::webhookReplayId($request->header('X-Signature')[0] ?? null);
        return [$webhook->event, $id->id, $webhook->raw];
    }

    /** Returns the index of the secret that matched, or why there is none. */
    private function secret(string $body, string $signature): int|Status
    {
        try {
            return $this->kommo->checkWebhook($body, $signature);
        } catch (VerificationFailed $failure) {
            return $failure->status;
        }
    }
}
