"""Opens the page of `apisig serve` in Chromium, and prints what it shows.

Usage: serve_browser.py ORIGIN KEY. The browser waits for an event stream that has no end: what is between them ends it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ORIGIN, KEY = sys.argv[1:]
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--virtual-time-budget=2000", "--dump-dom"),
)


class Between(BaseHTTPRequestHandler):
    """Passes a request on, and of the answer all that comes at once."""

    def do_GET(self) -> None:
        request = urllib.request.Request(ORIGIN + self.path, headers={"Cookie": f"apisig={KEY}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            body = b""
            while chunk := answer.read1():
                body += chunk
                if self.path == "/apisig/events" and body.endswith(b"\n\n"):
                    break
        self.send_response(answer.status)
        for name in ("Content-Type", "Content-Security-Policy"):
            self.send_header(name, answer.headers[name])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


between = ThreadingHTTPServer(("127.0.0.1", 0), Between)
threading.Thread(target=between.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    url = f"http://127.0.0.1:{between.server_port}/"
    command = ["chromium", *OPTIONS, f"--user-data-dir={profile}", url]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60, check=True)
print(done.stdout.decode())
