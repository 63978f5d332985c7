"""Decorators for Flask's views, sync and async: only verified requests reach the view.

    @app.post("/kommo")
    @kommo_webhook(kommo)
    def webhook(): ...

The route stands above, as for every decorator of a Flask view. A class-based view takes them in ``decorators``.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, Callable

from flask import Response, current_app, request

from ._incoming import LIMIT, Login, Refused, Webhooks
from ._native import String
from .checked import OnChecked
from .kommo import Kommo
from .replay import ReplayGuard

View = Callable[..., Any]


def kommo_webhook(
    kommo: Kommo, *, guard: ReplayGuard | None = None, limit: int = LIMIT, on_checked: OnChecked = None
) -> Callable[[View], View]:
    """Return a decorator: the view sees only webhooks that Kommo signed, and reads their body by request.get_data().

    kommo: the channel.
    guard: admits each webhook once. It remembers it before the view runs.
    limit: for the bytes of a body. It replaces MAX_CONTENT_LENGTH here.
    on_checked: called with a Checked for each request.

    Everything else is answered with 401, a replay too; a larger body with 413. The view raises what the guard's store
    raises.
    """
    webhooks = Webhooks(kommo, guard, limit, on_checked)

    def check() -> None:
        signature = request.headers.get("X-Signature")
        webhooks.before_body(signature, request.headers.get("Content-Length"))
        if "form" in vars(request._get_current_object()):  # type: ignore[attr-defined]
            raise TypeError("The body was read before it was verified: nothing may read request.form above this check.")
        request.max_content_length = webhooks.limit + 1
        webhooks.check(request.get_data(), signature)

    return lambda view: _checked(view, check)


def imbachat_login(login: String, password: String, *, on_checked: OnChecked = None) -> Callable[[View], View]:
    """Return a decorator: the view sees only requests with ImbaChat's login.

    login, password: your own, from the widget's settings.
    on_checked: called with a Checked for each request.

    Everything else is answered as ImbaChat.unauthorized() says. Raises InvalidArgument if login or password is empty.
    """
    own = Login(login, password, on_checked)
    return lambda view: _checked(view, lambda: own.check(request.headers.get("Authorization")))


def _checked(view: View, check: Callable[[], None]) -> View:
    """Return the view behind a check."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        try:
            check()
        except Refused as refused:
            status, headers, body = refused.response
            return Response(body, status, headers)
        return current_app.ensure_sync(view)(*args, **kwargs)

    return checked
