"""What the Python tests share: the vector files."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\"}


def unescape(field: str) -> bytes:
    return re.sub(
        rb"\\(x[0-9a-f]{2}|.)",
        lambda found: _ESCAPES.get(found[1]) or bytes.fromhex(found[1][1:].decode()),
        field.encode(),
    )


def calls(room: str) -> list[list[str]]:
    lines = (ROOT / "tests" / "vectors" / f"{room}.tsv").read_text().splitlines()
    found = [line.split("\t") for line in lines if not line.startswith("#")]
    assert len(found) >= 20
    return found
