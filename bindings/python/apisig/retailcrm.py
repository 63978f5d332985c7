"""RetailCRM (Simla) simple connection: the token of a register request.

The token covers the API key alone: not the system URL that is sent beside it, and it never expires.
Source: the vendor's page "The procedure of simple connection of the module".
"""

from __future__ import annotations

from typing import final

from . import _native
from ._errors import Status
from ._native import SIZE, Int32, Presented, String, address, checked, fail, own, place, presented
from ._room import Room

_sign = _native.function("apisig_retailcrm_sign", _native.TEXT, _native.HANDLE, _native.STRING, _native.OUT)
_verify = _native.function(
    "apisig_retailcrm_verify", _native.BOOL, _native.HANDLE, _native.STRING, _native.STRING, _native.ADDRESS
)


@final
class RetailCrm(Room, room="retailcrm"):
    """A module, by its secret string from the partner account."""

    __slots__ = ()

    def sign(self, api_key: String) -> str:
        """Make the token of an API key: 64 hex digits. Raises InvalidArgument if the API key is empty."""
        api_key = own(api_key)
        token = _sign(self._handle, api_key, len(api_key), place.address, SIZE)
        return bytes.decode(token) if token else fail(Status.ARGUMENT)

    def verify(self, api_key: Presented, token: Presented) -> bool:
        """Answer whether a token is the API key's. The token's hex may be of either case."""
        api_key, token = presented(api_key), presented(token)
        holds: bool = _verify(self._handle, api_key, len(api_key), token, len(token), None)
        return holds

    def check(self, api_key: Presented, token: Presented) -> int:
        """As verify(), but gives the index of the matching secret (0: the current one) or raises VerificationFailed."""
        api_key, token = presented(api_key), presented(token)
        why = Int32()
        return checked(_verify(self._handle, api_key, len(api_key), token, len(token), address(why)), why, why)
