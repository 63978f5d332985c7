"""Dependencies for FastAPI: only verified requests reach the path operation.

    @app.post("/kommo", dependencies=[Depends(kommo_webhook(kommo))])
    async def webhook(request: Request): ...

A router takes them too: ``APIRouter(dependencies=[...])``. They are in /openapi.json as security schemes. In Starlette
give a Route or Mount the middleware of ``apisig.asgi``.
"""

# No annotations of __future__: FastAPI reads those of __call__, and looks for an object's names in no module.
from fastapi import HTTPException, Request, WebSocketException
from fastapi.security import APIKeyHeader, HTTPBasic
from fastapi.security.base import SecurityBase
from starlette.requests import ClientDisconnect, HTTPConnection

from ._errors import without_frames
from ._imbachat_check import Login
from ._incoming import AsyncGuard, Check, Refused, single
from ._kommo_check import LIMIT, Webhooks
from ._native import String
from .checked import OnChecked, Outcome
from .kommo import Kommo


class _Dependency(SecurityBase):
    """A check, and the security scheme by which OpenAPI names it."""

    def __init__(self, check: Check, scheme: SecurityBase) -> None:
        self._check, self.scheme_name, self.model = check, scheme.scheme_name, scheme.model

    async def __call__(self, connection: HTTPConnection) -> bytes:
        """Return the body of a verified request. Raises HTTPException or WebSocketException for any other."""
        check = self._check
        value = single(connection.headers.getlist(check.header))
        try:
            if not isinstance(connection, Request):
                check.refuse(Outcome.MALFORMED)
            check.before_body(value, single(connection.headers.getlist("Content-Length")))
            body = b"" if check.limit is None else await _body(connection, check.limit)
            await check.check_in_loop(body, value)
        except Refused as refused:
            raise _exception(refused, connection) from None
        except ClientDisconnect:
            raise HTTPException(400) from None
        return body


def kommo_webhook(
    kommo: Kommo, *, guard: AsyncGuard = None, limit: int = LIMIT, on_checked: OnChecked = None
) -> _Dependency:
    """Return a dependency that admits only webhooks that Kommo signed. Its value is the body's bytes.

    The path operation takes the body from there or from the Request. It declares no body parameter, neither a model nor
    a Form: FastAPI reads those before any dependency runs, without a limit. The dependency raises TypeError then.

    kommo: the channel.
    guard: admits each webhook once. It remembers it before the path operation runs. The store of a ReplayGuard is
    asked in a thread.
    limit: for the bytes of a body, 0 or more.
    on_checked: called with a Checked for each request, in the event loop.

    Raises HTTPException with 401 for everything else, a replay too, or with 413 for a larger body; and what the guard's
    store raises. Websockets are closed. Raises InvalidArgument at once if limit is not an int of 0 or
    more.
    """
    description = "The HMAC-SHA1 of the body by the channel secret, in hex."
    scheme = APIKeyHeader(name=Webhooks.header, scheme_name="kommo_webhook", description=description)
    return _Dependency(Webhooks(kommo, guard, limit, on_checked), scheme)


@without_frames
def imbachat_login(login: String, password: String, *, on_checked: OnChecked = None) -> _Dependency:
    """Return a dependency that admits only requests with ImbaChat's login. Its value is empty.

    login, password: your own, from the widget's settings.
    on_checked: called with a Checked for each request, in the event loop.

    Raises HTTPException with 401 and the header WWW-Authenticate for everything else. Websockets are closed. Raises
    InvalidArgument at once if login or password is empty.
    """
    return _Dependency(Login(login, password, on_checked), HTTPBasic(scheme_name="imbachat_login"))


async def _body(request: Request, limit: int) -> bytes:
    """Return the body, read no further than to see that it is larger than the limit. request.body() returns it too."""
    if request._stream_consumed:
        raise TypeError(
            "The body was read before it was verified. Put this dependency first, declare no body parameter, and take "
            "the body from the Request. Or wrap an application of its own in apisig.asgi.KommoWebhooks and mount it."
        )
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            break
    request._body = bytes(body)
    return request._body


def _exception(refused: Refused, connection: HTTPConnection) -> Exception:
    if not isinstance(connection, Request):
        return WebSocketException(1008)
    status, headers, _ = refused.response
    # FastAPI makes a body of its own.
    own = {name: value for name, value in headers.items() if name != "Content-Type"}
    return HTTPException(status, headers=own)
