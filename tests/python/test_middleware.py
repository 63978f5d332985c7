"""Middleware, decorators and dependencies: what is not verified never reaches the application."""

from __future__ import annotations

import asyncio
import base64
import hmac
import io
import json
import logging
import pickle
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Callable, NamedTuple

import fastapi
import flask
import pytest
from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIRequest
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, RawPostDataException
from django.test import AsyncClient, Client
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django_site import settings
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import apisig
import apisig.django
import apisig.fastapi
import apisig.flask
from apisig import Checked, Outcome, asgi, wsgi

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SECRET = "fb50586ff7b68cd831fe0ef356345903f644c0d2"
BODY = '{"message":{"text":"Zoë"}}'.encode()
LOGIN, PASSWORD = "root", "a:b€"
BASIC = "Basic " + base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
WSGI = ["wsgi", "flask", "flask async", "django"]
ASGI = ["asgi", "fastapi", "starlette", "django asgi", "django async"]
KINDS = WSGI + ASGI
METHODS = ["GET", "POST", "HEAD"]
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
GONE = {"type": "http.disconnect"}

kommo = apisig.Kommo(SECRET)


def signature(body: bytes = BODY) -> str:
    return hmac.new(SECRET.encode(), body, "sha1").hexdigest()


class Site:
    """One application, of each kind, behind a check. Its view answers "taken"."""

    def __init__(self, kind: str, check: str, *arguments: Any, **options: Any) -> None:
        self.seen: list[bytes] = []
        """The bodies that the view read."""
        self.protocol = "wsgi" if kind in WSGI else "asgi"
        wraps: dict[str, str] = {"kommo_webhook": "KommoWebhooks", "imbachat_login": "ImbaChatLogin"}
        module: Any = {"wsgi": wsgi, "asgi": asgi, "starlette": asgi}.get(kind) or getattr(apisig, kind.split()[0])
        found = getattr(module, wraps[check] if module in (wsgi, asgi) else check)
        make = getattr(self, "_" + kind.replace(" ", "_"))
        self.app = make(lambda *app: found(*app, *arguments, **options))

    def _take(self, body: bytes) -> str:
        self.seen.append(body)
        return "taken"

    def _wsgi(self, wrap: Any) -> Any:
        def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
            self._take(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
            start_response("200 OK", [])
            return [b"taken"]

        return wrap(app)

    def _flask(self, wrap: Any) -> Any:
        def view(**_: str) -> str:
            return self._take(flask.request.get_data())

        return self._flask_of(wrap()(view))

    def _flask_async(self, wrap: Any) -> Any:
        async def view(**_: str) -> str:
            return self._take(flask.request.get_data())

        return self._flask_of(wrap()(view))

    def _flask_of(self, view: Any) -> Any:
        app = flask.Flask(__name__)
        app.testing = True
        app.add_url_rule("/x", "x", view, methods=METHODS)
        return app

    def _django(self, wrap: Any, application: Any = get_wsgi_application) -> Any:
        return self._django_of(wrap()(lambda request, **_: HttpResponse(self._take(request.body))), application)

    def _django_asgi(self, wrap: Any) -> Any:
        return self._django(wrap, get_asgi_application)

    def _django_async(self, wrap: Any) -> Any:
        async def view(request: Any, **_: Any) -> Any:
            return HttpResponse(self._take(request.body))

        return self._django_of(wrap()(view), get_asgi_application)

    def _django_of(self, view: Any, application: Callable[[], Any]) -> Any:
        """Return a site of its own, whose URLs are set when it is called."""
        urls, app = type("urls", (), {"urlpatterns": [path("x", view)]}), application()

        def called(*arguments: Any) -> Any:
            settings.ROOT_URLCONF = urls
            return app(*arguments)

        return called

    def _asgi(self, wrap: Any) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                message = await receive()
                assert not message.get("more_body", False)
                self._take(message["body"])
            else:
                self._take(b"")
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"taken"})
            assert scope["type"] != "http" or (await receive())["type"] == "http.disconnect"

        return wrap(app)

    def _fastapi(self, wrap: Any) -> Any:
        app = fastapi.FastAPI()

        async def view(request: fastapi.Request) -> Any:
            return PlainTextResponse(self._take(await request.body()))

        app.add_api_route("/x", view, methods=METHODS, dependencies=[fastapi.Depends(wrap())])
        return app

    def _starlette(self, wrap: Any) -> Any:
        async def view(request: Any) -> Any:
            return PlainTextResponse(self._take(await request.body()))

        return Starlette(routes=[Route("/x", view, methods=METHODS, middleware=[Middleware(wrap)])])


