<?php

/**
 * Uses the classes of all vendors with a secret that comes through standard input, and waits for somebody to take a dump
 * of its memory: once when objects have been used, once when they are gone. What PHP itself copies is overwritten here, as a careful
 * user would. Usage: secrets.php [keep: PHP's copy of the secret is not overwritten]
 */

declare(strict_types=1);

require __DIR__ . '/../../bindings/php/vendor/autoload.php';

use Apisig\Handle;

// PHP's own streams keep what they have read.
$c = FFI::cdef('ssize_t read(int from, void *to, size_t len);');

function wait_for_the_dump(string $when): void
{
    global $c;
    echo "$when\n";
    $c->read(0, FFI::new('char[1]'), 1) === 1 || exit(1);
}

/** Something of each parameter's type: every method that takes it is called, whatever it says of it. */
function use_every_method(Handle $object): int
{
    $values = ['string' => str_repeat('0', 64), 'int' => 1600000000, '?int' => 1600000000, 'bool' => true, 'array' => [], 'mixed' => '1'];
    $called = 0;
    foreach ((new ReflectionObject($object))->getMethods(ReflectionMethod::IS_PUBLIC) as $method) {
        $types = array_map(static fn ($parameter) => (string) $parameter->getType(), $method->getParameters());
        if ($method->isStatic() || str_starts_with($method->getName(), '__') || array_diff($types, array_keys($values)) !== []) {
            continue;
        }
        try {
            $method->invoke($object, ...array_map(static fn ($type) => $values[$type], $types));
        } catch (Apisig\Exception) {
        }
        $called++;
    }
    return $called;
}

echo "secret\n";
$length = FFI::new('uint16_t[1]');
$c->read(0, $length, 2);
$place = FFI::new('char[4096]');
$c->read(0, $place, $length[0]) === $length[0] || exit(1);
$secret = FFI::string($place, $length[0]);
FFI::memset($place, 0, 4096);

$objects = [];
foreach (glob(__DIR__ . '/../../bindings/php/src/*.php') as $file) {
    $class = 'Apisig\\' . basename($file, '.php');
    if (is_subclass_of($class, Handle::class)) {
        $objects[$class] = new $class($secret);
        use_every_method($objects[$class]) > 1 || exit(2);
    }
}
count($objects) > 1 || exit(3);
// Its secret is hashed behind the values, and so is kept in the handle.
unset($objects[Apisig\Mor::class]);
if ($argc < 2) {
    sodium_memzero($secret);
}

wait_for_the_dump('used');
unset($objects);
wait_for_the_dump('freed');
