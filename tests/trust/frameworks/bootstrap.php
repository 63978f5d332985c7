<?php

/**
 * For PHPUnit: the library, Debian's framework, and the classes of the application in APPLICATION.
 */

declare(strict_types=1);

// Composer has installed none of Debian's packages.
$none = new class {
    public static function isInstalled(): bool
    {
        return false;
    }
};
class_alias($none::class, 'Composer\InstalledVersions');
require '/apisig/bindings/php/vendor/autoload.php';
foreach (explode(' ', getenv('AUTOLOAD')) as $file) {
    require_once "$file/autoload.php";
}
spl_autoload_register(static function (string $class): void {
    $folders = ['App\Tests\\' => 'tests/', 'App\\' => 'src/', 'Tests\\' => 'tests/'];
    foreach ($folders as $namespace => $folder) {
        $file = getenv('APPLICATION') . "/$folder" . strtr(substr($class, strlen($namespace)), '\\', '/') . '.php';
        if (str_starts_with($class, $namespace) && is_file($file)) {
            require $file;
            return;
        }
    }
});
