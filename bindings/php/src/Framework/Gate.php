<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Checked;
use Apisig\Response;

/**
 * Decides about the requests that a vendor sends. Each framework's middleware asks it, and lets it answer.
 *
 * @internal
 */
abstract class Gate
{
    /**
     * Returns the decision. It reads no body whose signature cannot be right.
     *
     * @throws \Exception if a guard's store fails: the request is not admitted
     */
    abstract public function check(Incoming $request): Checked;

    /** Returns the answer to a request that is not admitted. */
    public function refusal(Checked $checked): Response
    {
        return new Response($checked->outcome->status(), [], '');
    }
}
