<?php

/**
 * Runs the plugin of docs/php.md, in a folder, with stand-ins for the functions and classes of WordPress that it uses:
 * connects a channel, then takes webhooks, or answers one question for users.
 *
 *     php wordpress.php FOLDER connect | webhook SIGNATURE BODY | users LOGIN PASSWORD USER_IDS | page USER_ID
 */

declare(strict_types=1);

// phpcs:ignoreFile -- a line each, for the stand-ins.
ob_start();
$actions = $routes = [];

function add_action(string $hook, callable $callback): void { $GLOBALS['actions'][$hook][] = $callback; }
function do_action(string $hook, mixed ...$arguments): void { array_map(fn ($it) => $it(...$arguments), $GLOBALS['actions'][$hook] ?? []); }
function add_shortcode(string $name, callable $callback): void { $GLOBALS['shortcodes'][$name] = $callback; }
function get_current_user_id(): int { return (int) $GLOBALS['argv'][3]; }
function status_header(int $status): void { http_response_code($status); }
function register_rest_route(string $namespace, string $route, array $settings): void { $GLOBALS['routes']["$namespace$route"] = $settings; }
function wp_remote_retrieve_response_code(array $answer): int { return $answer['code']; }
function wp_remote_retrieve_body(array $answer): string { return $answer['body']; }
function is_wp_error(mixed $answer): bool { return false; }
function wp_unslash(array $values): array { return array_map(fn ($value) => is_string($value) ? stripslashes($value) : $value, $values); }

function wp_remote_request(string $url, array $settings): array
{
    $headers = array_map(fn ($name, $value) => "$name: $value", array_keys($settings['headers']), $settings['headers']);
    $body = file_get_contents($url, false, stream_context_create(['http' => [
        'method' => $settings['method'],
        'header' => $headers,
        'content' => $settings['body'],
        'ignore_errors' => true,
        'follow_location' => $settings['redirection'],
    ]]));
    return ['code' => (int) explode(' ', $http_response_header[0])[1], 'body' => $body];
}

/** @return list<object> those of the users 1 and 2 that are asked for */
function get_users(array $query): array
{
    $users = [(object) ['ID' => '1', 'display_name' => 'John'], (object) ['ID' => '2', 'display_name' => 'Jané']];
    return array_values(array_filter($users, fn (object $user) => in_array((int) $user->ID, $query['include'], true)));
}

final class WP { public function __construct(public string $request) {} }
final class WP_Error { public function __construct(public string $code, public string $message, public array $data) {} }
final class WP_REST_Response { public function __construct(public mixed $data, public int $status) {} }

final class WP_REST_Request
{
    public function __construct(private ?string $signature, private string $body) {}
    public function get_body(): string { return $this->body; }
    public function get_header(string $name): ?string { return strtolower($name) === 'x-signature' ? $this->signature : null; }
    public function get_json_params(): mixed { return json_decode($this->body, true); }
}

[, $folder, $what] = $argv;
define('KOMMO_SECRET', getenv('KOMMO_SECRET'));
define('KOMMO_HOST', getenv('KOMMO_URL'));
define('IMBACHAT_LOGIN', 'root');
define('IMBACHAT_PASSWORD', "a'bc");
define('IMBACHAT_SECRET', 'secret');
define('IMBACHAT_DEV_ID', 'dev');
ini_set('error_log', '/dev/null');
require "$folder/wp-content/plugins/my-chats/my-chats.php";

if ($what === 'connect') {
    echo my_chats_connect(getenv('KOMMO_CHANNEL'), getenv('KOMMO_ACCOUNT'))->scopeId;
} elseif ($what === 'webhook') {
    add_action('my_chats_message', function (array $message): void {
        echo "$message[text] ";
    });
    do_action('rest_api_init');
    $route = $routes['my-chats/v1/kommo/(?P<scope_id>[\w-]+)'];
    $request = new WP_REST_Request($argv[3] === '' ? null : $argv[3], $argv[4]);
    $permission = $route['permission_callback']($request);
    $status = $permission instanceof WP_Error ? $permission->data['status'] : 401;
    echo $permission === true ? $route['callback']($request)->status : $status;
} elseif ($what === 'page') {
    echo $shortcodes['my_chats']();
} else {
    // As WordPress leaves them.
    [$_SERVER['PHP_AUTH_USER'], $_SERVER['PHP_AUTH_PW']] = array_map('addslashes', [$argv[3], $argv[4]]);
    $_GET['user_ids'] = $argv[5];
    register_shutdown_function(function (): void {
        echo ' ', http_response_code();
    });
    do_action('parse_request', new WP('about'));
    echo 'another page: ';
    do_action('parse_request', new WP('imbachat/users'));
}
