<?php

declare(strict_types=1);

namespace Apisig\Tests;

require_once __DIR__ . '/vendor_pages.php';

/** ImbaChat's code that answers for the users; the same in other words where there is no page. */
function imbachatSite(): string
{
    return printed('ImbaChat-docs', '/\$login = "root";.*?echo json_encode\(\$result\);/s') ?? <<<'PHP'
        if (strtolower($_SERVER['PHP_AUTH_USER'] ?? '') !== 'root' || ($_SERVER['PHP_AUTH_PW'] ?? '') !== 'abc') {
            header('WWW-Authenticate: Basic realm="Backend"');
            http_response_code(401);
            exit(json_encode(['code' => 401, 'version' => 1, 'error' => 'Authenticate required!', 'debug' => '']));
        }
        $url = 'https://www.example.com';
        echo json_encode(array_map(fn ($row) => [
            'user_id' => $row['user_id'],
            'name' => $row['display_name'],
            'avatar_url' => $row['avatar'] ? "$url/contents/avatars/$row[avatar]" : false,
            'profile_url' => "$url/members/$row[user_id]/",
            'lastlogin' => strtotime($row['last_login_date']),
            'badge' => $row['custom10'],
        ], mysqli_query(null, $_GET['user_ids'])->getArrayCopy()));
        PHP;
}

/** Likewise the function that makes a token. */
function imbachatToken(): string
{
    return printed('ImbaChat-docs', '/function getJWT.*?\n}/s') ?? <<<'PHP'
        function getJWT($user_id, $secret_key, $time)
        {
            $encode = fn ($bytes) => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
            $claims = '{"exp":' . (time() + $time) . ',"user_id":' . $user_id . '}';
            $signed = $encode('{"typ":"JWT","alg":"HS256"}') . '.' . $encode($claims);
            return $signed . '.' . $encode(hash_hmac('sha256', $signed, $secret_key, true));
        }
        PHP;
}
