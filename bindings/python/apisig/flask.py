"""Decorators for Flask's views, sync and async: only verified requests reach the view.

    @app.post("/kommo")
    @kommo_webhook(kommo)
    def webhook(): ...

Put the route above it, as for every decorator of a Flask view. A class-based view takes them in ``decorators``.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, Callable

from flask import Response, current_app, request

from ._incoming import LIMIT, Check, Guard, Login, Refused, Webhooks
from ._native import String
from .checked import OnChecked
from .kommo import Kommo

View = Callable[..., Any]
Decorator = Callable[[View], View]


def kommo_webhook(kommo: Kommo, *, guard: Guard = None, limit: int = LIMIT, on_checked: OnChecked = None) -> Decorator:
    """Return a decorator: the view sees only webhooks that Kommo signed, and reads their body by request.get_data().

    kommo: the channel.
    guard: admits each webhook once. It remembers it before the view runs.
    limit: for the bytes of a body. It replaces MAX_CONTENT_LENGTH here.
    on_checked: called with a Checked for each request.

    Everything else is answered with 401, a replay too; a larger body with 413. The view raises what the guard's store
    raises.
    """
    return _decorator(Webhooks(kommo, guard, limit, on_checked))


def imbachat_login(login: String, password: String, *, on_checked: OnChecked = None) -> Decorator:
    """Return a decorator: the view sees only requests with ImbaChat's login.

    login, password: your own, from the widget's settings.
    on_checked: called with a Checked for each request.

    Everything else is answered as ImbaChat.unauthorized() says. Raises InvalidArgument if login or password is empty.
    """
    return _decorator(Login(login, password, on_checked))


def _decorator(check: Check) -> Decorator:
    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
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
