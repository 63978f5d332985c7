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
        foreach (self::vendors($event) as $vendor) {
            $gate = $this->gates->get($vendor);
            $checked = $gate->check(new HttpFoundationIncoming($event->getRequest()));
            if (!$this->listeners->admit($checked)) {
                $response = HttpFoundationIncoming::response($gate->refusal($checked));
                $event->setController(static fn (): Response => $response);
                // A later listener may set another controller.
                $event->stopPropagation();
                return;
            }
        }
    }

    /**
     * PHP does not inherit attributes. Those of all that the controller's class is, and of what its method overrides,
     * count too.
     *
     * @return array<string> each once
     */
    private static function vendors(ControllerEvent $event): array
    {
        $vendors = \array_column($event->getAttributes(Verify::class), 'vendor');
        $called = $event->getControllerReflector();
        $controller = $event->getController();
        $class = match (true) {
            \is_array($controller) => $controller[0],
            // A static method knows only the class that declares it.
            \is_string($controller) && \str_contains($controller, '::') => \strstr($controller, '::', true),
            $controller instanceof \Closure => self::classOf($controller),
            default => $called->getClosureThis() ?? $called->class ?? null,
        };
        foreach ($class === null ? [] : self::types($class) as $type) {
            $attributes = $type->getAttributes(Verify::class);
            if ($type->hasMethod($called->name)) {
                \array_push($attributes, ...$type->getMethod($called->name)->getAttributes(Verify::class));
            }
            foreach ($attributes as $attribute) {
                $vendors[] = $attribute->newInstance()->vendor;
            }
        }
        return \array_unique($vendors);
    }

    /** The object or class that a closure was made of. */
    private static function classOf(\Closure $controller): object|string|null
    {
        $closure = new \ReflectionFunction($controller);
        return $closure->getClosureThis() ?? (\method_exists($closure, 'getClosureCalledClass')
            ? $closure->getClosureCalledClass()
            : $closure->getClosureScopeClass())?->name;
    }

    /** @return iterable<\ReflectionClass<object>> a class, its parents, interfaces and traits */
    private static function types(object|string $class): iterable
    {
        $types = [new \ReflectionClass($class)];
        for ($at = 0; $at < \count($types); $at++) {
            $parent = $types[$at]->getParentClass();
            \array_push($types, ...\array_values($types[$at]->getTraits()), ...($parent === false ? [] : [$parent]));
        }
        return [...$types, ...\array_values($types[0]->getInterfaces())];
    }
}
