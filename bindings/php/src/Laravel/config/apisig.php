<?php

use Apisig\Framework\Vendors;

return [
    // A part of every key in the replay store: the same in all processes of this application.
    'application' => env('APP_NAME', 'laravel'),

    // The store of config/cache.php that remembers webhooks, so that each is admitted once: redis, database, memcached
    // or file. null: the default one.
    'cache' => env('APISIG_CACHE'),

    // Seconds that a webhook is remembered; its signature never expires. null: 30 days.
    'longest' => env('APISIG_LONGEST'),

    // For each vendor its settings by name, from variables such as KOMMO_SECRET, KOMMO_PREVIOUS_SECRETS, KOMMO_URL. An
    // entry below this line replaces them: 'kommo' => ['secret' => …, 'previous_secrets' => […]].
    ...Vendors::settings(env(...)),
];
