"""Middleware for WSGI, as Django and Flask have it: Kommo's webhooks and ImbaChat's login checked first.

What does not hold never reaches the application.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any, final

from . import _incoming
from ._incoming import Guarded
from ._messages import Response
from ._native import String
from .imbachat import ImbaChat
from .kommo import Kommo
from .replay import ReplayGuard

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@final
class KommoWebhooks:
    """Lets only webhooks that Kommo signed through to a path and all below it.

    Their body is read, checked, and handed on as if it had not been read.
    """

    def __init__(
        self,
        app: WSGIApplication,
        kommo: Kommo,
        path: str,
        *,
        guard: ReplayGuard | None = None,
        limit: int = _incoming.LIMIT,
    ) -> None:
        """Take the application.

        kommo: the channel.
        path: what to guard, such as "/kommo"; "/" is everything.
        guard: lets each webhook in once. It remembers it before the application runs.
        limit: for the bytes of a body.

        A stranger is answered with 401, as is a webhook that comes again; a larger body with 413. Raises
        InvalidArgument if path does not start with "/".
        """
        self._app, self._kommo, self._guarded = app, kommo, Guarded(path)
        self._guard, self._limit = guard, limit

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request. Raises what the guard's store raises."""
        if not _is_guarded(environ, self._guarded):
            return self._app(environ, start_response)
        body = _read(environ, self._limit)
        if len(body) > self._limit:
            return _answer(_incoming.TOO_LARGE, start_response)
        signature = environ.get("HTTP_X_SIGNATURE")
        if not self._kommo.verify_webhook(body, signature):
            return _answer(_incoming.NOT_AUTHORIZED, start_response)
        if self._guard is not None and not self._guard.admit(Kommo.webhook_replay_id(signature)):
            return _answer(_incoming.NOT_AUTHORIZED, start_response)
        unread = {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return self._app({**environ, **unread}, start_response)


@final
class ImbaChatLogin:
    """Lets only requests with ImbaChat's login through to a path and all below it."""

    def __init__(self, app: WSGIApplication, login: String, password: String, path: str) -> None:
        """Take the application.

        login, password: your own, from the widget's settings.
        path: what to guard, such as "/imbachat"; "/" is everything.

        A stranger is answered as ImbaChat.unauthorized() has it. Raises InvalidArgument if login or password is empty,
        or path does not start with "/".
        """
        ImbaChat.verify_authorization(login, password, None)
        self._app, self._login, self._password, self._guarded = app, login, password, Guarded(path)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if _is_guarded(environ, self._guarded) and not ImbaChat.verify_authorization(
            self._login, self._password, environ.get("HTTP_AUTHORIZATION")
        ):
            return _answer(ImbaChat.unauthorized(), start_response)
        return self._app(environ, start_response)


def _is_guarded(environ: WSGIEnvironment, guarded: Guarded) -> bool:
    paths = [environ.get("PATH_INFO", ""), environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")]
    # Bytes as characters, says PEP 3333.
    return any(path.encode("latin-1").decode("utf-8", "replace") in guarded for path in paths)


def _read(environ: WSGIEnvironment, limit: int) -> bytes:
    """Read the body, of one that is larger than the limit one byte more than that at most."""
    left = _incoming.content_length(environ.get("CONTENT_LENGTH") or "")
    if left is None:
        # Chunked, if the server sees to the end of it; else there is none.
        left = limit + 1 if environ.get("wsgi.input_terminated") else 0
    elif left > limit:
        return bytes(limit + 1)
    parts = []
    while left > 0:
        part: Any = environ["wsgi.input"].read(left)
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _answer(response: Response, start_response: StartResponse) -> Iterable[bytes]:
    status, headers, body = response
    headers = {**headers, "Content-Length": str(len(body))}
    start_response(f"{status} {HTTPStatus(status).phrase}", list(headers.items()))
    return [body]
