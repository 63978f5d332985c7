<?php

declare(strict_types=1);

namespace Apisig;

/**
 * The native library cannot be used: the message says what is missing and what to do about it.
 */
final class LibraryUnavailable extends Exception
{
}