class Answered(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def ask_wsgi(app: Any, headers: list[tuple[str, str]], body: Any, environ: dict[str, Any]) -> Answered:
    started: list[tuple[str, list[tuple[str, str]]]] = []
    whole = body if isinstance(body, bytes) else b"".join(body)
    given: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/x",
        "CONTENT_LENGTH": str(len(whole)),
        "SERVER_NAME": "host",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.input": io.BytesIO(whole + b"the next request"),
    }
    for name, value in headers:
        key = "HTTP_" + name.upper().replace("-", "_")
        # As servers join a repeated header.
        given[key] = f"{given[key]},{value}" if key in given else value
    given = {key: value for key, value in {**given, **environ}.items() if value is not None}
    parts = app(given, lambda status, headers, exc_info=None: started.append((status, headers)))
    answer = b"".join(parts)
    getattr(parts, "close", lambda: None)()
    ((status, answered),) = started
    return Answered(int(status.split(" ")[0]), {name.lower(): value for name, value in answered}, answer)


def ask_asgi(app: Any, headers: list[tuple[str, str]], body: Any, scope: dict[str, Any]) -> Answered:
    sent: list[Any] = []
    parts = [body] if isinstance(body, bytes) else list(body)
    messages = [{"type": "http.request", "body": part, "more_body": i < len(parts)} for i, part in enumerate(parts, 1)]
    length = [(b"content-length", str(len(body)).encode())] if isinstance(body, bytes) else []
    receive = scope.pop("receive", None)

    async def given() -> Any:
        if not messages:
            # Django waits for this while the view runs, and no longer.
            await asyncio.sleep(0 if sent else 30)
        return messages.pop(0) if messages else GONE

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.lower().encode(), value.encode()) for name, value in headers] + length
    basis = {"type": "http", "method": "POST", "path": "/x", "query_string": b"", "root_path": "", "headers": raw}
    asyncio.run(app({**basis, "server": ("host", 80), "http_version": "1.1", **scope}, receive or given, send))
    if not sent:
        return Answered(0, {}, b"")
    if sent[0]["type"] == "websocket.close":
        return Answered(sent[0]["code"], {}, b"")
    answered = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return Answered(sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:]))


def ask(site: Site, headers: list[tuple[str, str]], body: Any = b"", **extra: Any) -> Answered:
    """Send a request. extra: of the environ or the scope; ``method`` is of both."""
    method = extra.pop("method", "POST")
    if site.protocol == "wsgi":
        return ask_wsgi(site.app, headers, body, {"REQUEST_METHOD": method, **extra})
    return ask_asgi(site.app, headers, body, {"method": method, **extra})


def send(site: Site, signed: str | None, body: Any = BODY, **extra: Any) -> int:
    return ask(site, [] if signed is None else [("X-Signature", signed)], body, **extra).status


def is_refusal(answered: Answered, status: int) -> bool:
    """Return whether this is the answer to a refusal: FastAPI makes its body itself."""
    bodies = (b"", json.dumps({"detail": HTTPStatus(status).phrase}, separators=(",", ":")).encode())
    length = answered.headers.get("content-length", str(len(answered.body)))
    return answered.status == status and answered.body in bodies and length == str(len(answered.body))


@EVERY_KIND
def test_a_webhook_is_verified_and_handed_on_unread(kind: str) -> None:
    site = Site(kind, "kommo_webhook", kommo)
    bodies = [BODY, b"x" * (1 << 20), bytes(range(256))]
    for body in bodies:
        answered = ask(site, [("X-Signature", signature(body))], body)
        assert (answered.status, answered.body) == (200, b"taken")
    # As the vendor sends it.
    assert send(site, signature(), BODY + b"\n") == 200
    assert send(site, signature().upper()) == 200
    assert site.seen == [*bodies, BODY + b"\n", BODY]


@EVERY_KIND
def test_what_is_not_verified_is_refused(kind: str) -> None:
    site, right = Site(kind, "kommo_webhook", kommo), signature()
    wrong = [[value] for value in ("", "x", signature(b"other"), right + "0", signature(b""), "é", "\0")]
    for values in ([], *wrong, [right, right], [right, ""], [right, "0" * 40]):
        assert is_refusal(ask(site, [("X-Signature", value) for value in values], BODY), 401)
    assert is_refusal(ask(site, [("X-Signature", signature(b""))], b""), 401)
    assert site.seen == []


