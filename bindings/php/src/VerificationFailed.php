<?php

declare(strict_types=1);

namespace Apisig;

/**
 * A signature or a password is not accepted; the status says why. Tell the sender no more than "not authorized".
 */
final class VerificationFailed extends Exception
{
    /** What was done wrong, if you set it: for your log, never for the sender. */
    public ?Diagnosis $diagnosis = null;
}
