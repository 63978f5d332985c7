<?php

declare(strict_types=1);

namespace Apisig\Tests;

/** Returns what matches on the vendor's page that has these words; null if that page is not beside the project. */
function printed(string $words, string $pattern): ?string
{
    $files = \glob(__DIR__ . '/../../../../shared/seeds/*_*.txt') ?: [];
    foreach ($files as $file) {
        $page = \file_get_contents($file);
        if (\str_contains($page, $words)) {
            \preg_match($pattern, $page, $found) === 1 || throw new \LogicException("$file prints its code no more");
            return $found[0];
        }
    }
    return $files === [] ? null : throw new \LogicException("No page has the words \"$words\"");
}
