"""What the Python tests share: the vector files, the vendors' classes, and a Redis of their own."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest

if os.environ.get("APISIG_CALL") == "ctypes":
    # As on PyPy, on free-threaded builds, and in a package that was built without a C compiler.
    sys.modules["apisig._call"] = None  # type: ignore[assignment]

import apisig
from local_server import free_port, program

ROOT = Path(__file__).resolve().parents[2]
VECTORS = Path(os.environ.get("APISIG_VECTORS", ROOT / "tests" / "vectors"))

_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\\": b"\\"}


def unescape(field: str) -> bytes:
    return re.sub(
        rb"\\(x[0-9a-f]{2}|.)",
        lambda found: _ESCAPES.get(found[1]) or bytes.fromhex(found[1][1:].decode()),
        field.encode(),
    )


CLASSES: dict[str, Any] = {
    name.lower(): kind
    for name, kind in vars(apisig).items()
    if (ROOT / "tests" / "vectors" / f"{name.lower()}.tsv").exists()
}
"""Each vendor's class, by the vendor's name."""


def methods(it: Any, prefix: str) -> list[Any]:
    """Return the methods of an object or a class that start with this."""
    return [getattr(it, name) for name in dir(it) if name.startswith(prefix)]


def arguments_of(method: Any, **by_type: Any) -> list[Any]:
    """Return a value for each argument that a method needs: by the name of its type, or what any method allows."""
    needed = [one for one in inspect.signature(method).parameters.values() if one.default is one.empty]
    named = {"url": "/x", "method": "logout", "user_id": 1}
    return [
        named.get(one.name, by_type.get(one.annotation, "a")) for one in needed if one.kind is not one.VAR_POSITIONAL
    ]


def every_call() -> dict[str, list[list[str]]]:
    """Return the calls of each function that has vectors, by its name without "apisig_"."""
    found: dict[str, list[list[str]]] = {}
    for path in sorted(VECTORS.glob("*.tsv")):
        calls = [line.split("\t") for line in path.read_text().splitlines() if not line.startswith("#")]
        assert len(calls) >= 20
        for call in calls:
            found.setdefault(f"{path.stem}_{call[0]}", []).append(call)
    assert found
    return found


def refuses(*calls: Callable[[], object]) -> None:
    """Require that each call is the caller's own mistake."""
    for call in calls:
        with pytest.raises(apisig.InvalidArgument) as caught:
            call()
        assert caught.value.status is apisig.Status.ARGUMENT


@pytest.fixture(scope="session")
def redis_port() -> Iterator[int]:
    """A Redis of our own: on loopback, without persistence."""
    if shutil.which("redis-server") is None:
        (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)("redis-server is not installed")
    port = free_port()
    with program(
        ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"], port
    ):
        yield port
