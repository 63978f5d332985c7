"""Decorators for Flask's views, sync and async: only verified requests reach the view.

    Apisig(app)

    @app.post("/kommo")
    @kommo_webhook()
    def webhook(): ...

Put the route above it, as for every decorator of a Flask view. A class-based view takes them in ``decorators``. What
they are not given, they take from the application's config, which the extension reads::

    APISIG = {
        "kommo": {"secret": "…", "previous_secrets": ["…"], "limit": 65536},
        "imbachat": {"login": "…", "password": "…"},
    }
"""

from __future__ import annotations

from functools import wraps
from typing import Any, Callable, NamedTuple

from blinker import Namespace
from flask import Flask, Response, current_app, request

from ._errors import InvalidArgument, Status, without_frames
from ._imbachat_check import configured_login, login_check
from ._incoming import Check, Guard, Refused, refuse_view
from ._kommo_check import Webhooks, configured_limit, webhook_limit
from ._native import String
from ._settings import Decorator, Settings, Vendor, View, telling
from .checked import Checked, OnChecked
from .kommo import Kommo

request_checked = Namespace().signal("request-checked")
"""Sent by the application for each request, with the argument ``checked``, a Checked, before on_checked is called. If a
receiver raises, the request is not admitted."""


class _State(NamedTuple):
    """What the extension keeps of an application."""

    settings: Settings
    guard: Guard


class Apisig:
    """The Flask extension: it reads the config APISIG, for decorators that are not given what they need."""

    def __init__(self, app: Flask | None = None, *, guard: Guard = None) -> None:
        """Make the extension, and initialize an application if there is one.

        guard: admits each webhook once, where a decorator has no guard of its own.

        Raises InvalidArgument as init_app().
        """
        self._guard = guard
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Read an application's config. Raises InvalidArgument, which says what is wrong with APISIG."""
        settings = Settings(
            app.config.get("APISIG", {}),
            imbachat=configured_login,
            kommo=configured_limit,
        )
        for problem in settings.problems():
            raise InvalidArgument(problem, Status.ARGUMENT)
        app.extensions["apisig"] = _State(settings, self._guard)


def configured(kind: type[Vendor]) -> Vendor:
    """Return the object that the config makes: ``configured(Kommo)`` that of APISIG["kommo"].

    It needs the application's context. Raises InvalidArgument if APISIG has no such entry.
    """
    return _state().settings.made(kind.__name__.lower())  # type: ignore[no-any-return]


def kommo_webhook(
    kommo: Kommo | None = None, *, guard: Guard = None, limit: int | None = None, on_checked: OnChecked = None
) -> Decorator:
    """Return a decorator: the view sees only webhooks that Kommo signed, and reads their body by request.get_data().

    kommo: the channel; if None, that of APISIG["kommo"].
    guard: admits each webhook once; if None, the extension's, if there is one. It remembers the webhook before the view
    runs.
    limit: for the bytes of a body; if None, that of APISIG["kommo"], or 1 MiB. It replaces MAX_CONTENT_LENGTH here.
    on_checked: called with a Checked for each request.

    Everything else is answered with 401, a replay too; a larger body with 413. The view raises what the guard's store
    raises, and InvalidArgument if it needs the extension and there is none. Raises InvalidArgument if limit is
    not an int of 0 or more.
    """
    refuse_view(kommo)
    tell = telling(_send, on_checked)
    # Without the extension the caller passes everything; then the limit is the default.
    limit_of = webhook_limit(lambda: _state().settings if "apisig" in current_app.extensions else None, limit)
    return _decorator(lambda: Webhooks(kommo or configured(Kommo), guard or _guard(), limit_of(), tell))


@without_frames
def imbachat_login(
    login: String | None = None, password: String | None = None, *, on_checked: OnChecked = None
) -> Decorator:
    """Return a decorator: the view sees only requests with ImbaChat's login.

    login, password: your own, from the widget's settings; if both are None, those of APISIG["imbachat"].
    on_checked: called with a Checked for each request.

    Everything else is answered as ImbaChat.unauthorized() says. Raises InvalidArgument if login or password is empty.
    """
    return _decorator(login_check(lambda: _state().settings, login, password, telling(_send, on_checked)))


def _state() -> _State:
    state = current_app.extensions.get("apisig")
    if not isinstance(state, _State):
        raise InvalidArgument("The application has no extension. Call Apisig(app) or init_app(app).", Status.ARGUMENT)
    return state


def _guard() -> Guard:
    return _state().guard if "apisig" in current_app.extensions else None


def _send(checked: Checked) -> None:
    request_checked.send(current_app._get_current_object(), checked=checked)  # type: ignore[attr-defined]


def _decorator(make: Callable[[], Check]) -> Decorator:
    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            check = make()
            value = request.headers.get(check.header)
            try:
                check.before_body(value, request.headers.get("Content-Length"))
                check.check(_body(check.limit), value)
            except Refused as refused:
                status, headers, body = refused.response
                return Response(body, status, headers)
            return current_app.ensure_sync(view)(*args, **kwargs)

        return checked

    return decorate


def _body(limit: int | None) -> bytes:
    if limit is None:
        return b""
    if "form" in vars(request._get_current_object()):  # type: ignore[attr-defined]
        raise TypeError("The body was read before it was verified: nothing may read request.form above this check.")
    request.max_content_length = limit + 1
    return request.get_data()
