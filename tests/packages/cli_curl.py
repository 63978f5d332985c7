"""Runs what `apisig sign … --curl` prints against a server that checks: one request comes, and it is the signed one.

Takes the command's path. What curl would send otherwise must be refused, with nothing printed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

APISIG = os.path.abspath(sys.argv[1])
SECRET = "it's a $ecret"
received: list[tuple[str, str, bytes, bool]] = []


class Server(BaseHTTPRequestHandler):
    """Remembers what comes, and whether it is rightly signed, by Python's own hmac."""

    protocol_version = "HTTP/1.1"  # With 100 Continue.

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        # As it came: self.path has lost doubled slashes at its start.
        target = self.requestline.split(" ")[1]
        path, _, query = target.partition("?")
        if "X-Signature" in self.headers:
            is_right = self.kommo(path, body)
        elif path.startswith("/billing/api/"):
            is_right = self.mor(body)
        else:
            is_right = self.kayako(query)
        received.append((self.command, target, body, is_right))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def kommo(self, path: str, body: bytes) -> bool:
        headers = [self.headers[name] for name in ("Content-MD5", "Content-Type", "Date")]
        signed = "\n".join([self.command, *headers, path]).encode("latin-1")
        signature = hmac.new(SECRET.encode(), signed, "sha1").hexdigest()
        return (signature, hashlib.md5(body).hexdigest()) == (self.headers["X-Signature"], headers[0])

    def kayako(self, query: str) -> bool:
        fields = parse_qs(query, keep_blank_values=True)
        signature = base64.b64encode(hmac.digest(SECRET.encode(), fields["salt"][0].encode(), "sha256"))
        return fields["signature"] == [signature.decode()]

    def mor(self, body: bytes) -> bool:
        """Of user_balance_get with the one parameter that is sent here."""
        fields = parse_qs(body, keep_blank_values=True)
        value = fields.get(b"username", [b""])[0]
        return fields[b"hash"] == [hashlib.sha1(value + SECRET.encode()).hexdigest().encode()]

    def log_message(self, *_: object) -> None:
        pass


for name in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"):
    setattr(Server, f"do_{name}", Server.answer)


