"""WSGI middleware: only verified requests reach the application that it wraps.

It protects all of that application: wrap one that serves nothing else, and mount it. In Flask and Django protect a view
by its decorator instead: see ``apisig.flask`` and ``apisig.django``.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any, final

from ._errors import without_frames
from ._imbachat_check import Login
from ._incoming import Check, Guard, Refused, length_of
from ._kommo_check import LIMIT, Webhooks
from ._native import String
from .checked import OnChecked
from .kommo import Kommo

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from _typeshed.wsgi import WSGIApplication as Application


class _Protected:
    def __init__(self, app: Application, check: Check) -> None:
        self._app, self._check = app, check

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass a request on, or refuse it. Raises what a guard's store raises."""
        check, body = self._check, b""
        value = environ.get(check.environ)
        try:
            check.before_body(value, environ.get("CONTENT_LENGTH"))
            if check.limit is not None:
                body = _read(environ, check.limit)
                environ = {**environ, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
            check.check(body, value)
        except Refused as refused:
            return _answer(refused, environ, start_response)
        return self._app(environ, start_response)


@final
class KommoWebhooks(_Protected):
    """Passes on only webhooks that Kommo signed. The application reads their body as usual."""

    def __init__(
        self, app: Application, kommo: Kommo, *, guard: Guard = None, limit: int = LIMIT, on_checked: OnChecked = None
    ) -> None:
        """Protect an application.

        kommo: the channel.
        guard: admits each webhook once. It remembers it before the application runs.
        limit: for the bytes of a body, 0 or more.
        on_checked: called with a Checked for each request.

        Everything else is answered with 401, a replay too; a larger body with 413. Raises InvalidArgument if limit
        is not an int of 0 or more.
        """
        super().__init__(app, Webhooks(kommo, guard, limit, on_checked))


@final
class ImbaChatLogin(_Protected):
    """Passes on only requests with ImbaChat's login."""

    @without_frames
    def __init__(self, app: Application, login: String, password: String, *, on_checked: OnChecked = None) -> None:
        """Protect an application.

        login, password: your own, from the widget's settings.
        on_checked: called with a Checked for each request.

        Everything else is answered as ImbaChat.unauthorized() says. Raises InvalidArgument if login or password is
        empty.
        """
        super().__init__(app, Login(login, password, on_checked))


def _read(environ: WSGIEnvironment, limit: int) -> bytes:
    """Return the body; of one that is larger than the limit one byte more than that."""
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
