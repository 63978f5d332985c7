<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What was presented does not hold; `->status` says why. Tell the sender no more than "not authorized".
 */
final class VerificationFailed extends Exception
{
}
