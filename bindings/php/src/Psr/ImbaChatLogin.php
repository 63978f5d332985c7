<?php

declare(strict_types=1);

namespace Apisig\Psr;

use Apisig\ImbaChat;
use Apisig\InvalidArgument;
use Psr\Http\Message\ResponseFactoryInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Psr\Http\Server\MiddlewareInterface;
use Psr\Http\Server\RequestHandlerInterface;

/**
 * Lets ImbaChat's own requests through, by API login and password: PSR-15 middleware for the Users info URL.
 */
final class ImbaChatLogin implements MiddlewareInterface
{
    use Undisclosed;

    /**
     * @param string $login your API login, from the widget's settings
     * @param string $password your API password
     * @throws InvalidArgument if one is empty
     */
    public function __construct(
        private readonly string $login,
        #[\SensitiveParameter] string $password,
        private readonly ResponseFactoryInterface $responses,
        private readonly StreamFactoryInterface $streams
    ) {
        ImbaChat::verifyAuthorization($login, $password, null);
        $this->keep($password);
    }

    /** The handler's answer, or ImbaChat::unauthorized(). */
    public function process(ServerRequestInterface $request, RequestHandlerInterface $handler): ResponseInterface
    {
        return $this->isAuthorized($request) ? $handler->handle($request) : $this->unauthorized();
    }

    /** Where the web server withholds the header, PHP itself may have read it. */
    private function isAuthorized(ServerRequestInterface $request): bool
    {
        return $request->hasHeader('Authorization')
            ? ImbaChat::verifyAuthorization($this->login, $this->secret(), $request->getHeaderLine('Authorization'))
            : ImbaChat::verifyRequest($this->login, $this->secret(), $request->getServerParams());
    }

    private function unauthorized(): ResponseInterface
    {
        $answer = ImbaChat::unauthorized();
        $response = $this->responses->createResponse($answer->status);
        foreach ($answer->headers as $name => $value) {
            $response = $response->withHeader($name, $value);
        }
        return $response->withBody($this->streams->createStream($answer->body));
    }
}
