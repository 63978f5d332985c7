<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What was presented does not hold; its status says why. Tell the sender no more than "not authorized".
 */
final class VerificationFailed extends Exception
{
    /** What was done wrong, if it was asked for: for your log, never for the sender. */
    public ?Diagnosis $diagnosis = null;
}
