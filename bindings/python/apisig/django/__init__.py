"""Decorators for Django's views, sync and async: only verified requests reach the view, whatever serves it.

    @kommo_webhook(kommo)
    def webhook(request): ...

A class-based view takes them by ``@method_decorator(kommo_webhook(kommo), name="dispatch")``.
"""

from __future__ import annotations

from functools import partial, wraps
from inspect import unwrap
from io import BytesIO
from typing import Any, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse, RawPostDataException

from .._incoming import LIMIT, AsyncGuard, Check, Login, Refused, Webhooks
from .._native import String
from ..checked import OnChecked
from ..kommo import Kommo

View = Callable[..., Any]
Decorator = Callable[[View], View]


def kommo_webhook(
    kommo: Kommo, *, guard: AsyncGuard = None, limit: int = LIMIT, on_checked: OnChecked = None
) -> Decorator:
    """Return a decorator: the view sees only webhooks that Kommo signed, and reads their body as usual.

    It makes the view csrf_exempt, since a webhook has a signature and no cookie: no view needs to be exempt without it.

    kommo: the channel.
    guard: admits each webhook once. It remembers it before the view runs. For an async view its store is asked in a
    thread.
    limit: for the bytes of a body. It replaces DATA_UPLOAD_MAX_MEMORY_SIZE here.
    on_checked: called with a Checked for each request.

    Everything else is answered with 401, a replay too; a larger body with 413. The view raises what the guard's store
    raises.
    """
    protect = _decorator(Webhooks(kommo, guard, limit, on_checked))

    def decorate(view: View) -> View:
        checked: Any = protect(view)
        # As Django's csrf_exempt, which before 5.0 does not know async views.
        checked.csrf_exempt = True
        return checked  # type: ignore[no-any-return]

    return decorate


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
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            try:
                check.check(_body(request, check), request.META.get(check.environ))
            except Refused as refused:
                return _answer(refused, request)
            return view(request, *args, **kwargs)

        @wraps(view)
        async def checked_in_loop(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            try:
                await check.check_in_loop(_body(request, check), request.META.get(check.environ))
            except Refused as refused:
                return _answer(refused, request)
            return await view(request, *args, **kwargs)

        return checked_in_loop if _is_awaited(view) else checked

    return decorate


def _is_awaited(view: View) -> bool:
    """Return whether it is a coroutine function, or the dispatch() of an async class-based view."""
    bound = unwrap(view, stop=lambda inner: isinstance(inner, partial))
    owner = getattr(getattr(bound, "func", bound), "__self__", None)
    return iscoroutinefunction(view) or bool(getattr(owner, "view_is_async", False))


def _body(request: Any, check: Check) -> bytes:
    """Return the body, read no further than the limit, and leave it as request.body does."""
    check.before_body(request.META.get(check.environ), request.META.get("CONTENT_LENGTH"))
    if check.limit is None:
        return b""
    if not hasattr(request, "_body"):
        if request._read_started:
            raise RawPostDataException(
                "The body was read before it was verified: nothing may read it above this check."
            )
        request._body = request.read(check.limit + 1)
        request._stream = BytesIO(request._body)
    body: bytes = request._body
    return body


def _answer(refused: Refused, request: HttpRequest) -> HttpResponse:
    status, headers, body = refused.answer(request.method)
    return HttpResponse(body, status=status, headers=headers)
