"""ASGI middleware: only verified requests reach the application that it wraps.

It protects all of that application: wrap one that serves nothing else, and mount it. In FastAPI and Django protect a
view by its dependency or decorator instead: see ``apisig.fastapi`` and ``apisig.django``.
"""

from __future__ import annotations

from collections.abc import Awaitable, MutableMapping
from typing import Any, Callable, final

from ._errors import without_frames
from ._imbachat_check import Login
from ._incoming import AsyncGuard, Check, Refused, single
from ._kommo_check import LIMIT, Webhooks
from ._native import Presented, String
from .checked import OnChecked, Outcome
from .kommo import Kommo

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class _Protected:
    def __init__(self, app: Application, check: Check) -> None:
        self._app, self._check = app, check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it. Raises what a guard's store raises."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        check, body = self._check, b""
        value = _header(scope, check.header)
        try:
            if scope["type"] != "http":
                check.refuse(Outcome.MALFORMED)
            check.before_body(value, _header(scope, "Content-Length"))
            if check.limit is not None:
                read = await _read(receive, check.limit)
                if read is None:
                    # The client is gone.
                    return None
                body, receive = read, _unread(read, receive)
            await check.check_in_loop(body, value)
        except Refused as refused:
            return await _answer(refused, scope, send)
        return await self._app(scope, receive, send)


@final
class KommoWebhooks(_Protected):
    """Passes on only webhooks that Kommo signed. The application reads their body as usual."""

    def __init__(
        self,
        app: Application,
        kommo: Kommo,
        *,
        guard: AsyncGuard = None,
        limit: int = LIMIT,
        on_checked: OnChecked = None,
    ) -> None:
        """Protect an application.

        kommo: the channel.
        guard: admits each webhook once. It remembers it before the application runs. The store of a ReplayGuard is
        asked in a thread.
        limit: for the bytes of a body, 0 or more.
        on_checked: called with a Checked for each request, in the event loop.

        Everything else is answered with 401, a replay too; a larger body with 413. Websockets are closed. The server's
        lifespan is passed on. Raises InvalidArgument if limit is not an int of 0 or more.
        """
        super().__init__(app, Webhooks(kommo, guard, limit, on_checked))


@final
class ImbaChatLogin(_Protected):
    """Passes on only requests with ImbaChat's login."""

    @without_frames
    def __init__(self, app: Application, login: String, password: String, *, on_checked: OnChecked = None) -> None:
        """Protect an application.

        login, password: your own, from the widget's settings.
        on_checked: called with a Checked for each request, in the event loop.

        Everything else is answered as ImbaChat.unauthorized() says. Websockets are closed. The server's lifespan is
        passed on. Raises InvalidArgument if login or password is empty.
        """
        super().__init__(app, Login(login, password, on_checked))


def _header(scope: Scope, name: str) -> Presented:
    return single([value for key, value in scope["headers"] if key.lower() == name.lower().encode()])


async def _read(receive: Receive, limit: int) -> bytes | None:
    """Return the body, read no further than to see that it is larger than the limit; None if the client is gone."""
    body, more = bytearray(), True
    while more and len(body) <= limit:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


def _unread(body: bytes, receive: Receive) -> Receive:
    """Return the body once, and then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


async def _answer(refused: Refused, scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close", "code": 1008})
    status, headers, body = refused.answer(scope["method"])
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
    return None
