"""Stands in for imbachat.com: a script that shows in the page what it was called with, and two pages of hostile tokens.

Usage: imbachat_vendor.py PORT
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

from apisig import ImbaChat

DEV_ID = "15"

HOSTILE = [
    "</script><script>hacked()</script>",
    "</SCRIPT ><img src=x onerror=hacked()>",
    "<!--<script>hacked()//",
    "--></script><svg onload=hacked()>",
    '"});hacked();//',
    '\\"});hacked();//',
    "'});hacked();//",
    "\\",
    "\n});hacked();//",
    "\u2028});hacked();//",
    "\u2029});hacked();//",
    "${hacked()}",
    "`+hacked()+`",
    "&quot;});hacked();//",
    "\\u0022});hacked();//",
    "\0\r\n\t\x7f\ufeff\U0001f600",
]

# What a script that loads others does: ImbaChat is there only some time after it was loaded.
SCRIPT = """
setTimeout(() => {
    const seen = window.seen ??= {loads: [], dialogs: []};
    const show = () => document.body.setAttribute("seen", JSON.stringify(seen));
    window.ImbaChat ??= {
        load(...options) {
            seen.loads.push(options);
            window.imbaApi = {openDialog(...users) { seen.dialogs.push(users); show(); }};
            show();
            document.querySelector("button")?.click();
        },
    };
}, 200);
"""

# Its hacked() is what must never be called.
PAGE = """<!DOCTYPE html>
<meta charset="utf-8">
<body>
<script>function hacked() { document.body.setAttribute("hacked", "yes"); }</script>
"""


def safe(user_id: int, token: str) -> str:
    host, port = server.server_address[:2]
    return ImbaChat.widget(DEV_ID, user_id, token, f"http://{host!s}:{port}")


def naive(user_id: int, token: str) -> str:
    """Put the token between quotes as it is, as the vendor's page does."""
    return f'<script>\n(() => {{}})({{user_id: "{user_id}", token: "{token}"}});\n</script>'


def page(widget: Callable[[int, str], str]) -> str:
    return PAGE + "\n".join(widget(number, token) for number, token in enumerate(HOSTILE, 1))


class Vendor(BaseHTTPRequestHandler):
    """The stand-in."""

    def do_GET(self) -> None:
        answers: dict[str, tuple[str, Callable[[], str]]] = {
            f"/imbachat/v1/{DEV_ID}/widget": ("text/javascript", lambda: SCRIPT),
            "/safe": ("text/html", lambda: page(safe)),
            "/naive": ("text/html", lambda: page(naive)),
            "/hostile.json": ("application/json", lambda: json.dumps(HOSTILE)),
        }
        kind, make = answers.get(self.path, ("text/plain", lambda: ""))
        body = make().encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Vendor)
server.serve_forever()
