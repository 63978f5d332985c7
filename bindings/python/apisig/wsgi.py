"""WSGI middleware: only verified requests reach the application that it wraps.

It protects all of that application: wrap one that serves nothing else, and mount it. In Flask and Django protect a view
by its decorator instead: see ``apisig.flask`` and ``apisig.django``.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any, final

from ._incoming import LIMIT, Login, Refused, Webhooks, length_of
from ._native import String
from .checked import OnChecked
from .kommo import Kommo
from .replay import ReplayGuard

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@final
class KommoWebhooks:
    """Passes on only webhooks that Kommo signed. The application reads their body as usual."""

    def __init__(
        self,
        app: WSGIApplication,
        kommo: Kommo,
        *,
        guard: ReplayGuard | None = None,
        limit: int = LIMIT,
        on_checked: OnChecked = None,
    ) -> None:
        """Take the application.

        kommo: the channel.
        guard: admits each webhook once. It remembers it before the application runs.
        limit: for the bytes of a body.
        on_checked: called with a Checked for each request.

        Everything else is answered with 401, a replay too; a larger body with 413.
        """
        self._app, self._webhooks = app, Webhooks(kommo, guard, limit, on_checked)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request. Raises what the guard's store raises."""
        signature = environ.get("HTTP_X_SIGNATURE")
        try:
            self._webhooks.before_body(signature, environ.get("CONTENT_LENGTH"))
            body = _read(environ, self._webhooks.limit)
            self._webhooks.check(body, signature)
        except Refused as refused:
            return _answer(refused, environ, start_response)
        unread = {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return self._app({**environ, **unread}, start_response)


@final
class ImbaChatLogin:
    """Passes on only requests with ImbaChat's login."""

    def __init__(self, app: WSGIApplication, login: String, password: String, *, on_checked: OnChecked = None) -> None:
        """Take the application.

        login, password: your own, from the widget's settings.
        on_checked: called with a Checked for each request.

        Everything else is answered as ImbaChat.unauthorized() says. Raises InvalidArgument if login or password is
        empty.
        """
        self._app, self._login = app, Login(login, password, on_checked)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        try:
            self._login.check(environ.get("HTTP_AUTHORIZATION"))
        except Refused as refused:
            return _answer(refused, environ, start_response)
        return self._app(environ, start_response)


def _read(environ: WSGIEnvironment, limit: int) -> bytes:
    """Read the body; if it is larger than the limit, one byte more than that."""
    left = length_of(environ.get("CONTENT_LENGTH"))
    if left is None:
        # Chunked, if the server ends the stream; else there is no body.
        left = limit + 1 if environ.get("wsgi.input_terminated") else 0
    parts = []
    while left > 0:
        part: Any = environ["wsgi.input"].read(left)
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _answer(refused: Refused, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    status, headers, body = refused.answer(environ["REQUEST_METHOD"])
    start_response(f"{status} {HTTPStatus(status).phrase}", list(headers.items()))
    return [body]
