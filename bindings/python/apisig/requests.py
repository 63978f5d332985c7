"""Kommo, Kayako and MOR for the library requests: each signs the very bytes that are sent.

They are its ``auth``: ``requests.post(url, json=message, auth=KommoAuth(kommo))``. As the auth of a session they sign
whatever the session sends: have one session for each vendor.

The body is None, text or bytes, or what requests makes of ``data`` and ``json``: no stream. On a redirect the signature
stays behind: requests follows without it, to whatever host, and the vendor refuses that.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, final
from urllib.parse import urlsplit

from . import _outgoing
from ._errors import InvalidArgument, Status
from ._native import String, own
from ._outgoing import Outgoing, Signed
from .kayako import Kayako
from .kommo import Kommo
from .mor import Mor

try:
    from requests import PreparedRequest, Response
    from requests.auth import AuthBase
except ModuleNotFoundError as error:
    raise ImportError("apisig.requests needs the library requests: pip install 'apisig[requests]'") from error


class _Auth(AuthBase):
    def __init__(self, sign: Callable[[Outgoing], Signed]) -> None:
        self._sign = sign

    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        """Sign a request. Raises InvalidArgument if it cannot be."""
        if r.body is not None:
            r.body = _read(r.body)
        url = urlsplit(r.url or "")
        path = r.path_url.split("?")[0]
        content_type = r.headers.get("Content-Type") or ""
        if isinstance(content_type, bytes):
            content_type = content_type.decode("latin-1")
        signed = self._sign(Outgoing(r.method or "", path, url.query, content_type, r.body or b""))
        r.register_hook("response", _leaves_behind(r))
        r.url = url._replace(query=signed.query).geturl()
        r.headers.update(signed.headers)
        if signed.body:
            r.body = signed.body
            r.headers["Content-Length"] = str(len(signed.body))
        return r


@final
class KommoAuth(_Auth):
    """Signs requests of Kommo's Chat API, in their headers; the body is JSON."""

    def __init__(self, kommo: Kommo) -> None:
        """Take the channel."""
        super().__init__(partial(_outgoing.kommo, kommo))


@final
class KayakoAuth(_Auth):
    """Signs requests to a Kayako helpdesk, with a fresh salt each.

    The parameters stand where the vendor's server reads them: in the query (GET, DELETE), in the form that is the body
    (POST), in both (PUT). The signature never expires, and urllib3 logs the query of every request at level DEBUG:
    keep that level out of production.
    """

    def __init__(self, kayako: Kayako, api_key: String) -> None:
        """Take the helpdesk and its API key. Raises InvalidArgument if the API key is white space."""
        kayako.encoded_parameters(api_key)
        super().__init__(partial(_outgoing.kayako, kayako, api_key))


@final
class MorAuth(_Auth):
    """Signs requests to /billing/api/METHOD of a MOR server, as Mor.sign_request() does.

    A request is a POST without a query; the hash is added to its form.
    """

    def __init__(self, mor: Mor, *, allow_get: bool = False) -> None:
        """Take the server.

        allow_get: sign the query of a GET too, for a server that allows it. Web servers and proxies log it.
        """
        super().__init__(partial(_outgoing.mor, mor, allow_get))


def _read(body: Any) -> bytes:
    if isinstance(body, (str, bytes, bytearray, memoryview)):
        return own(body)
    raise InvalidArgument("A stream cannot be signed and then sent: read it first, and pass bytes.", Status.ARGUMENT)


def _leaves_behind(request: PreparedRequest) -> Callable[..., None]:
    """Take what is not signed yet, for what requests makes of a request that is redirected: a copy of it."""
    headers, body = request.headers.copy(), request.body

    def hook(response: Response, **_: Any) -> None:
        if response.request is request and response.is_redirect:
            request.headers, request.body = headers, body

    return hook