@EVERY_KIND
def test_a_body_is_read_up_to_the_limit(kind: str) -> None:
    for size, status in ((1, 200), (9, 200), (10, 200), (11, 413), (1000, 413)):
        site, body = Site(kind, "kommo_webhook", kommo, limit=10), b"x" * size
        answered = ask(site, [("X-Signature", signature(body))], body)
        assert is_refusal(answered, 413) if status == 413 else answered.status == 200
        assert site.seen == ([body] if status == 200 else [])
    # More than can be read is no limit.
    site = Site(kind, "kommo_webhook", kommo, limit=1 << 70)
    assert ask(site, [("X-Signature", signature(BODY))], BODY).status == 200
    with pytest.raises(apisig.InvalidArgument, match="limit is not a number of bytes"):
        Site(kind, "kommo_webhook", kommo, limit=-2)


class Input(io.BytesIO):
    """Gives parts, as sockets do, and never all of it."""

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None and size >= 0
        return super().read(min(size, 3))

    def readinto(self, buffer: Any, /) -> int:
        part = self.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


@pytest.mark.parametrize("kind", WSGI)
def test_wsgi_reads_no_further_than_it_has_to(kind: str) -> None:
    def asked(signed: str, length: str | None, stream: Any, terminated: bool = False) -> int:
        site = Site(kind, "kommo_webhook", kommo, limit=100)
        extra = {"CONTENT_LENGTH": length, "wsgi.input": stream, "wsgi.input_terminated": terminated or None}
        status = send(site, signed, **extra)
        assert bool(site.seen) == (status == 200)
        return status

    large = b"x" * 1000
    # No body has these.
    for signed in ("", "x", signature() + "0", "g" * 40):
        for length, terminated in (("26", False), (None, True)):
            stream = io.BytesIO(BODY)
            assert (asked(signed, length, stream, terminated), stream.tell()) == (401, 0)
    # A body that says that it is too large; nor is any number of digits a number.
    for length in ("101", "9" * 18, "9" * 19, "9" * 5000):
        stream = io.BytesIO(large)
        assert (asked(signature(large), length, stream), stream.tell()) == (413, 0)
    # Shorter than it says.
    assert asked(signature(), str(len(BODY)), io.BytesIO(BODY[:-1])) in (400, 401)
    # Chunked, if the server ends the stream. Django reads no such body.
    for length in ("", None, "-1", "x", "٣"):
        assert asked(signature(), length, io.BytesIO(BODY)) == 401
        if kind != "django":
            assert asked(signature(), length, io.BytesIO(BODY), True) == 200
            stream = io.BytesIO(large)
            assert asked(signature(large), length, stream, True) == 413
            assert stream.tell() <= 101
    if kind == "wsgi":
        assert asked(signature(), str(len(BODY)), Input(BODY + b"more")) == 200


@pytest.mark.parametrize("kind", ASGI)
def test_asgi_reads_no_further_than_it_has_to(kind: str) -> None:
    asked = 0

    async def endless() -> Any:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0 if asked <= 1000 else 30)
        return {"type": "http.request", "body": b"x" * 10, "more_body": asked < 1000} if asked <= 1000 else GONE

    async def gone() -> Any:
        return GONE

    # A client that is gone is no error.
    site = Site(kind, "kommo_webhook", kommo)
    assert (send(site, signature(), receive=gone) in (0, 400), site.seen) == (True, [])
    parts = [BODY[i : i + 1] for i in range(len(BODY))]
    site = Site(kind, "kommo_webhook", kommo, limit=100)
    assert send(site, signature(), [b"", *parts, b""]) == 200
    assert site.seen == [BODY]
    for signed, status, most in ((None, 401, 0), ("g" * 40, 401, 0), (signature(), 413, 11)):
        asked = 0
        site = Site(kind, "kommo_webhook", kommo, limit=100)
        assert (send(site, signed, [], receive=endless), site.seen) == (status, [])
        # Django reads every body into a file first.
        assert asked == most or kind.startswith("django")
    for length in ("101", "9" * 5000):
        asked = 0
        headers = [("Content-Length", length), ("X-Signature", signature())]
        site = Site(kind, "kommo_webhook", kommo, limit=100)
        assert (ask(site, headers, [], receive=endless).status, site.seen) == (413, [])
        assert asked == 0 or kind.startswith("django")


