"""What goes over HTTP, for any client and any framework: requests that are ready to be sent, and answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"


def encoded(fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return fields as such a form. PHP encodes a ~ too: so both languages write the same bytes."""
    return urlencode(list(fields)).replace("~", "%7E").encode()


class Request(NamedTuple):
    """A request that is ready to be sent: its body is, byte for byte, what its headers speak of."""

    method: str
    """Such as "POST"."""
    url: str
    """Whole, with its query."""
    headers: dict[str, str]
    """Values by name."""
    body: bytes
    """The raw bytes: send them as they are."""

    def __repr__(self) -> str:
        """Return method and host alone: URL, headers and body may have a credential."""
        return f"<apisig.Request {self.method} {urlsplit(self.url).hostname}>"


class Response(NamedTuple):
    """What a vendor's request is answered with."""

    status: int
    """Of HTTP, such as 200."""
    headers: dict[str, str]
    """Values by name."""
    body: bytes
    """The raw bytes."""
