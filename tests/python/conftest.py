"""What the Python tests share: the vector files, and a Redis of their own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import Any

import pytest
import redis

import apisig

ROOT = Path(__file__).resolve().parents[2]

_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\"}


def unescape(field: str) -> bytes:
    return re.sub(
        rb"\\(x[0-9a-f]{2}|.)",
        lambda found: _ESCAPES.get(found[1]) or bytes.fromhex(found[1][1:].decode()),
        field.encode(),
    )


VECTORS = Path(os.environ.get("APISIG_VECTORS", ROOT / "tests" / "vectors"))


CLASSES: dict[str, Any] = {
    name.lower(): kind
    for name, kind in vars(apisig).items()
    if (ROOT / "tests" / "vectors" / f"{name.lower()}.tsv").exists()
}
"""Each vendor's class, by the vendor's name."""


def calls(vendor: str) -> list[list[str]]:
    lines = (VECTORS / f"{vendor}.tsv").read_text().splitlines()
    found = [line.split("\t") for line in lines if not line.startswith("#")]
    assert len(found) >= 20
    return found


def every_call() -> dict[str, list[list[str]]]:
    """Give the calls of each function that has vectors, by its name without "apisig_"."""
    found: dict[str, list[list[str]]] = {}
    for path in sorted(VECTORS.glob("*.tsv")):
        for call in calls(path.stem):
            found.setdefault(f"{path.stem}_{call[0]}", []).append(call)
    assert found
    return found


@pytest.fixture(scope="session")
def redis_port() -> Iterator[int]:
    """A Redis of our own: on loopback, without persistence."""
    if shutil.which("redis-server") is None:
        (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)("redis-server is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(number), "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            for _ in range(200):
                try:
                    redis.Redis(port=number).ping()
                    break
                except redis.ConnectionError:
                    sleep(0.05)
            yield number
        finally:
            server.terminate()
