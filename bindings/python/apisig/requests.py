"""Kommo, Kayako and MOR for the library requests: each signs the very bytes that are sent.

They are its ``auth``: ``requests.post(url, json=message, auth=KommoAuth(kommo))``. As the auth of a session they sign
whatever the session sends: have one session for each vendor.

The body is None, text or bytes, or what requests makes of ``data`` and ``json``: no stream. On a redirect the signature
stays behind: requests follows without it, to whatever host, and the vendor refuses that.
"""

from __future__ import annotations

from typing import Any, Callable, final
from urllib.parse import urlsplit

from ._errors import InvalidArgument, Status
from ._native import own
from ._outgoing import KayakoSigner, KommoSigner, MorSigner, Outgoing, Signer

try:
    from requests import PreparedRequest, Response
    from requests.auth import AuthBase
except ModuleNotFoundError as error:
    raise ImportError("apisig.requests needs the library requests: pip install 'apisig[requests]'") from error


class _Auth(Signer, AuthBase):
    def __call__(self, r: PreparedRequest) -> PreparedRequest:
        """Sign a request. Raises InvalidArgument if it cannot be."""
        body: Any = r.body or b""
        if not isinstance(body, (str, bytes, bytearray, memoryview)):
            raise InvalidArgument("A stream cannot be signed and then sent: pass its bytes.", Status.ARGUMENT)
        url = urlsplit(r.url or "")
        path = r.path_url.split("?")[0]
        content_type = r.headers.get("Content-Type") or ""
        if isinstance(content_type, bytes):
            content_type = content_type.decode("latin-1")
        signed = self._sign(Outgoing(r.method or "", path, url.query, content_type, own(body)))
        r.register_hook("response", _leaves_behind(r))
        r.url = url._replace(query=signed.query).geturl()
        r.headers.update(signed.headers)
        if signed.body:
            r.body = signed.body
            r.headers["Content-Length"] = str(len(signed.body))
        return r


@final
class KommoAuth(KommoSigner, _Auth):
    """Signs requests of Kommo's Chat API, in their headers; the body is JSON."""


@final
class KayakoAuth(KayakoSigner, _Auth):
    """Signs requests to a Kayako helpdesk, with a fresh salt each.

    The parameters stand where the vendor's server reads them: in the query (GET, DELETE), in the form that is the body
    (POST), in both (PUT). The signature never expires, and urllib3 logs the query of every request at level DEBUG:
    keep that level out of production.
    """


@final
class MorAuth(MorSigner, _Auth):
    """Signs requests to /billing/api/METHOD of a MOR server, as Mor.sign_request() does.

    A request is a POST without a query; the hash is added to its form.
    """


def _leaves_behind(request: PreparedRequest) -> Callable[..., None]:
    """Return a hook that restores what is not signed: requests copies a request that is redirected."""
    headers, body = request.headers.copy(), request.body

    def hook(response: Response, **_: Any) -> None:
        if response.request is request and response.is_redirect:
            request.headers, request.body = headers, body

    return hook