@EVERY_KIND
@pytest.mark.parametrize("check", ["kommo_webhook", "imbachat_login"])
def test_a_refused_head_has_no_body(kind: str, check: str) -> None:
    site = Site(kind, check, *([kommo] if check == "kommo_webhook" else [LOGIN, PASSWORD]))
    answered = ask(site, [], method="HEAD")
    assert answered.status == 401
    # What FastAPI answers itself, servers for ASGI cut off.
    assert answered.body == b"" or kind == "fastapi"


@EVERY_KIND
def test_a_replay_is_refused(kind: str) -> None:
    guard = apisig.ReplayGuard(NotInALoop(), "shop")
    site = Site(kind, "kommo_webhook", kommo, guard=guard)
    assert send(site, signature(b"other")) == 401
    assert send(site, signature()) == 200
    for again, body in ((signature(), BODY), (signature().upper(), BODY), (signature(), BODY + b"\n")):
        assert send(site, again, body) == 401
    assert send(site, signature(b"another"), b"another") == 200
    assert site.seen == [BODY, b"another"]


class NotInALoop(apisig.MemoryReplayStore):
    """A store that waits, which would stop an event loop."""

    def remember_if_new(self, id: str, seconds: int) -> bool:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        return super().remember_if_new(id, seconds)


class InALoop:
    """An asynchronous store."""

    def __init__(self) -> None:
        self._kept = apisig.MemoryReplayStore()

    async def remember_if_new(self, id: str, seconds: int) -> bool:
        await asyncio.sleep(0)
        return self._kept.remember_if_new(id, seconds)

    async def forget(self, id: str) -> None:
        self._kept.forget(id)


@EVERY_KIND
def test_an_asynchronous_guard_is_awaited_in_a_loop_and_refused_without_one(kind: str) -> None:
    site = Site(kind, "kommo_webhook", kommo, guard=apisig.AsyncReplayGuard(InALoop(), "shop"))
    if kind in (*WSGI, "django asgi"):
        with pytest.raises(TypeError, match="needs an event loop"):
            send(site, signature())
        assert site.seen == []
    else:
        assert [send(site, signed) for signed in (signature(b"other"), signature(), signature())] == [401, 200, 401]
        assert site.seen == [BODY]


class Down:
    def remember_if_new(self, id: str, seconds: int) -> bool:
        raise ConnectionError

    def forget(self, id: str) -> None:
        raise ConnectionError


def fails(checked: Checked) -> None:
    raise ConnectionError


async def is_a_coroutine_function(checked: Checked) -> None:
    raise AssertionError


@EVERY_KIND
@pytest.mark.parametrize(
    ("option", "error"),
    [
        ({"guard": apisig.ReplayGuard(Down(), "shop")}, ConnectionError),
        ({"on_checked": fails}, ConnectionError),
        ({"on_checked": is_a_coroutine_function}, TypeError),
    ],
    ids=str,
)
def test_a_store_or_a_callback_that_fails_lets_nothing_in(kind: str, option: Any, error: type[Exception]) -> None:
    site = Site(kind, "kommo_webhook", kommo, **option)
    with pytest.raises(error):
        send(site, signature())
    assert site.seen == []


def test_a_body_that_was_read_above_the_check_is_an_error() -> None:
    """It would be an empty one, or its rest: another than what the view sees."""

    def read_in_flask() -> None:
        assert flask.request.form is not None

    site = Site("flask", "kommo_webhook", kommo)
    site.app.before_request(read_in_flask)
    with pytest.raises(TypeError, match="read before it was verified"):
        send(site, signature(b"a=b"), b"a=b", CONTENT_TYPE="application/x-www-form-urlencoded")

    def read_in_django(view: Any) -> Any:
        def above(request: Any) -> Any:
            request.read(1)
            return view(request)

        return above

    inner = apisig.django.kommo_webhook(kommo)(lambda request: HttpResponse("taken"))
    django_site = Site("django", "kommo_webhook", kommo)
    django_site.app = django_site._django_of(csrf_exempt(read_in_django(inner)), get_wsgi_application)
    with pytest.raises(RawPostDataException, match="read before it was verified"):
        send(django_site, signature(b"=b"), b"a=b")


