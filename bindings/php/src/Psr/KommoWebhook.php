<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\Checked;
use Apisig\InvalidArgument;
use Apisig\Kommo;
use Apisig\Outcome;
use Apisig\ReplayGuard;
use Apisig\Status;
use Apisig\VerificationFailed;
use Psr\Http\Message\ResponseFactoryInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Server\MiddlewareInterface;
use Psr\Http\Server\RequestHandlerInterface;
use Psr\Log\LoggerInterface;

/**
 * Admits webhooks that Kommo signed: PSR-15 middleware for their route, before what changes the body. It protects the
 * handler that it wraps, whatever the path.
 */
final class KommoWebhook implements MiddlewareInterface
{
    /** 1 MiB. */
    public const LIMIT = 1048576;

    private readonly Listeners $listeners;

    /**
     * @param ?ReplayGuard $guard admits each webhook once, also if its handler then fails; null: the same webhook is
     *     admitted again
     * @param int $limit bytes of the largest body that is read, 0 or more
     * @param ?LoggerInterface $logger gets one line for each request
     * @param ?\Closure(Checked): mixed $onChecked called for each request before it is answered. What it throws is
     *     thrown, and the handler is not reached
     * @throws InvalidArgument if $limit is negative
     */
    public function __construct(
        private readonly Kommo $kommo,
        private readonly ResponseFactoryInterface $responses,
        private readonly ?ReplayGuard $guard = null,
        private readonly int $limit = self::LIMIT,
        ?LoggerInterface $logger = null,
        ?\Closure $onChecked = null
    ) {
        if ($limit < 0) {
            throw new InvalidArgument('$limit is negative. Pass bytes, 0 or more.');
        }
        $this->listeners = new Listeners($logger, $onChecked);
    }

    /**
     * Returns the handler's answer, or one with an empty body: 413 if the body is larger than $limit; 401 if
     * X-Signature is not that of the body's bytes, or the webhook was admitted before.
     *
     * @throws InvalidArgument if the body cannot be rewound for the handler
     * @throws \Exception if the guard's store fails: the webhook is not admitted
     */
    public function process(ServerRequestInterface $request, RequestHandlerInterface $handler): ResponseInterface
    {
        $checked = $this->check($request);
        return $this->listeners->admit($checked)
            ? $handler->handle($request)
            : $this->responses->createResponse($checked->outcome->status());
    }

    private function check(ServerRequestInterface $request): Checked
    {
        $signatures = $request->getHeader('X-Signature');
        // No body has a malformed signature, not even an empty one.
        if (\count($signatures) !== 1 || $this->secret('', $signatures[0]) === Status::Malformed) {
            return new Checked('kommo', Outcome::Malformed);
        }
        $body = Body::readAtMost($this->limit, $request);
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
