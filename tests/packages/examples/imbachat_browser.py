"""Opens a page in Chromium and says whether the chat was loaded in it as it should be.

Usage: imbachat_browser.py site URL: of user 1, with a valid token, and the button opens the dialog with user 2
       imbachat_browser.py safe URL: once for every hostile token, and none of them ran
       imbachat_browser.py naive URL: hostile tokens ran, which shows that they can
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from apisig import ImbaChat

CHROMIUM = "chromium"
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--virtual-time-budget=5000", "--dump-dom"),
)
SECONDS = 60


class Body(HTMLParser):
    """The attributes of a page's body."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: dict[str, str | None] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self.attributes.update(attrs)


def body_of(url: str) -> dict[str, str | None]:
    """Give the attributes of the body when all that the page does is done."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [CHROMIUM, *OPTIONS, f"--user-data-dir={profile}", url]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, check=True)
    return Body(done.stdout.decode()).attributes


def expect(what: object, expected: object) -> None:
    if what != expected:
        sys.exit(f"{what!r} instead of {expected!r}")


def site(body: dict[str, Any], _: str) -> None:
    seen = json.loads(body.get("seen", "{}"))
    [[options]] = seen["loads"]
    token = options.pop("token")
    expect(options, {"user_id": "1"})
    expect(ImbaChat(os.environ["IMBACHAT_SECRET"]).check(token), 1)
    expect(seen["dialogs"], [[2]])


def safe(body: dict[str, Any], url: str) -> None:
    with urllib.request.urlopen(urljoin(url, "/hostile.json")) as answer:
        hostile = json.load(answer)
    expected = [[{"user_id": str(number), "token": token}] for number, token in enumerate(hostile, 1)]
    # Each widget waits on its own: one may come before another.
    loads = sorted(json.loads(body.get("seen", "{}"))["loads"], key=lambda options: int(options[0]["user_id"]))
    expect(loads, expected)
    expect(body.get("hacked"), None)


def naive(body: dict[str, Any], _: str) -> None:
    expect(body.get("hacked"), "yes")


what, url = sys.argv[1:]
{"site": site, "safe": safe, "naive": naive}[what](body_of(url), url)
