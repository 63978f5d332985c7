<?php

declare(strict_types=1);

namespace Apisig\Laravel;

use Apisig\Framework\HttpFoundationIncoming;
use Apisig\Framework\Listeners;
use Apisig\Framework\Vendors;
use Illuminate\Contracts\Container\Container;
use Illuminate\Http\Request;

/**
 * The middleware apisig.kommo and those of the other vendors: only requests of the vendor reach the route. It logs a
 * refusal as a warning, and dispatches an Apisig\Framework\RequestChecked.
 */
final class Verify
{
    public function __construct(private readonly Container $container, private readonly Listeners $listeners)
    {
    }

    /**
     * Returns the route's response, or a refusal: 401, or 413 if the body is too large.
     *
     * @throws \Exception if the replay store fails, or the vendor is not configured: the request is not admitted
     */
    public function handle(Request $request, \Closure $next, string $vendor): mixed
    {
        $gate = $this->container->make(Vendors::ALL[$vendor]::GATE);
        $checked = $gate->check(new HttpFoundationIncoming($request));
        return $this->listeners->admit($checked)
            ? $next($request)
            : HttpFoundationIncoming::response($gate->refusal($checked));
    }
}
