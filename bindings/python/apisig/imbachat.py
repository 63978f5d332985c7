"""ImbaChat: user tokens, and the API login and password of ImbaChat's own requests.

A token holds for whoever has it until it expires.
Source: the vendor's page "ImbaChat-docs, API".
"""

from __future__ import annotations

from typing import final

from . import _native
from ._errors import Status
from ._native import (
    SIZE,
    Int32,
    Int64,
    Presented,
    String,
    address,
    checked,
    fail,
    int64,
    own,
    place,
    presented,
    unix_time,
    verdict,
)
from ._room import Room

_sign = _native.function(
    "apisig_imbachat_sign", _native.TEXT, _native.HANDLE, _native.INT64, _native.INT64, _native.OUT
)
_verify = _native.function(
    "apisig_imbachat_verify",
    _native.BOOL,
    _native.HANDLE,
    _native.STRING,
    _native.INT64,
    _native.INT64,
    _native.ADDRESS,
    _native.ADDRESS,
)
_verify_login = _native.function("apisig_imbachat_verify_login", _native.BOOL, *[_native.STRING] * 4, _native.ADDRESS)


@final
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
        expires_at = int64(unix_time(now) + int64(ttl))
        token = _sign(self._handle, int64(user_id), expires_at, place.address, SIZE)
        return bytes.decode(token) if token else fail(Status.ARGUMENT)

    def verify(self, token: Presented, now: float | None = None, leeway: int = 0) -> bool:
        """Answer whether a token is signed with the secret, by HS256, and holds now.

        token: as received, at most 4096 bytes.
        now: Unix seconds; the clock's if None.
        leeway: for how many seconds the clocks may differ, 0 or more.

        Raises InvalidArgument if now or leeway is out of range; never for what was presented.
        """
        now = unix_time(now)
        if self._holds(token, now, leeway, None, None):
            return True
        # Only why it does not hold needs a place.
        why = Int32()
        return verdict(self._holds(token, now, leeway, None, address(why)), why)

    def check(self, token: Presented, now: float | None = None, leeway: int = 0) -> int:
        """As verify(), but gives the user's id, or raises VerificationFailed."""
        why, user_id = Int32(), Int64()
        holds = self._holds(token, unix_time(now), leeway, address(user_id), address(why))
        return checked(holds, why, user_id)

    def _holds(self, token: Presented, now: int, leeway: int, user_id: int | None, why: int | None) -> bool:
        token = presented(token)
        holds: bool = _verify(self._handle, token, len(token), now, int64(leeway), user_id, why)
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
        login, password = own(login), own(password)
        user, word = presented(presented_login), presented(presented_password)
        why = Int32()
        holds = _verify_login(
            login, len(login), password, len(password), user, len(user), word, len(word), address(why)
        )
        return verdict(holds, why)
