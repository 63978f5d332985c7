<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Response;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response as HttpFoundationResponse;

/**
 * A request of Symfony, or of Laravel, whose class extends it.
 *
 * @internal
 */
final class HttpFoundationIncoming implements Incoming
{
    public function __construct(private readonly Request $request)
    {
    }

    /** Returns the framework's response of a refusal. */
    public static function response(Response $refusal): HttpFoundationResponse
    {
        return new HttpFoundationResponse($refusal->body, $refusal->status, $refusal->headers);
    }

    public function header(string $name): array
    {
        return \array_values(\array_map('strval', $this->request->headers->all($name)));
    }

    public function body(int $max): ?string
    {
        $stream = $this->request->getContent(true);
        $body = '';
        // In chunks: PHP allocates at once all that it is asked to read.
        do {
            $chunk = (string) \fread($stream, 65536);
            $body .= $chunk;
        } while ($chunk !== '' && \strlen($body) <= $max);
        return \strlen($body) <= $max ? $body : null;
    }

    public function server(): array
    {
        return $this->request->server->all();
    }
}
