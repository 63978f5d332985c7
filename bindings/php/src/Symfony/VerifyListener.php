<?php

declare(strict_types=1);

namespace Apisig\Symfony;

use Apisig\Framework\HttpFoundationIncoming;
use Apisig\Framework\Listeners;
use Psr\Container\ContainerInterface;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpKernel\Event\ControllerEvent;

/**
 * Puts the refusal in the place of a controller with #[Verify].
 *
 * @internal
 */
final class VerifyListener
{
    /** @param ContainerInterface $gates by the vendors' names */
    public function __construct(private readonly ContainerInterface $gates, private readonly Listeners $listeners)
    {
    }

    /** @throws \Exception if the vendor is not configured, or the replay store fails: the request is not admitted */
    public function __invoke(ControllerEvent $event): void
    {
        foreach ($event->getAttributes(Verify::class) as $verify) {
            $gate = $this->gates->get($verify->vendor);
            $checked = $gate->check(new HttpFoundationIncoming($event->getRequest()));
            if (!$this->listeners->admit($checked)) {
                $response = HttpFoundationIncoming::response($gate->refusal($checked));
                $event->setController(static fn (): Response => $response);
                return;
            }
        }
    }
}
