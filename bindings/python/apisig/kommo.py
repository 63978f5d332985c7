"""Kommo (amoCRM) Chat API: the four headers of a request.

The signature covers method, path, body, Content-Type and Date; not the host and not the query.
Source: the vendor's page "Connecting chat channel".
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Union

from . import _native
from ._native import Bytes

TOLERANCE = 900
"""For how many seconds a signature holds, before and after its Date: 15 minutes."""

Headers = Mapping[str, Union[Bytes, Sequence[Bytes]]]

_sign = _native.function(
    "apisig_kommo_sign",
    _native.INT32,
    _native.HANDLE,
    _native.STRING,
    _native.STRING,
    _native.STRING,
    _native.INT64,
    _native.KOMMO_HEADERS,
)
_sign_digest = _native.function(
    "apisig_kommo_sign_digest", _native.LENGTH, _native.HANDLE, *[_native.STRING] * 5, _native.OUT
)
_string_to_sign = _native.function("apisig_kommo_string_to_sign", _native.LENGTH, *[_native.STRING] * 5, _native.OUT)
_verify = _native.function(
    "apisig_kommo_verify",
    _native.BOOL,
    _native.HANDLE,
    *[_native.STRING] * 7,
    _native.INT64,
    _native.INT64,
    _native.WHY,
)


class Kommo(_native.Room, room="kommo"):
    """A channel, by its secret: text, its 40 hex digits are not decoded."""

    __slots__ = ()

    def sign(self, method: Bytes, url: Bytes, body: Bytes = b"", now: int | None = None) -> dict[str, str]:
        """Make the headers of a request.

        method: in any case; it is signed in upper case.
        url: a whole URL or a path; only the path is signed.
        body: the raw bytes, sent just as they are here; empty for GET.
        now: Unix seconds; the clock's if None.

        Returns the values of Date, Content-Type, Content-MD5 and X-Signature. Raises InvalidArgument if now is out of
        range, a control character is in method or url, or url is neither a path nor a URL with its scheme.
        """
        method, url, body = _native.own(method), _native.own(url), _native.own(body)
        out = _native.places.kommo_headers
        status = _sign(self._handle, method, len(method), url, len(url), body, len(body), _now(now), out)
        if status != 0:
            _native.fail(status)
        return {
            "Date": out.date.decode(),
            "Content-Type": "application/json",
            "Content-MD5": out.content_md5.decode(),
            "X-Signature": out.x_signature.decode(),
        }

    def sign_digest(self, method: Bytes, url: Bytes, content_md5: Bytes, content_type: Bytes, date: Bytes) -> str:
        """Sign header values as they are given.

        content_md5, content_type, date: the values of the headers, byte for byte as they are sent; a missing header
        is "".

        Returns X-Signature: 40 hex digits. Raises InvalidArgument.
        """
        out = _native.places.out
        strings = _flat(_native.own(string) for string in (method, url, content_md5, content_type, date))
        return _native.text(_sign_digest(self._handle, *strings, out, 256), out)

    @staticmethod
    def string_to_sign(method: Bytes, url: Bytes, content_md5: Bytes, content_type: Bytes, date: Bytes) -> bytes:
        r"""Show what sign_digest() signs: method, Content-MD5, Content-Type, Date and path, with "\n" between them.

        Raises InvalidArgument.
        """
        strings = [_native.own(string) for string in (method, url, content_md5, content_type, date)]
        size = sum(map(len, strings)) + 6
        out = _native.buffer(size)
        length = _string_to_sign(*_flat(strings), out, size)
        if length < 0:
            _native.fail(length)
        return bytes(out[:length])

    def verify(
        self,
        method: Bytes,
        url: Bytes,
        body: Bytes,
        headers: Headers,
        now: int | None = None,
        tolerance: int = TOLERANCE,
    ) -> bool:
        """Answer whether a request is signed with the secret, has the body that was signed, and is of this time.

        method, url, body: as received; the body's raw bytes, not a parsed and re-encoded copy.
        headers: as received, names in any case, a value a string or a sequence of one.
        now: Unix seconds; the clock's if None.
        tolerance: for how many seconds a signature holds, before and after its Date, 0 or more. Within them the same
        request can come again.

        Raises InvalidArgument if now or tolerance is out of range; never for what was presented.
        """
        return _native.verdict(self._holds(method, url, body, headers, now, tolerance))

    def check(
        self,
        method: Bytes,
        url: Bytes,
        body: Bytes,
        headers: Headers,
        now: int | None = None,
        tolerance: int = TOLERANCE,
    ) -> int:
        """As verify(), but gives the index of the matching secret (0: the current one) or raises VerificationFailed."""
        return _native.index(self._holds(method, url, body, headers, now, tolerance))

    def _holds(self, method: Bytes, url: Bytes, body: Bytes, headers: Headers, now: int | None, tolerance: int) -> bool:
        named = [_header(headers, name) for name in ("content-md5", "content-type", "date", "x-signature")]
        strings = _flat(_native.presented(string) for string in (method, url, body, *named))
        holds: bool = _verify(self._handle, *strings, _now(now), _native.int64(tolerance), _native.places.why)
        return holds


def _flat(strings: Iterable[bytes]) -> list[bytes | int]:
    return [part for string in strings for part in (string, len(string))]


def _header(headers: Headers, name: str) -> Bytes:
    """Find the header's only value; "" if it is missing, or there twice and nobody can say which one was meant."""
    values: list[object] = []
    for key, value in headers.items():
        if key.lower() == name:
            values.extend(value if isinstance(value, (list, tuple)) else [value])
    only = values[0] if len(values) == 1 else ""
    return only if isinstance(only, (str, bytes)) else ""


def _now(now: int | None) -> int:
    return int(time.time()) if now is None else _native.int64(now)
