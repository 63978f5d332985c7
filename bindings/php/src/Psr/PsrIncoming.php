<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\Framework\Incoming;
use Apisig\InvalidArgument;
use Psr\Http\Message\ServerRequestInterface;

/**
 * A PSR-7 request, as a Gate reads it.
 *
 * @internal
 */
final class PsrIncoming implements Incoming
{
    public function __construct(private readonly ServerRequestInterface $request)
    {
    }

    public function header(string $name): array
    {
        return $this->request->getHeader($name);
    }

    /** @throws InvalidArgument if the body cannot be rewound for the handler */
    public function body(int $max): ?string
    {
        return Body::readAtMost($max, $this->request);
    }

    public function server(): array
    {
        return $this->request->getServerParams();
    }
}
