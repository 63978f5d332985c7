<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Exception;
use Apisig\Native;
use Apisig\ReplayGuard;
use Apisig\ReplayId;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * Tries what an application has configured. It sends nothing.
 *
 * @internal
 */
final class SetUp
{
    /**
     * @param array<string, Settings> $vendors by their names
     * @param ?StreamFactoryInterface $streams for the signers, which are not tried without one
     * @param ?\Closure(): ReplayGuard $guard null: there is none
     */
    public function __construct(
        private readonly array $vendors,
        private readonly ?StreamFactoryInterface $streams,
        private readonly ?\Closure $guard
    ) {
    }

    /**
     * Yields [name, whether it works or null if unused, a sentence without secrets].
     *
     * @return iterable<array{string, ?bool, string}>
     */
    public function findings(): iterable
    {
        yield self::tried('library', static fn (): array => [true, Native::reason()]);
        foreach ($this->vendors as $name => $settings) {
            yield self::tried($name, fn (): array => $this->vendor($settings));
        }
        yield self::tried('replays', fn (): array => $this->replays());
    }

    /** @return array{string, ?bool, string} */
    private static function tried(string $name, \Closure $try): array
    {
        try {
            return [$name, ...$try()];
        } catch (Exception $exception) {
            return [$name, false, $exception->getMessage()];
        } catch (\Throwable $other) {
            // Its message may have a password of the store's.
            return [$name, false, 'It fails with ' . $other::class . '.'];
        }
    }

    /** @return array{?bool, string} */
    private function vendor(Settings $settings): array
    {
        if ($settings->isEmpty()) {
            return [null, 'It is not configured.'];
        }
        $vendor = Vendors::ALL[$settings->vendor];
        foreach ($vendor::SETTINGS as $name => $default) {
            // A number is not text.
            foreach (\is_int($default) ? [] : $settings->list($name) as $text) {
                if (\trim($text) !== $text) {
                    return [false, "The setting $name has white space around it, such as a line feed. Remove it."];
                }
            }
        }
        $missing = $settings->missing();
        foreach ($this->makers($vendor) as $make) {
            try {
                $make($settings);
            } catch (SettingMissing $exception) {
                if ($missing === []) {
                    throw $exception;
                }
            }
        }
        return $missing === []
            ? [true, 'Its settings are right in form.']
            : [null, 'Not set: ' . \implode(', ', $missing) . '. What needs them cannot be used.'];
    }

    /**
     * Yields what makes each object of a vendor.
     *
     * @param class-string<Vendor> $vendor
     * @return iterable<\Closure(Settings): object>
     */
    private function makers(string $vendor): iterable
    {
        yield $vendor::service(...);
        if ($vendor::SIGNER !== null && $this->streams !== null) {
            yield fn (Settings $settings): object => $vendor::signer($settings, $this->streams);
        }
        if ($vendor::GATE !== null) {
            yield static fn (Settings $settings): object => $vendor::gate($settings, null);
        }
    }

    /** @return array{?bool, string} */
    private function replays(): array
    {
        if ($this->guard === null) {
            return [null, 'There is no replay store: a webhook that is sent again is admitted again.'];
        }
        $guard = ($this->guard)();
        $id = new ReplayId('diagnose:' . \bin2hex(\random_bytes(16)), 60);
        $admitted = [$guard->admit($id), $guard->admit($id)];
        $guard->forget($id);
        return $admitted === [true, false]
            ? [true, 'The store admits an id once.']
            : [false, 'The store does not admit an id once. Use another one.'];
    }
}
