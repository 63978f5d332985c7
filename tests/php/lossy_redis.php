<?php

/**
 * Stands before a Redis, and loses one answer: instead of passing it on, it closes the connection.
 *
 *     php lossy_redis.php PORT PORT_OF_REDIS LOST     LOST: which answer, 1 is the first
 */

declare(strict_types=1);

[, $port, $redis, $lost] = array_map('intval', $argv);
$listener = stream_socket_server("tcp://127.0.0.1:$port");
$answers = 0;
$peers = []; // each connection's other end, by the number of its own
while (true) {
    $readable = [$listener, ...array_column($peers, 0)];
    $none = null;
    stream_select($readable, $none, $none, null);
    foreach ($readable as $socket) {
        if ($socket === $listener) {
            [$client, $server] = [stream_socket_accept($listener), stream_socket_client("tcp://127.0.0.1:$redis")];
            $peers[(int) $client] = [$client, $server, false];
            $peers[(int) $server] = [$server, $client, true];
            continue;
        }
        if (!isset($peers[(int) $socket])) {
            continue;
        }
        [, $peer, $isAnswer] = $peers[(int) $socket];
        $bytes = fread($socket, 65536);
        if ($bytes === '' || $bytes === false || $isAnswer && ++$answers === $lost) {
            unset($peers[(int) $socket], $peers[(int) $peer]);
            fclose($socket);
            fclose($peer);
        } else {
            fwrite($peer, $bytes);
        }
    }
}
