"""Searches the site in Chromium, served by this program on loopback: what is typed, and which pages it leads to.

The pages may load nothing from elsewhere: a content security policy forbids it, and each attempt is reported.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

HTML = "target/site/html"
SEARCHES = {
    "replay protection": "docs/php/",
    "apisig_kommo_sign_digest": "reference/c/kommo/",
    "verifyWebhook": "reference/php/Kommo/",
    "verify_webhook": "reference/python/apisig.kommo/",
}
TYPIST = """
<script>
const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
const blocked = [];
addEventListener("securitypolicyviolation", (event) => blocked.push(event.blockedURI));
addEventListener("load", async () => {
    const found = {};
    const input = document.querySelector("[data-md-component=search-query]");
    input.focus();
    for (const [typed, page] of Object.entries(SEARCHES)) {
        input.value = typed;
        input.dispatchEvent(new Event("keyup"));
        for (let turn = 0; turn < 200 && !(found[typed] ?? []).some((link) => link.includes(page)); turn++) {
            await wait(50);
            const links = [...document.querySelectorAll(".md-search-result__link")];
            found[typed] = links.map((link) => link.getAttribute("href"));
        }
    }
    await fetch("/seen", {method: "POST", body: JSON.stringify({found, blocked})});
});
</script>
"""
seen: Queue[dict[str, Any]] = Queue()


class Site(SimpleHTTPRequestHandler):
    """The built site, whose first page has the typist in it."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments, directory=HTML)

    def do_GET(self) -> None:
        if self.path != "/":
            return super().do_GET()
        with open(f"{HTML}/index.html", encoding="utf-8") as page:
            body = page.read().replace("</body>", TYPIST.replace("SEARCHES", json.dumps(SEARCHES)) + "</body>").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Security-Policy", "default-src 'self' 'unsafe-inline' blob: data:")
        self.end_headers()
        self.wfile.write(body)
        return None

    def do_POST(self) -> None:
        seen.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> int:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--remote-debugging-port=0",
        )
        command = ["chromium", *options, f"--user-data-dir={profile}", f"http://127.0.0.1:{server.server_port}/"]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            result = seen.get(timeout=120)
        finally:
            browser.terminate()
            browser.wait()
    wrong = [
        f"{typed}: {page} is not among {result['found'].get(typed)}"
        for typed, page in SEARCHES.items()
        if not any(page in link for link in result["found"].get(typed, []))
    ]
    wrong += [f"loaded from elsewhere: {url}" for url in result["blocked"]]
    print(*wrong, sep="\n")
    return len(wrong)


sys.exit(main())
