<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\InvalidArgument;
use Apisig\Kommo;
use Apisig\ReplayGuard;
use Psr\Http\Message\ResponseFactoryInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Server\MiddlewareInterface;
use Psr\Http\Server\RequestHandlerInterface;

/**
 * Lets webhooks through that Kommo has signed: PSR-15 middleware for their route, before what changes the body.
 */
final class KommoWebhook implements MiddlewareInterface
{
    /** @param ?ReplayGuard $guard lets each webhook through once, also if its handler then fails; not asked if null */
    public function __construct(
        private readonly Kommo $kommo,
        private readonly ResponseFactoryInterface $responses,
        private readonly ?ReplayGuard $guard = null
    ) {
    }

    /**
     * The handler's answer; 401 with an empty body if the X-Signature is not that of the body's bytes, or it was let
     * through before.
     *
     * @throws InvalidArgument if the body cannot be rewound for the handler
     * @throws \Exception if the guard's store fails: the webhook is not let through then
     */
    public function process(ServerRequestInterface $request, RequestHandlerInterface $handler): ResponseInterface
    {
        $signature = $request->getHeaderLine('X-Signature');
        return $this->kommo->verifyWebhook(Body::read($request), $signature) && $this->isNew($signature)
            ? $handler->handle($request)
            : $this->responses->createResponse(401);
    }

    private function isNew(string $signature): bool
    {
        return $this->guard === null || $this->guard->admit(Kommo::webhookReplayId($signature));
    }
}
