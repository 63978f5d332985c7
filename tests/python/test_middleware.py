"""The middleware for WSGI and ASGI: what a stranger sends never reaches the application."""

from __future__ import annotations

import asyncio
import base64
import hmac
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

import pytest

import apisig
from apisig import asgi, wsgi

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SECRET = "fb50586ff7b68cd831fe0ef356345903f644c0d2"
BODY = '{"message":{"text":"Zoë"}}'.encode()
KINDS = ["wsgi", "asgi"]
LOGIN, PASSWORD = "root", "a:b€"
BASIC = "Basic " + base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()

kommo = apisig.Kommo(SECRET)


def signature(body: bytes = BODY) -> str:
    return hmac.new(SECRET.encode(), body, "sha1").hexdigest()


class Answered(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes
    seen: list[bytes]
    """The bodies that the application read."""


def wsgi_answer(
    wrap: Callable[[Any], Any],
    path: str,
    headers: list[tuple[str, str]],
    body: bytes | Iterable[bytes],
    environ: dict[str, Any] | None = None,
) -> Answered:
    seen: list[bytes] = []
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        seen.append(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        start_response("200 OK", [])
        return [b"taken"]

    whole = body if isinstance(body, bytes) else b"".join(body)
    given: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "CONTENT_LENGTH": str(len(whole)),
        "wsgi.input": io.BytesIO(whole + b"the next request"),
    }
    for name, value in headers:
        key = "HTTP_" + name.upper().replace("-", "_")
        # As servers join a header that is there twice.
        given[key] = f"{given[key]},{value}" if key in given else value
    given.update(environ or {})
    parts = wrap(app)(given, lambda status, headers: started.append((status, headers)))
    ((status, answered),) = started
    return Answered(int(status.split(" ")[0]), dict(answered), b"".join(parts), seen)


def asgi_answer(
    wrap: Callable[[Any], Any],
    path: str,
    headers: list[tuple[str, str]],
    body: bytes | Iterable[bytes],
    scope: dict[str, Any] | None = None,
) -> Answered:
    seen: list[bytes] = []
    sent: list[Any] = []
    parts = [body] if isinstance(body, bytes) else list(body)
    messages = [{"type": "http.request", "body": part, "more_body": i < len(parts)} for i, part in enumerate(parts, 1)]
    messages += [{"type": "http.disconnect"}]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            message = await receive()
            assert not message.get("more_body", False)
            seen.append(message["body"])
            assert (await receive())["type"] == "http.disconnect"
        else:
            seen.append(b"")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"taken"})

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    given = {"type": "http", "method": "POST", "path": path, "root_path": "", "headers": raw, **(scope or {})}
    asyncio.run(wrap(app)(given, receive, send))
    if not sent:
        return Answered(0, {}, b"", seen)
    if sent[0]["type"] == "websocket.close":
        return Answered(sent[0]["code"], {}, b"", seen)
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answered(sent[0]["status"], answered, b"".join(message["body"] for message in sent[1:]), seen)


def webhook(
    kind: str,
    signed: str | None,
    body: bytes | Iterable[bytes] = BODY,
    path: str = "/kommo",
    extra: dict[str, Any] | None = None,
    **options: Any,
) -> Answered:
    headers = [] if signed is None else [("X-Signature", signed)]
    if kind == "wsgi":
        return wsgi_answer(lambda app: wsgi.KommoWebhooks(app, kommo, "/kommo", **options), path, headers, body, extra)
    return asgi_answer(lambda app: asgi.KommoWebhooks(app, kommo, "/kommo", **options), path, headers, body, extra)


@pytest.mark.parametrize("kind", KINDS)
def test_a_webhook_is_checked_and_handed_on_unread(kind: str) -> None:
    for body in (BODY, b"", b"x" * (1 << 20), bytes(range(256))):
        answered = webhook(kind, signature(body), body)
        assert (answered.status, answered.body, answered.seen) == (200, b"taken", [body])
    # As the vendor sends it.
    assert webhook(kind, signature(), BODY + b"\n").seen == [BODY + b"\n"]
    assert webhook(kind, signature().upper()).status == 200


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("signed", [None, "", "x", signature(b"other"), signature() + "0", signature(b""), "é", "\0"])
def test_what_does_not_hold_is_not_handed_on(kind: str, signed: str | None) -> None:
    status, headers, body, seen = webhook(kind, signed)
    assert (status, body, seen) == (401, b"not authorized", [])
    assert {name.lower(): value for name, value in headers.items()}["content-length"] == str(len(body))


