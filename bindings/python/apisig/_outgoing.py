"""What the signature of Kommo, Kayako and MOR changes in a request: for requests.py and httpx.py."""

from __future__ import annotations

import re
from typing import NamedTuple

from ._errors import InvalidArgument, Status, without_frames
from ._messages import FORM
from ._native import String
from .kayako import Kayako
from .kommo import Kommo
from .mor import Mor

JSON = "application/json"


class Outgoing(NamedTuple):
    """A request as it would be sent."""

    method: str
    """In upper case."""
    path: str
    query: str
    """Without its "?"."""
    content_type: str
    """Empty if there is none."""
    body: bytes


class Signed(NamedTuple):
    """What is sent in place of it."""

    query: str
    headers: dict[str, str]
    """Those to be set."""
    body: bytes


class Signer:
    """What the classes of both clients share, which put the result into their own requests."""

    def _sign(self, request: Outgoing) -> Signed:
        raise NotImplementedError


class KommoSigner(Signer):
    def __init__(self, kommo: Kommo) -> None:
        """Sign for this channel."""
        self._kommo = kommo

    def _sign(self, request: Outgoing) -> Signed:
        _has_type(request, JSON)
        headers = self._kommo.sign(request.method, request.path, request.body)
        return Signed(request.query, headers, request.body)


class KayakoSigner(Signer):
    @without_frames
    def __init__(self, kayako: Kayako, api_key: String) -> None:
        """Sign for this helpdesk and its API key. Raises InvalidArgument if the API key is white space."""
        kayako.encoded_parameters(api_key)
        self._kayako, self._api_key = kayako, api_key

    @without_frames
    def _sign(self, request: Outgoing) -> Signed:
        method, _, query, _, body = request
        query, body = self._kayako._placed(method, self._api_key, None, query.encode(), body)
        if method in ("GET", "DELETE"):
            return Signed(query, {}, body)
        _has_type(request, FORM)
        return Signed(query, {"Content-Type": FORM}, body)


class MorSigner(Signer):
    def __init__(self, mor: Mor, *, allow_get: bool = False) -> None:
        """Sign for this server.

        allow_get: sign the query of a GET too, for a server that allows it. Web servers and proxies log it.
        """
        self._mor, self._allow_get = mor, allow_get

    def _sign(self, request: Outgoing) -> Signed:
        method, path, query, _, body = request
        called = re.search(r"/billing/api/([^/]+)\Z", path)
        if called is None:
            raise InvalidArgument("The path does not end in /billing/api/ and a method of MOR.", Status.ARGUMENT)
        if method == "GET" and self._allow_get and not body:
            return Signed(self._mor.sign_form(called[1], query).decode(), {}, body)
        if method != "POST" or query:
            raise InvalidArgument(
                "The request is no POST without a query. Send the parameters as its form.", Status.ARGUMENT
            )
        _has_type(request, FORM)
        return Signed(query, {"Content-Type": FORM}, self._mor.sign_form(called[1], body))


def _has_type(request: Outgoing, expected: str) -> None:
    if request.content_type.split(";")[0].strip().lower() not in ("", expected):
        raise InvalidArgument(f"The Content-Type is not {expected}.", Status.ARGUMENT)
