<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\Checked;
use Apisig\Framework\ImbaChatGate;
use Apisig\Framework\Listeners;
use Apisig\InvalidArgument;
use Psr\Http\Message\ResponseFactoryInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Psr\Http\Server\MiddlewareInterface;
use Psr\Http\Server\RequestHandlerInterface;
use Psr\Log\LoggerInterface;

/**
 * Admits ImbaChat's own requests, by API login and password: PSR-15 middleware for the Users info URL. It protects the
 * handler that it wraps, whatever the path.
 */
final class ImbaChatLogin implements MiddlewareInterface
{
    private readonly ImbaChatGate $gate;

    private readonly Listeners $listeners;

    /**
     * @param string $login your API login, from the widget's settings
     * @param string $password your API password
     * @param ?LoggerInterface $logger gets one line for each request
     * @param ?\Closure(Checked): mixed $onChecked called for each request before it is answered. What it throws is
     *     thrown, and the handler is not reached
     * @throws InvalidArgument if login or password is empty
     */
    public function __construct(
        string $login,
        #[\SensitiveParameter] string $password,
        private readonly ResponseFactoryInterface $responses,
        private readonly StreamFactoryInterface $streams,
        ?LoggerInterface $logger = null,
        ?\Closure $onChecked = null
    ) {
        $this->gate = new ImbaChatGate($login, $password);
        $this->listeners = new Listeners($logger, $onChecked);
    }

    /** Returns the handler's answer, or ImbaChat::unauthorized(). */
    public function process(ServerRequestInterface $request, RequestHandlerInterface $handler): ResponseInterface
    {
        $checked = $this->gate->check(new PsrIncoming($request));
        return $this->listeners->admit($checked) ? $handler->handle($request) : $this->refusal($checked);
    }

    private function refusal(Checked $checked): ResponseInterface
    {
        $answer = $this->gate->refusal($checked);
        $response = $this->responses->createResponse($answer->status);
        foreach ($answer->headers as $name => $value) {
            $response = $response->withHeader($name, $value);
        }
        return $response->withBody($this->streams->createStream($answer->body));
    }
}