@pytest.mark.parametrize("kind", KINDS)
def test_two_signatures_are_none(kind: str) -> None:
    headers = [("X-Signature", signature()), ("X-Signature", signature())]
    wraps: dict[str, Any] = {"wsgi": wsgi, "asgi": asgi}
    answer = wsgi_answer if kind == "wsgi" else asgi_answer
    assert answer(lambda app: wraps[kind].KommoWebhooks(app, kommo, "/"), "/", headers, BODY).status == 401


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_is_read_up_to_the_limit(kind: str) -> None:
    for size, status in ((0, 200), (9, 200), (10, 200), (11, 413), (1000, 413)):
        body = b"x" * size
        answered = webhook(kind, signature(body), body, limit=10)
        assert (answered.status, answered.seen) == (status, [body] if status == 200 else [])


def test_wsgi_reads_no_further_than_it_has_to() -> None:
    class Input(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None and size >= 0
            return super().read(min(size, 3))

    def answered(body: bytes, length: str | None, stream: io.BytesIO, **environ: Any) -> Answered:
        extra = {"CONTENT_LENGTH": length, "wsgi.input": stream, **environ}
        return webhook("wsgi", signature(body), extra={k: v for k, v in extra.items() if v is not None}, limit=100)

    # Parts, as sockets give them.
    assert answered(BODY, str(len(BODY)), Input(BODY + b"more")).seen == [BODY]
    # A body that says it is too large is not read at all; nor is any number of digits a number.
    for length in ("101", "9" * 18, "9" * 19, "9" * 5000):
        stream = Input(b"x" * 101)
        assert answered(b"x" * 101, length, stream).status == 413
        assert stream.tell() == 0
    # Shorter than it says: not what was signed.
    assert answered(BODY, str(len(BODY) + 1), Input(BODY)).seen == [BODY]
    assert answered(BODY, str(len(BODY)), Input(BODY[:-1])).status == 401
    # No length: chunked, if the server sees to the end of it; else there is no body.
    for length in ("", "-1", "x", "+5", "٣", " 5"):
        assert answered(BODY, length, Input(BODY), **{"wsgi.input_terminated": True}).seen == [BODY]
        assert answered(BODY, length, Input(BODY)).status == 401
        stream = Input(b"x" * 1000)
        assert answered(b"x" * 1000, length, stream, **{"wsgi.input_terminated": True}).status == 413
        assert stream.tell() == 101


def test_asgi_reads_parts_and_no_further_than_it_has_to() -> None:
    parts = [BODY[i : i + 1] for i in range(len(BODY))]
    assert webhook("asgi", signature(), [b"", *parts, b""]).seen == [BODY]
    asked = 0

    async def endless() -> Any:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b"x" * 10, "more_body": True}

    async def send(message: Any) -> None:
        assert message.get("status", 413) == 413

    async def app(*_: Any) -> None:
        raise AssertionError

    scope = {"type": "http", "path": "/kommo", "headers": []}
    asyncio.run(asgi.KommoWebhooks(app, kommo, "/kommo", limit=100)(scope, endless, send))
    assert asked == 11


def test_asgi_reads_nothing_of_what_says_it_is_too_large() -> None:
    for length, status in ((b"100", 413), (b"9" * 5000, 413), (b"10", 401), (b"x", 401), (b"\xff", 401)):
        asked: list[bytes] = []
        headers = [(b"content-length", length)]

        async def receive() -> Any:
            asked.append(b"")
            return {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            assert message.get("status", status) == status

        async def app(*_: Any) -> None:
            raise AssertionError

        scope = {"type": "http", "path": "/kommo", "headers": headers}
        asyncio.run(asgi.KommoWebhooks(app, kommo, "/kommo", limit=99)(scope, receive, send))
        assert bool(asked) == (status == 401)


def test_asgi_does_not_answer_who_is_gone() -> None:
    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def nothing(*_: Any) -> None:
        raise AssertionError

    scope = {"type": "http", "path": "/kommo", "headers": []}
    asyncio.run(asgi.KommoWebhooks(nothing, kommo, "/kommo")(scope, receive, nothing))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("path", "is_guarded"),
    [
        ("/kommo", True),
        ("/kommo/", True),
        ("/kommo/v2?x", True),
        ("//kommo", True),
        ("/kommo//x", True),
        ("/kommo\n", True),  # Starlette takes it for the same.
        ("/kommo;x", True),
        ("/kommo x", True),
        ("/kommo.json", False),
        ("/kommo-settings", False),
        ("/kommos", False),
        ("/kommoé", False),
        ("/Kommo", False),
        ("/", False),
        ("", False),
    ],
)
def test_a_path_and_all_below_it_is_guarded(kind: str, path: str, is_guarded: bool) -> None:
    assert webhook(kind, None, path=path).status == (401 if is_guarded else 200)


def test_a_prefix_that_the_application_takes_off_opens_nothing() -> None:
    # Django's FORCE_SCRIPT_NAME, of which no ASGI server knows.
    assert webhook("asgi", None, path="/x/kommo").status == 401
    assert webhook("wsgi", None, path="/x/kommo").status == 200


