<?php

/**
 * For PHPUnit: what Composer installed for the application in this folder, and Debian's packages of its framework, in AUTOLOAD.
 */

declare(strict_types=1);

require 'vendor/autoload.php';
foreach (explode(' ', getenv('AUTOLOAD')) as $package) {
    require_once "$package/autoload.php";
}
