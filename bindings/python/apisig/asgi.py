"""Middleware for ASGI, as FastAPI, Starlette and Django have it: Kommo's webhooks and ImbaChat's login checked first.

What does not hold never reaches the application.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, MutableMapping
from typing import Any, Callable, final

from . import _incoming
from ._incoming import Guarded
from ._messages import Response
from ._native import String
from .imbachat import ImbaChat
from .kommo import Kommo
from .replay import ReplayGuard

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


@final
class KommoWebhooks:
    """Lets only webhooks that Kommo signed through to a path and all below it.

    Their body is read, checked, and handed on as if it had not been read.
    """

    def __init__(
        self,
        app: Application,
        kommo: Kommo,
        path: str,
        *,
        guard: ReplayGuard | None = None,
        limit: int = _incoming.LIMIT,
    ) -> None:
        """Take the application.

        kommo: the channel.
        path: what to guard, such as "/kommo"; "/" is everything.
        guard: lets each webhook in once. It remembers it before the application runs; its store is asked in a thread.
        limit: for the bytes of a body.

        A stranger is answered with 401, as is a webhook that comes again; a larger body with 413. A websocket to the
        path is refused. Raises InvalidArgument if path does not start with "/".
        """
        self._app, self._kommo, self._guarded = app, kommo, Guarded(path)
        self._guard, self._limit = guard, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises what the guard's store raises."""
        if not _is_guarded(scope, self._guarded):
            return await self._app(scope, receive, send)
        if scope["type"] == "websocket":
            return await _refuse(_incoming.NOT_AUTHORIZED, scope, send)
        length = _incoming.content_length((_header(scope, b"content-length") or b"").decode("latin-1"))
        if length is not None and length > self._limit:
            return await _refuse(_incoming.TOO_LARGE, scope, send)
        body = await _read(receive, self._limit)
        if body is None:
            # The client is gone.
            return None
        if len(body) > self._limit:
            return await _refuse(_incoming.TOO_LARGE, scope, send)
        signature = _header(scope, b"x-signature")
        if not self._kommo.verify_webhook(body, signature) or not await self._is_new(signature):
            return await _refuse(_incoming.NOT_AUTHORIZED, scope, send)
        return await self._app(scope, _unread(body, receive), send)

    async def _is_new(self, signature: bytes | None) -> bool:
        if self._guard is None:
            return True
        return await asyncio.to_thread(self._guard.admit, Kommo.webhook_replay_id(signature))


@final
class ImbaChatLogin:
    """Lets only requests with ImbaChat's login through to a path and all below it."""

    def __init__(self, app: Application, login: String, password: String, path: str) -> None:
        """Take the application.

        login, password: your own, from the widget's settings.
        path: what to guard, such as "/imbachat"; "/" is everything.

        A stranger is answered as ImbaChat.unauthorized() has it, or his websocket refused. Raises InvalidArgument if
        login or password is empty, or path does not start with "/".
        """
        ImbaChat.verify_authorization(login, password, None)
        self._app, self._login, self._password, self._guarded = app, login, password, Guarded(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if _is_guarded(scope, self._guarded) and not ImbaChat.verify_authorization(
            self._login, self._password, _header(scope, b"authorization")
        ):
            return await _refuse(ImbaChat.unauthorized(), scope, send)
        return await self._app(scope, receive, send)


def _is_guarded(scope: Scope, guarded: Guarded) -> bool:
    if scope["type"] not in ("http", "websocket"):
        return False
    # Servers differ in whether the path holds the root path, and applications take off prefixes of their own, such as
    # Django's FORCE_SCRIPT_NAME: whatever ends like a guarded path, with the root path or without, is guarded.
    path: str = scope.get("root_path", "") + scope["path"]
    segments = path.split("/")
    return path in guarded or any("/" + "/".join(segments[start:]) in guarded for start in range(1, len(segments)))


def _header(scope: Scope, name: bytes) -> bytes | None:
    """Give the header's only value."""
    values = [value for key, value in scope["headers"] if key.lower() == name]
    return values[0] if len(values) == 1 else None


async def _read(receive: Receive, limit: int) -> bytes | None:
    """Read the body, of one that is larger than the limit only enough to see that; None if the client is gone."""
    body, more = bytearray(), True
    while more and len(body) <= limit:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


def _unread(body: bytes, receive: Receive) -> Receive:
    """Give the body once, and then what comes behind it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


async def _refuse(response: Response, scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        return await send({"type": "websocket.close", "code": 1008})
    status, headers, body = response
    headers = {**headers, "Content-Length": str(len(body))}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
    return None
