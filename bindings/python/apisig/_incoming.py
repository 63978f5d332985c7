"""What wsgi.py and asgi.py share: which paths they guard, how much they read, and what they answer a stranger."""

from __future__ import annotations

import re

from ._errors import InvalidArgument, Status
from ._messages import Response

LIMIT = 1 << 20
"""Bytes of a webhook's body: far more than a message needs."""

NOT_AUTHORIZED = Response(401, {"Content-Type": "text/plain"}, b"not authorized")
TOO_LARGE = Response(413, {"Content-Type": "text/plain"}, b"too large")


def content_length(header: str) -> int | None:
    """Read the header Content-Length, of which every number of more than 18 digits is as large as any."""
    if not header.isascii() or not header.isdigit():
        return None
    return int(header[:19])


class Guarded:
    """A path and all below it."""

    def __init__(self, path: str) -> None:
        if not path.startswith("/"):
            raise InvalidArgument('A guarded path starts with "/".', Status.ARGUMENT)
        # Routers differ in what they take for the same path: whatever does not go on as another word is guarded.
        self._pattern = re.compile(re.escape(_single(path).rstrip("/")) + r"(?![\w.~-])")

    def __contains__(self, path: str) -> bool:
        return self._pattern.match(_single(path)) is not None


def _single(path: str) -> str:
    return re.sub("/+", "/", f"/{path}")
