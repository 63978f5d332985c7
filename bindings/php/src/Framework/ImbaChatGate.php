<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Checked;
use Apisig\ImbaChat;
use Apisig\InvalidArgument;
use Apisig\Outcome;
use Apisig\Psr\Secret;
use Apisig\Response;

/**
 * Admits ImbaChat's own requests, by API login and password.
 *
 * @internal
 */
final class ImbaChatGate extends Gate
{
    private readonly Secret $password;

    /**
     * @param string $login your API login, from the widget's settings
     * @param string $password your API password
     * @throws InvalidArgument if login or password is empty
     */
    public function __construct(private readonly string $login, #[\SensitiveParameter] string $password)
    {
        ImbaChat::verifyAuthorization($login, $password, null);
        $this->password = new Secret($password);
    }

    /** If the web server does not pass the header, PHP may have read it. Two headers are refused. */
    public function check(Incoming $request): Checked
    {
        $own = [$this->login, $this->password->text()];
        $headers = $request->header('Authorization');
        $isAuthorized = $headers === []
            ? ImbaChat::verifyRequest(...$own, server: $request->server())
            : ImbaChat::verifyAuthorization(...$own, authorization: \count($headers) === 1 ? $headers[0] : null);
        return $isAuthorized
            ? new Checked('imbachat', Outcome::Admitted, 0)
            : new Checked('imbachat', Outcome::Mismatch);
    }

    /** Returns ImbaChat::unauthorized(). */
    public function refusal(Checked $checked): Response
    {
        return ImbaChat::unauthorized();
    }
}