@pytest.mark.parametrize("kind", KINDS)
def test_a_guarded_path_is_one_of_the_application_or_of_the_server(kind: str) -> None:
    for prefix in ("", "/app", "/"):
        extra = {"SCRIPT_NAME": prefix} if kind == "wsgi" else {"root_path": prefix}
        assert webhook(kind, None, path="/kommo", extra=extra).status == 401
    whole = wsgi_answer if kind == "wsgi" else asgi_answer
    module = wsgi if kind == "wsgi" else asgi
    extra = {"SCRIPT_NAME": "/app"} if kind == "wsgi" else {"root_path": "/app"}
    answered = whole(lambda app: module.KommoWebhooks(app, kommo, "/app/kommo"), "/kommo", [], b"", extra)
    assert answered.status == 401
    if kind == "asgi":
        assert webhook(kind, None, path="/app/kommo", extra={"root_path": "/app"}).status == 401
        assert webhook(kind, None, path="/kommo", extra={"root_path": "/kommo"}).status == 401
    else:
        assert webhook(kind, None, path="", extra={"SCRIPT_NAME": "/kommo"}).status == 401


@pytest.mark.parametrize("module", [wsgi, asgi])
def test_any_path_can_be_guarded(module: Any) -> None:
    answer = wsgi_answer if module is wsgi else asgi_answer
    for guarded, path in (("/", ""), ("/", "/"), ("/", "/x"), ("/ü/", "/ü"), ("/a/b", "/a//b/c"), ("//a", "/a")):
        assert answer(lambda app: module.KommoWebhooks(app, kommo, guarded), path, [], b"").status == 401
    for path in ("", "kommo", "*"):
        with pytest.raises(apisig.InvalidArgument):
            module.KommoWebhooks(None, kommo, path)
        with pytest.raises(apisig.InvalidArgument):
            module.ImbaChatLogin(None, "login", "password", path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_webhook_that_comes_again_is_not_handed_on(kind: str) -> None:
    guard = apisig.ReplayGuard(apisig.MemoryReplayStore())
    assert webhook(kind, signature(b"other"), guard=guard).status == 401
    assert webhook(kind, signature(), guard=guard).seen == [BODY]
    for again, body in ((signature(), BODY), (signature().upper(), BODY), (signature(), BODY + b"\n")):
        answered = webhook(kind, again, body, guard=guard)
        assert (answered.status, answered.seen) == (401, [])
    assert webhook(kind, signature(b"another"), b"another", guard=guard).status == 200


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_that_fails_lets_nothing_in(kind: str) -> None:
    class Down:
        def remember_if_new(self, id: str, seconds: int) -> bool:
            raise ConnectionError

        def forget(self, id: str) -> None:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        webhook(kind, signature(), guard=apisig.ReplayGuard(Down()))


def login(kind: str, authorization: str | None, path: str = "/imbachat/users", **extra: Any) -> Answered:
    headers = [] if authorization is None else [("Authorization", authorization)]
    modules: dict[str, Any] = {"wsgi": wsgi, "asgi": asgi}
    answer = wsgi_answer if kind == "wsgi" else asgi_answer
    return answer(lambda app: modules[kind].ImbaChatLogin(app, LOGIN, PASSWORD, "/imbachat"), path, headers, b"", extra)


@pytest.mark.parametrize("kind", KINDS)
def test_imbachats_login_is_checked(kind: str) -> None:
    assert login(kind, BASIC).body == b"taken"
    assert login(kind, None, "/other").body == b"taken"
    expected = apisig.ImbaChat.unauthorized()
    for wrong in (None, "", "Basic", BASIC[:-4], BASIC.replace("Basic", "Bearer"), "Basic " + "A" * 2000):
        status, headers, body, seen = login(kind, wrong)
        assert (status, body, seen) == (401, expected.body, [])
        lower = {name.lower(): value for name, value in headers.items()}
        assert lower == {name.lower(): value for name, value in expected.headers.items()} | {
            "content-length": str(len(body))
        }


@pytest.mark.parametrize("module", [wsgi, asgi])
def test_no_login_is_refused_at_once(module: Any) -> None:
    for own in (("", "password"), ("login", "")):
        with pytest.raises(apisig.InvalidArgument):
            module.ImbaChatLogin(None, *own, "/")
    assert PASSWORD not in repr(module.ImbaChatLogin(None, LOGIN, PASSWORD, "/"))


def test_a_websocket_to_a_guarded_path_is_refused() -> None:
    websocket = {"type": "websocket"}
    assert webhook("asgi", signature(), extra=websocket).status == 1008
    assert webhook("asgi", signature(), path="/other", extra=websocket).seen == [b""]
    assert login("asgi", None, **websocket).status == 1008
    assert login("asgi", BASIC, **websocket).seen == [b""]


def test_the_servers_lifespan_is_not_touched() -> None:
    assert webhook("asgi", None, extra={"type": "lifespan"}).seen == [b""]
    assert login("asgi", None, type="lifespan").seen == [b""]
