"""ImbaChat: user tokens, and the API login and password of ImbaChat's own requests.

A token holds for whoever has it until it expires.
Source: the vendor's page "ImbaChat-docs, API".
"""

from __future__ import annotations

import time

from . import _native
from ._native import Bytes

_sign = _native.function(
    "apisig_imbachat_sign", _native.LENGTH, _native.HANDLE, _native.INT64, _native.INT64, _native.OUT
)
_verify = _native.function(
    "apisig_imbachat_verify",
    _native.BOOL,
    _native.HANDLE,
    _native.STRING,
    _native.INT64,
    _native.INT64,
    _native.USER_ID,
    _native.WHY,
)
_verify_login = _native.function("apisig_imbachat_verify_login", _native.BOOL, *[_native.STRING] * 4, _native.WHY)


class ImbaChat(_native.Room, room="imbachat"):
    """A widget, by its Secret key."""

    __slots__ = ()

    def sign(self, user_id: int, ttl: int = 3600, now: int | None = None) -> str:
        """Make the token of a user, byte for byte as the page's getJWT() does.

        user_id: the user's id on your site, 1 or more.
        ttl: for how many seconds the token holds.
        now: Unix seconds; the clock's if None.

        Raises InvalidArgument.
        """
        expires_at = _native.int64(_now(now) + _native.int64(ttl))
        out = _native.places.out
        return _native.text(_sign(self._handle, _native.int64(user_id), expires_at, out, 256), out)

    def verify(self, token: Bytes, now: int | None = None, leeway: int = 0) -> bool:
        """Answer whether a token is signed with the secret, by HS256, and holds now.

        token: as received, at most 4096 bytes.
        now: Unix seconds; the clock's if None.
        leeway: for how many seconds the clocks may differ, 0 or more.

        Raises InvalidArgument if now or leeway is out of range; never for what was presented.
        """
        return _native.verdict(self._holds(token, now, leeway))

    def check(self, token: Bytes, now: int | None = None, leeway: int = 0) -> int:
        """As verify(), but gives the user's id, or raises VerificationFailed."""
        _native.index(self._holds(token, now, leeway))
        return _native.places.user_id.value

    def _holds(self, token: Bytes, now: int | None, leeway: int) -> bool:
        token, places = _native.presented(token), _native.places
        holds: bool = _verify(
            self._handle, token, len(token), _now(now), _native.int64(leeway), places.user_id, places.why
        )
        return holds

    @staticmethod
    def verify_login(login: Bytes, password: Bytes, presented_login: Bytes, presented_password: Bytes) -> bool:
        """Answer whether a request comes from ImbaChat: the login without regard to ASCII case, the password exactly.

        login, password: your own, from the widget's settings; not empty.
        presented_login, presented_password: as received by HTTP Basic authorization, decoded.

        Both are compared in constant time. Raises InvalidArgument if your own login or password is empty.
        """
        strings = (
            _native.own(login),
            _native.own(password),
            _native.presented(presented_login),
            _native.presented(presented_password),
        )
        return _native.verdict(
            _verify_login(*[part for string in strings for part in (string, len(string))], _native.places.why)
        )


def _now(now: int | None) -> int:
    return int(time.time()) if now is None else _native.int64(now)