@EVERY_KIND
def test_the_log_and_the_callback_hear_of_each_request(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "apisig")
    heard: list[Checked] = []
    rotated = apisig.Kommo("another secret", [SECRET])
    guard = apisig.ReplayGuard(apisig.MemoryReplayStore(), "shop")
    site = Site(kind, "kommo_webhook", rotated, guard=guard, limit=100, on_checked=heard.append)
    login = Site(kind, "imbachat_login", LOGIN, PASSWORD, on_checked=heard.append)
    for signed, body, outcome, secret, record in (
        (signature(), BODY, Outcome.ADMITTED, 1, "DEBUG kommo: admitted by secret 1"),
        (signature(), BODY, Outcome.REPLAYED, 1, "WARNING kommo: refused with 401: replayed"),
        (rotated.sign_webhook(b"2"), b"2", Outcome.ADMITTED, 0, "DEBUG kommo: admitted by secret 0"),
        (signature(b"0"), b"1", Outcome.MISMATCH, None, "WARNING kommo: refused with 401: mismatch"),
        (None, BODY, Outcome.MALFORMED, None, "WARNING kommo: refused with 401: malformed"),
        (signature(), b"x" * 101, Outcome.TOO_LARGE, None, "WARNING kommo: refused with 413: too large"),
        (BASIC, None, Outcome.ADMITTED, 0, "DEBUG imbachat: admitted by secret 0"),
        ("Basic x", None, Outcome.MISMATCH, None, "WARNING imbachat: refused with 401: mismatch"),
    ):
        if body is None:
            ask(login, [("Authorization", str(signed))], method="GET")
        else:
            send(site, signed, body)
        assert heard.pop() == ("kommo" if body else "imbachat", outcome, secret)
        logged = [f"{one.levelname} {one.getMessage()}" for one in caplog.records if one.name == "apisig"]
        assert (logged, heard) == ([record], [])
        caplog.clear()


@EVERY_KIND
def test_imbachats_login_is_checked(kind: str) -> None:
    site = Site(kind, "imbachat_login", LOGIN, PASSWORD)
    assert ask(site, [("Authorization", BASIC)], method="GET").body == b"taken"
    expected = apisig.ImbaChat.unauthorized()
    wrong = [[value] for value in ("", "Basic", BASIC[:-4], BASIC.replace("Basic", "Bearer"), "Basic " + "A" * 2000)]
    for values in ([], *wrong, [BASIC, BASIC]):
        answered = ask(site, [("Authorization", value) for value in values], method="GET")
        assert answered.status == 401
        assert answered.headers["www-authenticate"] == expected.headers["WWW-Authenticate"]
        if kind != "fastapi":
            assert (answered.headers["content-type"], answered.body) == ("application/json", expected.body)
    assert len(site.seen) == 1


@EVERY_KIND
def test_no_login_is_refused_at_once(kind: str) -> None:
    for own in (("", "password"), ("login", "")):
        with pytest.raises(apisig.InvalidArgument):
            Site(kind, "imbachat_login", *own).app({"type": "lifespan"}, None, None)


def test_a_password_is_not_shown_and_not_pickled() -> None:
    for module in (wsgi, asgi):
        nothing: Any = None
        login = module.ImbaChatLogin(nothing, LOGIN, PASSWORD)
        assert PASSWORD not in repr(vars(login))
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(login)


@pytest.mark.parametrize("check", ["kommo_webhook", "imbachat_login"])
def test_websockets_are_refused_and_heard(check: str) -> None:
    arguments: list[Any] = [kommo] if check == "kommo_webhook" else [LOGIN, PASSWORD]
    heard: list[Checked] = []
    site = Site("asgi", check, *arguments, on_checked=heard.append)
    headers = [("X-Signature", signature(b"")), ("Authorization", BASIC)]
    assert (ask(site, headers, type="websocket").status, site.seen) == (1008, [])
    app = fastapi.FastAPI()
    protect = getattr(apisig.fastapi, check)(*arguments, on_checked=heard.append)

    @app.websocket("/x", dependencies=[fastapi.Depends(protect)])
    async def socket(websocket: fastapi.WebSocket) -> None:
        raise AssertionError

    assert ask_asgi(app, headers, b"", {"type": "websocket"}).status == 1008
    assert [checked.secret for checked in heard] == [None, None]


