<?php

declare(strict_types=1);

namespace App;

use Apisig\Symfony\Verify;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\Routing\Attribute\Route;

#[Verify('imbachat')]
trait ByTrait
{
}

final class Used
{
    use ByTrait;

    #[Route('/inherited/trait')]
    public function __invoke(): Response
    {
        return new Response('reached');
    }
}
