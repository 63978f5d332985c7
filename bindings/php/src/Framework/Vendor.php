<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Handle;
use Apisig\InvalidArgument;
use Apisig\LibraryUnavailable;
use Apisig\Psr\Signer;
use Apisig\ReplayGuard;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * How a framework makes the objects of one vendor from its settings.
 *
 * @internal
 */
abstract class Vendor
{
    /** @var class-string<Handle> the vendor's class */
    public const SERVICE = Handle::class;

    /** @var array<string, int|string|null> the names of the settings with their defaults; null: it has to be set */
    public const SETTINGS = ['secret' => null, 'previous_secrets' => ''];

    /** @var ?class-string<Signer> what signs requests to the setting `url`; null: requests to the vendor are not signed */
    public const SIGNER = null;

    /** Whether those requests are forms. */
    public const FORM = false;

    /** @var ?class-string<Gate> what admits its requests; null: the vendor sends no requests that middleware checks */
    public const GATE = null;

    /**
     * Returns an object of SERVICE.
     *
     * @throws InvalidArgument if a setting is missing or wrong
     * @throws LibraryUnavailable
     */
    final public static function service(Settings $settings): Handle
    {
        return new (static::SERVICE)($settings->text('secret'), $settings->list('previous_secrets'));
    }

    /**
     * Returns an object of SIGNER, for the host of the setting `url`.
     *
     * @throws InvalidArgument if a setting is missing or wrong
     * @throws LibraryUnavailable
     */
    public static function signer(Settings $settings, StreamFactoryInterface $streams): Signer
    {
        throw new \LogicException("No request to $settings->vendor is signed.");
    }

    /**
     * Returns an object of GATE.
     *
     * @throws InvalidArgument if a setting is missing or wrong
     * @throws LibraryUnavailable
     */
    public static function gate(Settings $settings, ?ReplayGuard $guard): Gate
    {
        throw new \LogicException("$settings->vendor sends no requests that middleware checks.");
    }

    /** The host of the setting `url`. */
    final protected static function host(Settings $settings): string
    {
        $host = \parse_url($settings->text('url'), \PHP_URL_HOST);
        return $host ?: throw new InvalidArgument(
            "The setting $settings->vendor.url is not a whole URL. Set one with https:// and the host."
        );
    }
}
