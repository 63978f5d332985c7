<?php

declare(strict_types=1);

namespace App;

use Apisig\Symfony\Verify;
use Symfony\Component\HttpFoundation\Response;

abstract class Declaring
{
    public static function handle(): Response
    {
        return new Response('reached');
    }
}

#[Verify('imbachat')]
abstract class Verified extends Declaring
{
}

abstract class Called extends Verified
{
}
