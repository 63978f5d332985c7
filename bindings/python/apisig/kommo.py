"""Kommo (amoCRM) Chat API: the four headers of a request.

The signature covers method, path, body, Content-Type and Date; not the host and not the query.
Source: the vendor's page "Connecting chat channel".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast, final

from . import _native
from ._errors import Status
from ._native import (
    SIZE,
    Int32,
    Out,
    String,
    address,
    checked,
    fail,
    flat,
    int64,
    own,
    place,
    presented,
    unix_time,
    verdict,
)
from ._room import Room

Headers = Mapping[Any, Any]
"""Names in any case to values, each a string or a list of one."""

_SIGN = (
    _native.INT32,
    _native.HANDLE,
    *[_native.STRING] * 3,
    _native.INT64,
    _native.ADDRESS,
)
_sign = _native.function("apisig_kommo_sign", *_SIGN)
_sign_large = _native.function("apisig_kommo_sign", *_SIGN, gil=False)
_sign_digest = _native.function(
    "apisig_kommo_sign_digest", _native.TEXT, _native.HANDLE, *[_native.STRING] * 5, _native.OUT
)
_string_to_sign = _native.function("apisig_kommo_string_to_sign", _native.LENGTH, *[_native.STRING] * 5, _native.OUT)
_VERIFY = (
    _native.BOOL,
    _native.HANDLE,
    *[_native.STRING] * 7,
    *[_native.INT64] * 2,
    _native.ADDRESS,
)
_verify = _native.function("apisig_kommo_verify", *_VERIFY)
_verify_large = _native.function("apisig_kommo_verify", *_VERIFY, gil=False)


@final
class Kommo(Room, room="kommo"):
    """A channel, by its secret: text, its 40 hex digits are not decoded."""

    __slots__ = ()

    TOLERANCE = 900
    """For how many seconds a signature holds, before and after its Date: 15 minutes."""

    def sign(self, method: String, url: String, body: String = b"", now: float | None = None) -> dict[str, str]:
        """Make the headers of a request.

        method: not empty, in any case; it is signed in upper case.
        url: a whole URL with its scheme, or a path that starts with "/"; only the path is signed.
        body: the raw bytes, sent just as they are here; empty for GET.
        now: Unix seconds; the clock's if None.

        Returns the values of Date, Content-Type, Content-MD5 and X-Signature. Raises InvalidArgument if now is out of
        range, method is empty, url is neither of these, or there is a control character in either or a space in url.
        """
        method, url, body = own(method), own(url), own(body)
        now, out = unix_time(now), Out()
        sign = _sign if len(body) < _native.LARGE else _sign_large
        status = sign(self._handle, method, len(method), url, len(url), body, len(body), now, address(out))
        if status != 0:
            fail(status)
        # apisig_kommo_headers: four strings of a fixed length, each with its NUL.
        headers = out[:122].decode()
        return {
            "Date": headers[:31],
            "Content-Type": headers[32:48],
            "Content-MD5": headers[49:81],
            "X-Signature": headers[82:],
        }

    def sign_digest(self, method: String, url: String, content_md5: String, content_type: String, date: String) -> str:
        """Sign header values as they are given.

        content_md5, content_type, date: the values of the headers, byte for byte as they are sent; a missing header
        is "".

        Returns X-Signature: 40 hex digits. Raises InvalidArgument.
        """
        strings = flat(*map(own, (method, url, content_md5, content_type, date)))
        signature = _sign_digest(self._handle, *strings, place.address, SIZE)
        return bytes.decode(signature) if signature else fail(Status.ARGUMENT)

    @staticmethod
    def string_to_sign(method: String, url: String, content_md5: String, content_type: String, date: String) -> bytes:
        r"""Show what sign_digest() signs: method, Content-MD5, Content-Type, Date and path, with "\n" between them.

        Raises InvalidArgument.
        """
        strings = flat(*map(own, (method, url, content_md5, content_type, date)))
        return _native.text(lambda out, size: cast(int, _string_to_sign(*strings, out, size)))

    def verify(
        self,
        method: String,
        url: String,
        body: String,
        headers: Headers,
        now: float | None = None,
        tolerance: int = TOLERANCE,
    ) -> bool:
        """Answer whether a request is signed with the secret, has the body that was signed, and is of this time.

        The webhooks that Kommo sends are signed in another way, and do not hold here.

        method, url, body: as received. The url is the raw one, which frameworks decode (in WSGI look for RAW_URI or
        REQUEST_URI); the body is the raw bytes, not a parsed and re-encoded copy.
        headers: as received, names in any case, a value a string or a list of one.
        now: Unix seconds; the clock's if None.
        tolerance: for how many seconds a signature holds, before and after its Date, 0 or more. Within them the same
        request can come again.

        Raises InvalidArgument if now or tolerance is out of range; never for what was presented.
        """
        why = Int32()
        return verdict(self._holds(method, url, body, headers, now, tolerance, address(why)), why)

    def check(
        self,
        method: String,
        url: String,
        body: String,
        headers: Headers,
        now: float | None = None,
        tolerance: int = TOLERANCE,
    ) -> int:
        """As verify(), but gives the index of the matching secret (0: the current one) or raises VerificationFailed."""
        why = Int32()
        return checked(self._holds(method, url, body, headers, now, tolerance, address(why)), why, why)

    def _holds(
        self,
        method: String,
        url: String,
        body: String,
        headers: Headers,
        now: float | None,
        tolerance: int,
        why: int,
    ) -> bool:
        named = [_header(headers, name) for name in (b"content-md5", b"content-type", b"date", b"x-signature")]
        body = presented(body)
        strings = flat(*map(presented, (method, url, body, *named)))
        times = (unix_time(now), int64(tolerance))
        verify = _verify if len(body) < _native.LARGE else _verify_large
        holds: bool = verify(self._handle, *strings, *times, why)
        return holds


def _header(headers: Headers, name: bytes) -> String:
    """Find the header's only value; "" if it is missing.

    If it is there twice, or is no string, it becomes a character that no header can hold.
    """
    values: list[object] = []
    for key, value in headers.items():
        if isinstance(key, (str, bytes)) and presented(key).lower() == name:
            values.extend(value if isinstance(value, (list, tuple)) else [value])
    only = values[0] if len(values) == 1 else "\0" if values else ""
    return only if isinstance(only, (str, bytes)) else "\0"
