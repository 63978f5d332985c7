<?php

declare(strict_types=1);

namespace Apisig\Laravel;

use Apisig\Framework\DiagnoseCommand;
use Apisig\Framework\Listeners;
use Apisig\Framework\Settings;
use Apisig\Framework\SetUp;
use Apisig\Framework\Vendor;
use Apisig\Framework\Vendors;
use Apisig\InvalidArgument;
use Apisig\LibraryUnavailable;
use Apisig\ReplayGuard;
use Apisig\ReplayStore;
use Apisig\VerificationFailed;
use GuzzleHttp\Middleware;
use GuzzleHttp\Psr7\HttpFactory;
use Illuminate\Cache\ArrayStore;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Http\Client\Factory;
use Illuminate\Http\Client\PendingRequest;
use Illuminate\Http\Response;
use Illuminate\Support\Facades\Http;
use Illuminate\Support\ServiceProvider;
use Psr\Log\LoggerInterface;

/**
 * Laravel finds it by composer.json. For each vendor of config/apisig.php it makes the vendor's class and its signer,
 * Http::kommo() and the others that are signed, the middleware apisig.kommo and the others that are checked.
 */
final class ApisigServiceProvider extends ServiceProvider
{
    private const CONFIG = __DIR__ . '/config/apisig.php';

    public function register(): void
    {
        $this->mergeConfigFrom(self::CONFIG, 'apisig');
        $this->app->singleton(ReplayStore::class, fn () => $this->replayStore());
        $this->app->singleton(ReplayGuard::class, fn () => new ReplayGuard(
            $this->app->make(ReplayStore::class),
            (string) $this->config('application'),
            Settings::whole('longest', $this->config('longest'), ReplayGuard::LONGEST)
        ));
        $this->app->bind(Listeners::class, fn () => Listeners::of(
            $this->app->make(LoggerInterface::class),
            $this->app->make('events')
        ));
        $this->app->bind(SetUp::class, fn () => new SetUp(
            $this->allSettings(),
            new HttpFactory(),
            fn () => $this->app->make(ReplayGuard::class)
        ));
        foreach (Vendors::ALL as $name => $vendor) {
            $this->registerVendor($name, $vendor);
        }
    }

    public function boot(): void
    {
        $this->publishes([self::CONFIG => $this->app->basePath('config/apisig.php')], 'apisig-config');
        $this->commands([DiagnoseCommand::class]);
        $this->callAfterResolving(ExceptionHandler::class, $this->renderExceptions(...));
        foreach (Vendors::ALL as $name => $vendor) {
            if ($vendor::SIGNER !== null) {
                $client = fn (): PendingRequest => $this->client($name, $vendor);
                // Laravel binds a macro to another object.
                Factory::macro($name, fn (): PendingRequest => $client());
            }
            if ($vendor::GATE !== null) {
                $this->app->make('router')->aliasMiddleware("apisig.$name", Verify::class . ":$name");
            }
        }
    }

    private function replayStore(): CacheReplayStore
    {
        $cache = $this->app->make('cache')->store($this->config('cache'));
        if ($cache->getStore() instanceof ArrayStore && !$this->app->runningUnitTests()) {
            throw new InvalidArgument(
                'The cache store array lives in one process, so each admits the same request. Set apisig.cache to'
                . ' redis, database or file.'
            );
        }
        return new CacheReplayStore($cache);
    }

    /** @param class-string<Vendor> $vendor */
    private function registerVendor(string $name, string $vendor): void
    {
        $this->app->singleton($vendor::SERVICE, fn () => $vendor::service($this->settings($name)));
        if ($vendor::SIGNER !== null) {
            $this->app->singleton($vendor::SIGNER, fn () => $vendor::signer($this->settings($name), new HttpFactory()));
        }
        if ($vendor::GATE !== null) {
            $this->app->singleton($vendor::GATE, fn () => $vendor::gate(
                $this->settings($name),
                $this->app->make(ReplayGuard::class)
            ));
        }
    }

    /**
     * A client that signs what it sends, and follows no redirect, which would be signed too.
     *
     * @param class-string<Vendor> $vendor
     */
    private function client(string $name, string $vendor): PendingRequest
    {
        $client = Http::baseUrl($this->settings($name)->text('url'))
            ->withMiddleware(Middleware::mapRequest($this->app->make($vendor::SIGNER)))
            ->withOptions(['allow_redirects' => false]);
        return $vendor::FORM ? $client->asForm() : $client;
    }

    /** What your code throws, unless it handles it itself: the sender learns no reason. */
    private function renderExceptions(ExceptionHandler $handler): void
    {
        if (\method_exists($handler, 'renderable')) {
            $handler->renderable(static fn (VerificationFailed $failed) => new Response('', 401));
            $handler->renderable(static fn (LibraryUnavailable $missing) => new Response('', 503));
        }
    }

    /** @return array<string, Settings> by the vendors' names */
    private function allSettings(): array
    {
        $all = [];
        foreach (\array_keys(Vendors::ALL) as $vendor) {
            $all[$vendor] = $this->settings($vendor);
        }
        return $all;
    }

    private function settings(string $vendor): Settings
    {
        return new Settings($vendor, (array) $this->config($vendor));
    }

    private function config(string $name): mixed
    {
        return $this->app->make('config')->get("apisig.$name");
    }
}
