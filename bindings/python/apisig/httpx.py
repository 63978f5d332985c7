"""Kommo, Kayako and MOR for the library httpx: each signs the very bytes that are sent, by Client and AsyncClient.

They are its ``auth``: ``httpx.post(url, json=message, auth=KommoAuth(kommo))``. As the auth of a client they sign
whatever the client sends: have one client for each vendor.

A stream as body is read into memory first. A redirect of a signed request raises Error. This needs httpx's own
transports; another transport may send headers and body along.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import Any, Callable, final

from ._errors import Error
from ._outgoing import KayakoSigner, KommoSigner, MorSigner, Outgoing, Signer

try:
    from httpx import Auth, Headers, Request, Response
except ModuleNotFoundError as error:
    raise ImportError("apisig.httpx needs the library httpx: pip install 'apisig[httpx]'") from error


class _Auth(Signer, Auth):
    requires_request_body = True

    def sync_auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        """Sign a request. Raises InvalidArgument if it cannot be."""
        request.read()
        yield self._signed(request, _OneSending(request).trace)

    async def async_auth_flow(self, request: Request) -> AsyncGenerator[Request, Response]:
        """Sign a request. Raises InvalidArgument if it cannot be."""
        await request.aread()
        yield self._signed(request, _OneSending(request).async_trace)

    def _signed(self, request: Request, trace: Callable[..., Any]) -> Request:
        path, _, query = request.url.raw_path.decode().partition("?")
        content_type = request.headers.get("Content-Type", "")
        signed = self._sign(Outgoing(request.method, path, query, content_type, request.content))
        headers = Headers(request.headers)
        for name in ("Content-Length", "Transfer-Encoding"):
            headers.pop(name, None)
        headers.update(signed.headers)
        url = request.url if signed.query == query else request.url.copy_with(query=signed.query.encode())
        extensions = {**request.extensions, "trace": trace}
        return Request(request.method, url, headers=headers, content=signed.body, extensions=extensions)


class _OneSending:
    """Keeps a request from being sent twice: httpx sends headers, body and extensions to where it is redirected to."""

    def __init__(self, request: Request) -> None:
        self._callers_own = request.extensions.get("trace")
        self._is_sent = False

    def trace(self, name: str, info: dict[str, Any]) -> Any:
        # What asks a proxy for a tunnel is not signed.
        if name.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            if self._is_sent:
                raise Error("A signed request was redirected, and is not sent there: ask for the right URL.")
            self._is_sent = True
        return self._callers_own and self._callers_own(name, info)

    async def async_trace(self, name: str, info: dict[str, Any]) -> None:
        if (callers_own := self.trace(name, info)) is not None:
            await callers_own


@final
class KommoAuth(KommoSigner, _Auth):
    """Signs requests of Kommo's Chat API, in their headers; the body is JSON."""


@final
class KayakoAuth(KayakoSigner, _Auth):
    """Signs requests to a Kayako helpdesk, with a fresh salt each.

    The parameters stand where the vendor's server reads them: in the query (GET, DELETE), in the form that is the body
    (POST), in both (PUT). The signature never expires, and httpx logs the URL of every request at level INFO: switch
    that off by ``logging.getLogger("httpx").setLevel(logging.WARNING)``.
    """


@final
class MorAuth(MorSigner, _Auth):
    """Signs requests to /billing/api/METHOD of a MOR server, as Mor.sign_request() does.

    A request is a POST without a query; the hash is added to its form.
    """
