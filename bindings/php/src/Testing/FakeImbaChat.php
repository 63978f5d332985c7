<?php

declare(strict_types=1);

namespace Apisig\Testing;

use Apisig\InvalidArgument;
use Apisig\Mistake;

/**
 * Sends what ImbaChat sends: its user info request, with API login and password.
 */
final class FakeImbaChat extends Fake
{
    /**
     * @param string $login your API login
     * @param string $password your API password
     */
    public function __construct(private readonly string $login, #[\SensitiveParameter] string $password)
    {
        parent::__construct($password);
    }

    /**
     * Returns the user info request.
     *
     * @param list<int> $ids of the users
     * @param Mistake|string|null $broken what is wrong with it, one of MISTAKES
     * @throws InvalidArgument if it cannot have the mistake
     */
    public function users(array $ids = [1, 2], Mistake|string|null $broken = null): FakeRequest
    {
        $login = "$this->login:" . $this->secret(self::mistake($broken));
        $headers = ['Authorization' => 'Basic ' . \base64_encode($login)];
        return new FakeRequest('GET', '/?user_ids=' . \implode(',', $ids), $headers);
    }
}
