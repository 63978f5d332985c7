<?php

declare(strict_types=1);

namespace App;

use Apisig\Symfony\Verify;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\Routing\Attribute\Route;

interface ByInterface
{
    #[Verify('imbachat')]
    public function byInterface(): Response;
}

final class Implemented implements ByInterface
{
    #[Route('/inherited/interface')]
    public function byInterface(): Response
    {
        return new Response('reached');
    }
}
