<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Psr\MorSigner;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * The API secret key and the server's URL.
 *
 * @internal
 */
final class Mor extends Vendor
{
    public const SERVICE = \Apisig\Mor::class;
    public const SETTINGS = parent::SETTINGS + ['url' => null];
    public const SIGNER = MorSigner::class;
    public const FORM = true;

    public static function signer(Settings $settings, StreamFactoryInterface $streams): MorSigner
    {
        return new MorSigner(self::service($settings), $streams, self::host($settings));
    }
}
