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

interface ByInterface
{
    #[Verify('imbachat')]
    public function byInterface(): Response;
}

trait ByTrait
{
    #[Verify('imbachat')]
    public function byTrait(): Response
    {
        return new Response('reached');
    }
}

final class Inherited extends ByClass
{
    #[Route('/inherited/class')]
    public function byClass(): Response
    {
        return new Response('reached');
    }
}

final class Implemented implements ByInterface
{
    use ByTrait;

    #[Route('/inherited/interface')]
    public function byInterface(): Response
    {
        return new Response('reached');
    }
}
