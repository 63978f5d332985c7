<?php

declare(strict_types=1);

namespace Apisig\Framework;

use Apisig\Psr\KayakoSigner;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * The helpdesk's secret key, its API key and its URL.
 *
 * @internal
 */
final class Kayako extends Vendor
{
    public const SERVICE = \Apisig\Kayako::class;
    public const SETTINGS = parent::SETTINGS + ['api_key' => null, 'url' => null];
    public const SIGNER = KayakoSigner::class;
    public const FORM = true;

    public static function signer(Settings $settings, StreamFactoryInterface $streams): KayakoSigner
    {
        $apiKey = $settings->text('api_key');
        return new KayakoSigner(self::service($settings), $apiKey, $streams, self::host($settings));
    }
}
