<?php

/**
 * For php-fpm and other servers: set `opcache.preload` to this file, and web requests may use apisig under PHP's
 * default `ffi.enable=preload`. The README says what else goes with it.
 */

declare(strict_types=1);

foreach (\glob(__DIR__ . '/src/*.php') ?: [] as $file) {
    \opcache_compile_file($file);
}
