"""ImbaChat: user tokens, and the API login and password of ImbaChat's own requests.

A token holds for whoever has it until it expires.
Source: the vendor's page "ImbaChat-docs, API".
"""

from __future__ import annotations

from . import _native
from ._native import Place, Presented, String
from ._room import Room

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
    _native.INT64_OUT,
    _native.WHY,
)
_verify_login = _native.function("apisig_imbachat_verify_login", _native.BOOL, *[_native.STRING] * 4, _native.WHY)


class ImbaChat(Room, room="imbachat"):
    """A widget, by its Secret key."""

    __slots__ = ()

    def sign(self, user_id: int, ttl: int = 3600, now: float | None = None) -> str:
        """Make the token of a user, byte for byte as the page's getJWT() does.

        user_id: the user's id on your site, 1 or more.
        ttl: for how many seconds the token holds; a token of 0 or less is expired from the start.
        now: Unix seconds; the clock's if None.

        Raises InvalidArgument.
        """
        expires_at = _native.int64(_native.unix_time(now) + _native.int64(ttl))
        place = _native.take()
        return place.text(_sign(self._handle, _native.int64(user_id), expires_at, place.out, place.size))

    def verify(self, token: Presented, now: float | None = None, leeway: int = 0) -> bool:
        """Answer whether a token is signed with the secret, by HS256, and holds now.

        token: as received, at most 4096 bytes.
        now: Unix seconds; the clock's if None.
        leeway: for how many seconds the clocks may differ, 0 or more.

        Raises InvalidArgument if now or leeway is out of range; never for what was presented.
        """
        place = _native.take()
        return place.verdict(self._holds(place, token, now, leeway))

    def check(self, token: Presented, now: float | None = None, leeway: int = 0) -> int:
        """As verify(), but gives the user's id, or raises VerificationFailed."""
        place = _native.take()
        return place.checked(self._holds(place, token, now, leeway), place.int64)

    def _holds(self, place: Place, token: Presented, now: float | None, leeway: int) -> bool:
        token = _native.presented(token)
        times = (_native.unix_time(now), _native.int64(leeway))
        holds: bool = _verify(self._handle, token, len(token), *times, place.int64, place.why)
        return holds

    @staticmethod
    def verify_login(
        login: String, password: String, presented_login: Presented, presented_password: Presented
    ) -> bool:
        """Answer whether a request comes from ImbaChat: the login without regard to ASCII case, the password exactly.

        login, password: your own, from the widget's settings; not empty.
        presented_login, presented_password: as received by HTTP Basic authorization, decoded.

        Both are compared in constant time. Raises InvalidArgument if your own login or password is empty.
        """
        strings = _native.flat(
            _native.own(login),
            _native.own(password),
            _native.presented(presented_login),
            _native.presented(presented_password),
        )
        place = _native.take()
        return place.verdict(_verify_login(*strings, place.why))
