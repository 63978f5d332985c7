"""Measures the first signature of a php-fpm request, beside the first run of the PHP of the vendor's page.

Starts php-fpm on a Unix socket, with and without preloading, and stops it. Prints a row for each: name, against, ratios
(median, least, greatest), nanoseconds of both.
"""

import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
REQUESTS = 301
BODY = '{"account_id":"52fd2a28-d2eb-4bd8-b862-b57934927b38","title":"MyKommo","hook_api_version":"v2"}'
SCRIPT = """<?php
$start = hrtime(true);
%s
echo hrtime(true) - $start;
"""
PAGE = """
$date = date(DateTimeInterface::RFC2822);
$sum = md5($body);
$text = implode("\\n", [strtoupper('POST'), $sum, 'application/json', $date, '/v2/origin/custom/1/connect']);
$headers = ['Date' => $date, 'Content-MD5' => $sum, 'X-Signature' => hash_hmac('sha1', $text, 'secret')];
"""
OURS = """
spl_autoload_register(function ($class) {
    require '%s/bindings/php/src/' . strtr(substr($class, 7), '\\\\', '/') . '.php';
});
$headers = (new Apisig\\Kommo('secret'))->sign('POST', '/v2/origin/custom/1/connect', $body);
"""


def record(kind, content):
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def request(path, script):
    """Send one FastCGI request, and give what the script printed."""
    parameters = {"SCRIPT_FILENAME": str(script), "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1"}
    pairs = b"".join(
        struct.pack("BB", len(name), len(value)) + name.encode() + value.encode() for name, value in parameters.items()
    )
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        begin = record(1, struct.pack(">HB5x", 1, 0))
        connection.sendall(begin + record(4, pairs) + record(4, b"") + record(5, b""))
        answer, output = b"", b""
        while chunk := connection.recv(65536):
            answer += chunk
    while answer:
        _, kind, _, length, padding = struct.unpack(">BBHHBx", answer[:8])
        if kind == 6:
            output += answer[8 : 8 + length]
        answer = answer[8 + length + padding :]
    return output.split(b"\r\n\r\n", 1)[1].decode()


def measure(name, folder, settings, library):
    scripts = {}
    for kind, code in (("page", PAGE), ("ours", OURS % ROOT)):
        scripts[kind] = folder / f"{kind}.php"
        scripts[kind].write_text(SCRIPT % (f"$body = '{BODY}';" + code))
    path = folder / "socket"
    configuration = folder / "fpm.conf"
    user = "user = nobody\ngroup = nogroup\nlisten.mode = 0666\n" if os.geteuid() == 0 else ""
    configuration.write_text(
        f"[global]\nerror_log = {folder}/log\n[www]\nlisten = {path}\n{user}pm = static\npm.max_children = 1\n"
        + (f"env[APISIG_LIBRARY] = {library}\n" if library else "")
    )
    command = [sys.argv[1], "--nodaemonize", "--allow-to-run-as-root", "-y", str(configuration)]
    server = subprocess.Popen([*command, *[f"-d{setting}" for setting in settings]], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            if path.exists():
                break
            time.sleep(0.05)
        rounds = []
        for _ in range(REQUESTS):
            theirs, ours = (float(request(str(path), scripts[kind])) for kind in ("page", "ours"))
            rounds.append((ours / theirs, ours, theirs))
    finally:
        server.terminate()
        server.wait()
        path.unlink(missing_ok=True)
    rounds = sorted(rounds[20:])
    ratio, ours, theirs = rounds[len(rounds) // 2]
    print(f"{name}\tthe page\t{ratio:.2f}\t{rounds[0][0]:.2f}\t{rounds[-1][0]:.2f}\t{ours:.0f}\t{theirs:.0f}")


def main():
    opcache = ["opcache.enable=1", "opcache.validate_timestamps=0", "opcache.file_update_protection=0"]
    preload = [f"opcache.preload={ROOT}/bindings/php/preload.php"]
    if os.geteuid() == 0:
        preload.append("opcache.preload_user=nobody")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        header = folder / "apisig.ffi.h"
        text = (ROOT / "bindings/php/apisig.ffi.h").read_text()
        header.write_text(text.replace("libapisig.so.0", os.environ["APISIG_LIBRARY"]))
        library = os.environ["APISIG_LIBRARY"]
        name = "php-fpm first signature"
        measure(f"{name}, nothing preloaded", folder, [*opcache, "ffi.enable=true"], library)
        measure(f"{name}, ffi.preload too", folder, [*opcache, *preload, f"ffi.preload={header}"], None)
        measure(f"{name}, without FFI", folder, opcache, None)


if __name__ == "__main__":
    main()
