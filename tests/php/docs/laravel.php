<?php

/**
 * Runs the pieces for Laravel of docs/php.md, in a folder, with Laravel's container, HTTP client and requests.
 */

declare(strict_types=1);

use App\Http\Middleware\ImbaChatLogin;
use App\Http\Middleware\VerifyKommoWebhook;
use App\Providers\ApisigServiceProvider;
use App\Services\KommoChannel;
use Illuminate\Container\Container;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Illuminate\Support\Facades\Facade;
use Psr\Log\AbstractLogger;
use Psr\Log\LoggerInterface;

// phpcs:disable PSR1.Files.SideEffects
[, $folder] = $argv;

function env(string $name, ?string $default = null): ?string
{
    return getenv($name) === false ? $default : getenv($name);
}

function config(string $key): mixed
{
    global $folder;
    static $services;
    $services ??= require "$folder/config/services.php";
    return array_reduce(array_slice(explode('.', $key), 1), fn (array $values, string $name) => $values[$name], $services);
}

function app(string $class): object
{
    return Container::getInstance()->make($class);
}

require __DIR__ . '/../../../bindings/php/vendor/autoload.php';
require 'GuzzleHttp/autoload.php';
require 'Illuminate/Container/autoload.php';
require 'Illuminate/Http/autoload.php';
require 'Psr/Log/autoload.php';
foreach (['Providers/ApisigServiceProvider', 'Services/KommoChannel'] as $file) {
    require "$folder/app/$file.php";
}
foreach (['VerifyKommoWebhook', 'ImbaChatLogin'] as $file) {
    require "$folder/app/Http/Middleware/$file.php";
}

$app = Container::getInstance();
$app->singleton(Illuminate\Http\Client\Factory::class);
// A stand-in for Laravel's manager of connections, whose client is phpredis' own.
$app->singleton('redis', fn () => new class {
    public function connection(): self
    {
        return $this;
    }

    public function client(): Redis
    {
        $redis = new Redis();
        $redis->connect(getenv('REDIS_HOST'), (int) getenv('REDIS_PORT'));
        return $redis;
    }
});
$log = new class extends AbstractLogger {
    /** @var list<string> */
    public array $lines = [];

    public function log($level, $message, array $context = []): void
    {
        $this->lines[] = substr($message, strlen('kommo: '));
    }
};
$app->instance(LoggerInterface::class, $log);
Facade::setFacadeApplication($app);
$provider = new ApisigServiceProvider($app);
$provider->register();
$provider->boot();

echo (new KommoChannel())->connect(getenv('KOMMO_CHANNEL'), getenv('KOMMO_ACCOUNT'))->scopeId, "\n";

$next = fn (Request $request): Response => new Response('reached');
$body = '{"message":"Zoë"}';
$right = hash_hmac('sha1', $body, getenv('KOMMO_SECRET'));
foreach ([$right, $right, str_repeat('0', 40), null] as $signature) {
    $server = $signature === null ? [] : ['HTTP_X_SIGNATURE' => $signature];
    $request = Request::create('/kommo/1', 'POST', server: $server, content: "$body\n");
    $answer = app(VerifyKommoWebhook::class)->handle($request, $next);
    echo $answer->getStatusCode(), ' ', $answer->getContent(), "\n";
}
foreach (['root:abc', 'root:abd'] as $login) {
    $server = ['HTTP_AUTHORIZATION' => 'Basic ' . base64_encode($login)];
    $answer = app(ImbaChatLogin::class)->handle(Request::create('/imbachat/users', 'GET', server: $server), $next);
    echo $answer->getStatusCode(), ' ', $answer->headers->get('WWW-Authenticate', '-'), ' ', $answer->getContent(), "\n";
}
echo implode(', ', $log->lines);
