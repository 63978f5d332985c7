<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Psr\KommoSigner;
use Apisig\ReplayGuard;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * The channel's secret; webhooks come in.
 *
 * @internal
 */
final class Kommo extends Vendor
{
    public const SERVICE = \Apisig\Kommo::class;
    public const SETTINGS = parent::SETTINGS
        + ['url' => 'https://' . \Apisig\Kommo::HOST, 'limit' => KommoGate::LIMIT];
    public const SIGNER = KommoSigner::class;
    public const GATE = KommoGate::class;

    public static function signer(Settings $settings, StreamFactoryInterface $streams): KommoSigner
    {
        return new KommoSigner(self::service($settings), self::host($settings));
    }

    public static function gate(Settings $settings, ?ReplayGuard $guard): KommoGate
    {
        return new KommoGate(self::service($settings), $guard, $settings->number('limit'));
    }
}
