<?php

declare(strict_types=1);

namespace Apisig;

/**
 * The vendor refused a request: `->httpStatus` and what its answer says about it.
 */
final class RequestRefused extends Exception
{
    /**
     * @param int $httpStatus such as 403
     * @param string $errorType such as "ORIGIN_INVALID_SIGNATURE"; '' if the answer has none. Untrusted input
     * @param string $description for people; '' if the answer has none. Untrusted input
     */
    public function __construct(
        public readonly int $httpStatus,
        public readonly string $errorType,
        public readonly string $description
    ) {
        $type = \strlen($errorType) > 80 ? \substr($errorType, 0, 80) . '...' : $errorType;
        $type = $type === '' ? '' : ": $type";
        parent::__construct("The request was refused with HTTP status $httpStatus$type.");
    }
}
