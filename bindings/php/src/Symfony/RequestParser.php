<?php

declare(strict_types=1);

namespace Apisig\Symfony;

use Apisig\Framework\Gate;
use Apisig\Framework\HttpFoundationIncoming;
use Apisig\Framework\Listeners;
use Apisig\Framework\Webhooks;
use Apisig\VerificationFailed;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\RequestMatcher\MethodRequestMatcher;
use Symfony\Component\HttpFoundation\RequestMatcherInterface;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\RemoteEvent\RemoteEvent;
use Symfony\Component\Webhook\Client\AbstractRequestParser;
use Symfony\Component\Webhook\Exception\RejectWebhookException;

/**
 * Reads a vendor's webhooks for symfony/webhook. The remote event has the webhook's name, such as "message", an id that
 * is the same for every copy of it, and the decoded JSON as its payload.
 */
final class RequestParser extends AbstractRequestParser
{
    public function __construct(private readonly Gate&Webhooks $gate, private readonly Listeners $listeners)
    {
    }

    /** Returns 200: Kommo treats only 200 as success. */
    public function createSuccessfulResponse(?Request $request = null): Response
    {
        return new Response();
    }

    protected function getRequestMatcher(): RequestMatcherInterface
    {
        return new MethodRequestMatcher('POST');
    }

    /**
     * @param string $secret is not used: the secrets are those of the bundle's configuration, of which there may be two
     * @throws RejectWebhookException with 401 or 413 if it is refused; with 406 if it is signed, but no JSON object
     * @throws \Exception if the replay store fails
     */
    protected function doParse(Request $request, #[\SensitiveParameter] string $secret): RemoteEvent
    {
        $incoming = new HttpFoundationIncoming($request);
        $checked = $this->gate->check($incoming);
        if (!$this->listeners->admit($checked)) {
            $status = $checked->outcome->status();
            throw new RejectWebhookException($status, Response::$statusTexts[$status]);
        }
        try {
            return new RemoteEvent(...$this->gate->event($incoming));
        } catch (VerificationFailed $malformed) {
            throw new RejectWebhookException(406, 'The body is not a JSON object.', $malformed);
        }
    }
}
