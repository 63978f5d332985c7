<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\ReplayGuard;

/**
 * The widget's Secret key, and the API login and password, by which ImbaChat's own requests come in.
 *
 * @internal
 */
final class ImbaChat extends Vendor
{
    public const SERVICE = \Apisig\ImbaChat::class;
    public const SETTINGS = parent::SETTINGS + ['login' => null, 'password' => null];
    public const GATE = ImbaChatGate::class;

    public static function gate(Settings $settings, ?ReplayGuard $guard): ImbaChatGate
    {
        return new ImbaChatGate($settings->text('login'), $settings->text('password'));
    }
}
