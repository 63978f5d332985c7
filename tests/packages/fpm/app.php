<?php

/**
 * A site that checks the Kommo requests that it gets, and signs a Kayako salt: run by php-fpm in tests/packages/fpm.sh.
 */

declare(strict_types=1);

use Apisig\Kayako;
use Apisig\Kommo;

spl_autoload_register(static function (string $class): void {
    require getenv('APISIG_CLASSES') . '/' . strtr(substr($class, strlen('Apisig\\')), '\\', '/') . '.php';
});

try {
    if (str_starts_with($_SERVER['REQUEST_URI'], '/salt/')) {
        echo (new Kayako('secretkey'))->sign(substr($_SERVER['REQUEST_URI'], strlen('/salt/')));
        return;
    }
    $kommo = new Kommo('channel secret');
    $body = (string) file_get_contents('php://input');
    $isRight = $kommo->verify($_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI'], $body, getallheaders());
    http_response_code($isRight ? 200 : 401);
    echo $isRight ? 'accepted' : 'refused';
} catch (Apisig\LibraryUnavailable $unavailable) {
    http_response_code(503);
    echo $unavailable->getMessage();
}
