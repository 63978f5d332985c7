<?php

declare(strict_types=1);

namespace Apisig;

/**
 * What signs and checks in this process. Native::engine() says which; both have the same results.
 */
enum Engine: string
{
    /** The native library, through FFI. */
    case Native = 'native';
    /** The library in PHP, for hosts that do not allow FFI. It neither diagnoses nor explains. */
    case Portable = 'php';
}
