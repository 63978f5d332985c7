<?php

// Makes the calls that tests/mor/rule.py printed: php tests/mor/check.php FILE.

declare(strict_types=1);

use Apisig\Exception;
use Apisig\Mor;

require __DIR__ . '/../php/bootstrap.php';

function made(string $verb, string ...$fields): string
{
    try {
        if ($verb === 'parameters') {
            $names = Mor::parameters(...$fields);
            return \implode(',', $names->hashed) . '\n' . \implode(',', $names->others);
        }
        $mor = new Mor(\array_shift($fields));
        return $verb === 'sign_request' ? $mor->signRequest(...$fields) : (string) $mor->checkRequest(...$fields);
    } catch (Exception $refused) {
        return \strtoupper($refused->status->name);
    }
}

[$passed, $failed] = [0, 0];
foreach (new SplFileObject($argv[1]) as $line) {
    $call = \explode("\t", \rtrim($line, "\n"));
    $expected = \array_pop($call);
    if ($call === []) {
        continue;
    }
    $made = made(...$call);
    $made === $expected ? $passed++ : $failed++;
    if ($made !== $expected && $failed <= 10) {
        echo "FAILED: $line    PHP: $made\n";
    }
}
echo "$passed passed, $failed failed\n";
exit($failed === 0 && $passed > 0 ? 0 : 1);
