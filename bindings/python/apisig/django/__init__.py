"""Decorators for Django's views, sync and async: only verified requests reach the view, whatever serves it.

    @kommo_webhook()
    def webhook(request): ...

A class-based view takes them by ``@method_decorator(kommo_webhook(), name="dispatch")``. What they are not given, they
take from the setting APISIG, which ``manage.py check`` checks with "apisig.django" in INSTALLED_APPS::

    APISIG = {
        "kommo": {"secret": "…", "previous_secrets": ["…"], "limit": 65536},
        "imbachat": {"login": "…", "password": "…"},
        "replay": {"application": "shop", "cache": "default"},
    }
"""

from __future__ import annotations

from functools import lru_cache, partial, wraps
from inspect import unwrap
from io import BytesIO
from typing import Any, Callable

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse, RawPostDataException

from .._errors import without_frames
from .._imbachat_check import configured_login, login_check
from .._incoming import AsyncGuard, Check, Refused, refuse_view
from .._kommo_check import Webhooks, configured_limit, webhook_limit
from .._native import String
from .._settings import Decorator, Settings, Vendor, View, telling
from ..checked import Checked, OnChecked
from ..kommo import Kommo
from ..replay import ReplayGuard
from .replay import CacheReplayStore

request_checked = Signal()
"""Sent for each request, with the argument ``checked``, a Checked, before on_checked is called. Receivers are plain
functions; if one raises, the request is not admitted."""


def configured(kind: type[Vendor]) -> Vendor:
    """Return the object that the setting makes: ``configured(Kommo)`` that of APISIG["kommo"].

    Raises InvalidArgument if APISIG has no such entry, or a wrong one.
    """
    return _settings().made(kind.__name__.lower())  # type: ignore[no-any-return]


def _settings_problems() -> list[str]:
    """Return what is wrong with the setting APISIG, for the check of the app."""
    return list(_settings().problems())


def kommo_webhook(
    kommo: Kommo | None = None, *, guard: AsyncGuard = None, limit: int | None = None, on_checked: OnChecked = None
) -> Decorator:
    """Return a decorator: the view sees only webhooks that Kommo signed, and reads their body as usual.

    It makes the view csrf_exempt, since a webhook has a signature and no cookie: no view needs to be exempt without it.

    kommo: the channel; if None, that of APISIG["kommo"].
    guard: admits each webhook once; if None, that of APISIG["replay"], if there is one. It remembers the webhook before
    the view runs. For an async view a ReplayGuard's store is asked in a thread. For a sync one an AsyncReplayGuard
    raises TypeError.
    limit: for the bytes of a body; if None, that of APISIG["kommo"], or 1 MiB. It replaces DATA_UPLOAD_MAX_MEMORY_SIZE
    here.
    on_checked: called with a Checked for each request.

    Everything else is answered with 401, a replay too; a larger body with 413. The view raises what the guard's store
    raises, and InvalidArgument for a wrong setting. Raises InvalidArgument if limit is not an int of 0 or more.
    """
    refuse_view(kommo)
    tell = telling(_send, on_checked)
    limit_of = webhook_limit(_settings, limit)
    protect = _decorator(lambda: Webhooks(kommo or configured(Kommo), guard or _guard(), limit_of(), tell))

    def decorate(view: View) -> View:
        checked: Any = protect(view)
        # As Django's csrf_exempt, which before 5.0 does not know async views.
        checked.csrf_exempt = True
        return checked  # type: ignore[no-any-return]

    return decorate


@without_frames
def imbachat_login(
    login: String | None = None, password: String | None = None, *, on_checked: OnChecked = None
) -> Decorator:
    """Return a decorator: the view sees only requests with ImbaChat's login.

    login, password: your own, from the widget's settings; if both are None, those of APISIG["imbachat"].
    on_checked: called with a Checked for each request.

    Everything else is answered as ImbaChat.unauthorized() says. Raises InvalidArgument if login or password is empty.
    """
    return _decorator(login_check(_settings, login, password, telling(_send, on_checked)))


@lru_cache(None)
def _settings() -> Settings:
    return Settings(
        getattr(settings, "APISIG", {}),
        imbachat=configured_login,
        kommo=configured_limit,
        replay=_configured_guard,
    )


def _configured_guard(application: str, cache: str = "default", **options: int) -> ReplayGuard:
    return ReplayGuard(CacheReplayStore(cache), application, **options)


def _guard() -> ReplayGuard | None:
    return _settings().optional("replay")  # type: ignore[no-any-return]


def _changed(*, setting: str, **_: Any) -> None:
    """Read the setting anew, which a test has changed."""
    if setting == "APISIG":
        _settings.cache_clear()


setting_changed.connect(_changed)


def _send(checked: Checked) -> None:
    request_checked.send(sender=Checked, checked=checked)


def _decorator(make: Callable[[], Check]) -> Decorator:
    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            check = make()
            try:
                check.check(_body(request, check), request.META.get(check.environ))
            except Refused as refused:
                return _answer(refused, request)
            return view(request, *args, **kwargs)

        @wraps(view)
        async def checked_in_loop(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            check = make()
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
