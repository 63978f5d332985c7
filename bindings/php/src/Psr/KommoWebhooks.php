<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\Checked;
use Apisig\Framework\KommoGate;
use Apisig\Framework\Listeners;
use Apisig\InvalidArgument;
use Apisig\Kommo;
use Apisig\ReplayGuard;
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
final class KommoWebhooks implements MiddlewareInterface
{
    private readonly KommoGate $gate;

    private readonly Listeners $listeners;

    /**
     * @param ?ReplayGuard $guard admits each webhook once, also if its handler then fails; null: the same webhook is
     *     admitted again
     * @param int $limit bytes of the largest body that is read, 0 or more; 1 MiB if not given
     * @param ?LoggerInterface $logger gets one line for each request
     * @param ?\Closure(Checked): mixed $onChecked called for each request before it is answered. What it throws is
     *     thrown, and the handler is not reached
     * @throws InvalidArgument if $limit is negative
     */
    public function __construct(
        Kommo $kommo,
        private readonly ResponseFactoryInterface $responses,
        ?ReplayGuard $guard = null,
        int $limit = KommoGate::LIMIT,
        ?LoggerInterface $logger = null,
        ?\Closure $onChecked = null
    ) {
        $this->gate = new KommoGate($kommo, $guard, $limit);
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
        $checked = $this->gate->check(new PsrIncoming($request));
        return $this->listeners->admit($checked)
            ? $handler->handle($request)
            : $this->responses->createResponse($checked->outcome->status());
    }
}