def printed(arguments: list[str], stdin: bytes = b"") -> tuple[int, bytes, bytes]:
    environment = {**os.environ, "APISIG_SECRET": SECRET}
    done = subprocess.run([APISIG, "sign", *arguments, "--curl"], env=environment, input=stdin, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def run(command: bytes) -> list[tuple[str, str, bytes, bool]]:
    received.clear()
    Path("command.sh").write_bytes(command)
    subprocess.run(["sh", "command.sh"], capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    return list(received)


def report(what: object, is_right: bool, seen: object) -> bool:
    print(f"ok: {what!a:.90}" if is_right else f"FAILED: {what!a:.200}\n{seen!a:.1000}")
    return is_right


def sends(arguments: list[str], body: bytes, target: str | None = None) -> bool:
    """Look at the one request that comes: rightly signed, with this body, to this target if it is given."""
    status, command, error = printed(arguments)
    came = run(command) if status == 0 else []
    is_right = len(came) == 1 and came[0][3] and came[0][2] == body and target in (None, came[0][1])
    return report(arguments, is_right, (status, error, command, came))


def refuses(arguments: list[str], stdin: bytes = b"") -> bool:
    status, command, error = printed(arguments, stdin)
    return report(arguments, (status, command) == (2, b"") and error.startswith(b"apisig: "), (status, command))


TEXTS = [
    *("", "{}", "it's", '"', "$(touch x) `id` $HOME \\ \\n !!", "@/etc/hostname", "a\nb\n\n", "\n", "\tx", "--data"),
    *(
        "%41%%",
        "Zo\u00eb \U0001f600 \u0447\u0430\u0442",
        "\u2028\u200b\u202e",
        "*?[a-z]{b,c}~ & ; | > x",
        "x" * 100_000,
    ),
]
FILES = [
    *(b"", b"{}\n", b"\0", b"caf\xe9", b"a\r\nb\r\n", b"\x1b[2J", b"@/etc/hostname", bytes(range(256))),
    *(b"y" * 20_000, b"z" * 2_000_000),
]
TARGETS = [
    *("/v2/x", "/v2/x?a=[1-3]", "/x?{a,b}", "/x?q=/../%7e%41'\"\\|^`<>", "/%2F%20%D1%87/", "/x//", "/a'b(c)$&;=*!,:@"),
    *("/...", "/-", "/?", "/x?@/etc/hostname"),
]
REWRITTEN = [
    *(
        "//x",
        "/v2/{a,b}",
        "/[1-3]",
        "/a/../b",
        "/./x",
        "/%2e%2E/x",
        "/caf\u00e9",
        "/a b",
        "/%41",
        "/%c3%a9",
        "/%",
        "/x?\u00e9",
    ),
]


def kommo_cases(base: str) -> list[bool]:
    url = ["kommo", "--url", f"{base}/v2/x"]
    results = [sends([*url, f"--body={text}"], text.encode()) for text in TEXTS]
    for number, name in enumerate(["body", "-x", "it's $(x) @ [1-2] {a}", "@body", " a\nb", "\u0447\u0430\u0442"]):
        for content in FILES if number == 0 else [b"\0\xff"]:
            Path(name).write_bytes(content)
            results.append(sends([*url, f"--body-file={name}"], content))
    results += [sends(["kommo", "--url", base + target, "--body", "{}"], b"{}", target) for target in TARGETS]
    results.append(sends(["kommo", "--url", f"{base}/x#top"], b"", "/x"))
    for method in ("GET", "get", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"):
        results.append(sends([*url, "--method", method], b""))
    results += [sends([*url, "--method", method, "--body", "x"], b"x") for method in ("GET", "PUT", "DELETE")]
    return results


def kommo_refusals(base: str) -> list[bool]:
    url = ["kommo", "--url", f"{base}/v2/x"]
    results = [refuses(["kommo", "--url", base + path]) for path in REWRITTEN]
    results += [refuses([*url, "--body-file", "-"], body) for body in (b"\0", b"\xff", b"\r\n", b"x" * 200_000)]
    results += [refuses([*url, "--body", body]) for body in ("a\r\nb", "\x1b[2J")]
    results += [refuses(["kommo", "--url", address]) for address in ("ftp://127.0.0.1/x", "file:///etc/passwd")]
    results += [refuses([*url, f"--method={method}"]) for method in ("G ET", "-o", "G\u00cbT", "\u00df", "@x")]
    return [*results, refuses([*url, "--method", "HEAD", "--body", "x"])]


def other_cases(base: str) -> list[bool]:
    kayako = ["kayako", "--api-key", "k e+y", "--base"]
    mor = ["mor", "--method", "user_balance_get", "--base"]
    results = [sends([*kayako, base, "--salt", salt], b"") for salt in ("1", "a b+c%2B=&?#'$", "\u0447\u0430\u0442")]
    routes = ("/Base/User/[1-3]", "/../{a,b}")
    results += [sends([*kayako, f"{base}/a/../b", "--route", route], b"") for route in routes]
    for form in ("username=admin", "username=it%27s+%26%0A", "username=@x'\"$(id)`", ""):
        separator = "&" if form else ""
        username = parse_qs(form).get("username", [""])[0]
        body = f"{form}{separator}hash={hashlib.sha1((username + SECRET).encode()).hexdigest()}"
        results.append(sends([*mor, f"{base}/", "--form", form], body.encode(), "/billing/api/user_balance_get"))
    bases = ("-oout", "127.0.0.1", "ftp://h", f"{base}/?x", f"{base}/#x", f"{base}/a b", f"{base}/\u00e9")
    results += [refuses([*mor[:-1], f"--base={address}", "--form", "username=a"]) for address in bases]
    results += [refuses([*mor, base, "--form", form]) for form in ("username=a&hash=1", "username=a\r\n")]
    return [*results, refuses(["retailcrm", "--api-key", "x"]), refuses(["imbachat", "--user-id", "1"])]


def control(base: str) -> bool:
    """See that the server can say no."""
    command = printed(["kommo", "--url", f"{base}/v2/x", "--body", "{}"])[1]
    came = run(command.replace(b"{}", b"{ }"))
    return report("another body is seen", len(came) == 1 and not came[0][3], came)


def main() -> int:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        results = [control(base), *kommo_cases(base), *kommo_refusals(base), *other_cases(base)]
        left = {path.name for path in Path().iterdir()} & {"x", "out"}
        results.append(report("nothing was run that stands in a body", not left, left))
        os.chdir("/")
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