def test_the_servers_lifespan_is_passed_on() -> None:
    for site in (Site("asgi", "kommo_webhook", kommo), Site("asgi", "imbachat_login", LOGIN, PASSWORD)):
        ask(site, [], type="lifespan")
        assert site.seen == [b""]


def test_django_reads_no_further_than_it_has_to() -> None:
    for signed, status, read in ((signature(), 413, 11), ("x", 401, 0)):
        body = io.BytesIO(b"x" * 1000)
        headers = [(b"x-signature", signed.encode())]
        request = ASGIRequest({"method": "POST", "path": "/x", "headers": headers}, body)
        answered = apisig.django.kommo_webhook(kommo, limit=10)(HttpResponse)(request)
        assert (answered.status_code, body.tell()) == (status, read)


@method_decorator(apisig.django.kommo_webhook(kommo), name="dispatch")
class Hook(View):  # type: ignore[misc]
    def post(self, request: Any) -> Any:
        return HttpResponse(request.POST.get("a") or request.read())


def another(view: Any) -> Any:
    """Decorate a view between the check and the class."""
    return wraps(view)(lambda *arguments, **named: view(*arguments, **named))


@method_decorator([apisig.django.kommo_webhook(kommo), another], name="dispatch")
class AsyncHook(View):  # type: ignore[misc]
    async def post(self, request: Any) -> Any:
        return HttpResponse(request.body)


@apisig.django.imbachat_login(LOGIN, PASSWORD)
def users(request: Any) -> Any:
    return HttpResponse("users")


class Urls:
    urlpatterns = (path("hook", Hook.as_view()), path("async", AsyncHook.as_view()), path("users", users))


@pytest.mark.parametrize("url", ["/hook", "/async"])
def test_djangos_own_clients_see_the_refusal(url: str) -> None:
    async def asked(body: bytes, signed: str) -> Any:
        client = AsyncClient(enforce_csrf_checks=True)
        return await client.generic("POST", url, body, "application/json", headers={"X-Signature": signed})

    settings.ROOT_URLCONF = Urls
    client = Client(enforce_csrf_checks=True)
    for body, signed, status in ((BODY, signature(), 200), (BODY, "", 401), (b"", signature(), 401)):
        answers = [client.post(url, body, "application/json", headers={"X-Signature": signed})]
        answers.append(asyncio.run(asked(body, signed)))
        for answered in answers:
            assert (answered.status_code, answered.content) == (status, BODY if status == 200 else b"")
    # A form can be read behind the check.
    for body, kind in ((b"a=1", "application/x-www-form-urlencoded"), (FORM, "multipart/form-data; boundary=x")):
        answered = client.generic("POST", "/hook", body, kind, headers={"X-Signature": signature(body)})
        assert answered.content == b"1"
    # What is no webhook keeps Django's own protection.
    assert client.get("/users", headers={"Authorization": BASIC}).content == b"users"
    assert client.post("/users", headers={"Authorization": BASIC}).status_code == 403


FORM = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'


verified = fastapi.Depends(apisig.fastapi.kommo_webhook(kommo))


def test_fastapi_gives_the_body_and_refuses_to_come_too_late() -> None:
    app, late, seen = fastapi.FastAPI(), fastapi.FastAPI(), []
    router = fastapi.APIRouter(dependencies=[verified])

    @router.post("/router")
    async def routed() -> None:
        seen.append(b"")

    @app.post("/x")
    async def hook(body: Annotated[bytes, verified]) -> None:
        seen.append(body)

    @late.post("/x", dependencies=[verified])
    async def parsed(message: Annotated[dict[str, Any], fastapi.Body()]) -> None:
        seen.append(b"")

    async def consume(request: fastapi.Request) -> None:
        async for _ in request.stream():
            pass

    @late.post("/stream", dependencies=[fastapi.Depends(consume), verified])
    async def streamed() -> None:
        seen.append(b"")

    app.include_router(router)
    right = [("X-Signature", signature())]
    assert ask_asgi(app, right, BODY, {}).status == 200
    assert ask_asgi(app, right, BODY, {"path": "/router"}).status == 200
    assert ask_asgi(app, [], BODY, {"path": "/router"}).status == 401
    assert seen == [BODY, b""]
    for rule in ("/x", "/stream"):
        with pytest.raises(TypeError, match="declare no body parameter"):
            ask_asgi(late, [*right, ("Content-Type", "application/json")], BODY, {"path": rule})
    assert len(seen) == 2
