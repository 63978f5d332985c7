"""An integration that `apisig trigger` sends to. It checks with the hmac module, and not with apisig.

Usage: trigger_receiver.py PORT SECRET [CERTIFICATE KEY]: with both it serves https.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

SECRET = sys.argv[2].encode()
SYSTEM_URL = "https://demo.retailcrm.ru"


def digest(message: bytes, algorithm: str) -> str:
    return hmac.new(SECRET, message, algorithm).hexdigest()


class Receiver(BaseHTTPRequestHandler):
    """One path an event."""

    def kommo(self, body: bytes) -> tuple[int, object]:
        """Take a webhook whose line feed is not signed."""
        assert body.endswith(b"\n") or self.headers["X-Broken"] != ""
        is_signed = self.headers["X-Signature"] == digest(body.removesuffix(b"\n"), "sha1")
        return (200 if is_signed and "account_id" in json.loads(body) else 403), {}

    def slow(self, body: bytes) -> tuple[int, object]:
        time.sleep(5.2)
        return self.kommo(body)

    def users(self, _: bytes) -> tuple[int, object]:
        login = base64.b64decode(self.headers["Authorization"].removeprefix("Basic "))
        if login != SECRET:
            return 401, {"code": 401}
        ids = parse_qs(urlsplit(self.path).query)["user_ids"][0].split(",")
        return 200, [{"user_id": int(number), "name": "Ann"} for number in ids]

    def nameless(self, _: bytes) -> tuple[int, object]:
        return 200, [{"user_id": 1}]

    def config(self, body: bytes) -> tuple[int, object]:
        assert self.command == "GET" and body == b""
        return 200, {"success": True, "scopes": [], "registerUrl": "https://module.example/register"}

    def register(self, body: bytes) -> tuple[int, object]:
        register = json.loads(parse_qs(body.decode(), strict_parsing=True)["register"][0])
        if register["token"] != digest(register["apiKey"].encode(), "sha256"):
            return 200, {"success": False, "errorMsg": "forged"}
        assert register["systemUrl"] == SYSTEM_URL
        return 200, {"success": True, "accountUrl": "https://module.example/account"}

    def activity(self, body: bytes) -> tuple[int, object]:
        fields = parse_qs(body.decode(), strict_parsing=True)
        assert json.loads(fields["activity"][0]) == {"active": True, "freeze": False}
        return 200, {"success": fields["clientId"] == ["client-1"] and fields["systemUrl"] == [SYSTEM_URL]}

    def account(self, body: bytes) -> tuple[int, object]:
        return (200 if parse_qs(body.decode()) == {"clientId": ["client-1"]} else 404), "\33[31mWelcome."

    def everything(self, _: bytes) -> tuple[int, object]:
        """Check nothing."""
        return 200, {"success": True}

    def missing(self, _: bytes) -> tuple[int, object]:
        return 404, {}

    def elsewhere(self, _: bytes) -> tuple[int, object]:
        return 302, {}

    def huge(self, _: bytes) -> tuple[int, object]:
        return 200, "x" * (1 << 21)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        status, answer = getattr(self, urlsplit(self.path).path.strip("/"))(body)
        self.send_response(status)
        self.send_header("Location", "/everything")
        self.end_headers()
        self.wfile.write((answer if isinstance(answer, str) else json.dumps(answer)).encode())

    def do_GET(self) -> None:
        self.do_POST()


server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
if sys.argv[3:]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*sys.argv[3:])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(hashlib.sha256(SECRET).hexdigest()[:8], flush=True)
server.serve_forever()
