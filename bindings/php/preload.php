<?php

/**
 * For php-fpm and other servers: set `opcache.preload` to this file, and web requests may use apisig under PHP's
 * default `ffi.enable=preload`. docs/php.md, php-fpm, says what else is needed.
 * The classes in its folders need no preloading: those of frameworks and tests need classes that may not be there, and
 * src/Portable is for hosts that do without FFI.
 */

declare(strict_types=1);

foreach (\glob(__DIR__ . '/src/*.php') ?: [] as $file) {
    \opcache_compile_file($file);
}
