<?php

declare(strict_types=1);

namespace App;

use Apisig\Symfony\Verify;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\Routing\Attribute\Route;

#[Verify('imbachat')]
abstract class ByClass
{
}

final class Inherited extends ByClass
{
    #[Route('/inherited/class')]
    public function byClass(): Response
    {
        return new Response('reached');
    }
}
