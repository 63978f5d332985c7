"""Puts the page into one file: make.py WASM HTML."""

from __future__ import annotations

import base64
import gzip
import hashlib
import sys
from pathlib import Path

HERE = Path(__file__).parent


def source(text: str) -> str:
    """Name a script or a style in a Content-Security-Policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


wasm, page = map(Path, sys.argv[1:])
css, js = ((HERE / name).read_text() for name in ("page.css", "page.js"))
policy = (
    f"default-src 'none'; script-src {source(js)} 'wasm-unsafe-eval'; style-src {source(css)};"
    " form-action 'none'; base-uri 'none'"
)
packed = base64.b64encode(gzip.compress(wasm.read_bytes(), 9, mtime=0)).decode()
parts = {"csp": policy, "css": css, "js": js, "wasm": packed}
html = (HERE / "page.html").read_text()
for name, part in parts.items():
    html = html.replace("{" + name + "}", part, 1)
page.parent.mkdir(parents=True, exist_ok=True)
page.write_text(html)
