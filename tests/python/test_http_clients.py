"""requests and httpx sign what they send: a server on loopback checks it by the vendors' formulas."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import io
import json
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

import httpx
import pytest
import requests

import apisig
import apisig.httpx
import apisig.requests
from conftest import ROOT
from local_server import Answer, Received, Server, server

SECRET = "fb50586ff7b68cd831fe0ef356345903f644c0d2"
API_KEY = "f1ac9b8e-0b5a-4c94-8f3a-2f9d1c6b7a10"
CLIENTS = ["requests", "httpx", "httpx-async"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

kommo, kayako, mor = apisig.Kommo(SECRET), apisig.Kayako(SECRET), apisig.Mor(SECRET)


def send(client: str, vendor: str, method: str, url: str, follow: bool = False, **options: Any) -> Any:
    """Return the answer to a request that one of the three clients sends, signed for one of the vendors."""
    module: Any = apisig.requests if client == "requests" else apisig.httpx
    auth = {
        "kommo": lambda: module.KommoAuth(kommo),
        "kayako": lambda: module.KayakoAuth(kayako, API_KEY),
        "mor": lambda: module.MorAuth(mor),
        "mor, GET": lambda: module.MorAuth(mor, allow_get=True),
    }[vendor]()
    if client == "requests":
        if "content" in options:
            options["data"] = options.pop("content")
        return requests.request(method, url, auth=auth, timeout=10, allow_redirects=follow, **options)
    if client == "httpx":
        with httpx.Client(follow_redirects=follow, timeout=10, verify=False) as sync:
            return sync.request(method, url, auth=auth, **options)

    async def asynchronously() -> httpx.Response:
        async with httpx.AsyncClient(follow_redirects=follow, timeout=10, verify=False) as asynchronous:
            return await asynchronous.request(method, url, auth=auth, **options)

    return asyncio.run(asynchronously())


def is_signed_for_kommo(request: Received) -> bool:
    sent = request.headers
    lines = [request.method, sent["content-md5"], sent["content-type"], sent["date"], request.path]
    return (
        hmac.new(SECRET.encode(), "\n".join(lines).encode(), "sha1").hexdigest() == sent["x-signature"]
        and hashlib.md5(request.body).hexdigest() == sent["content-md5"]
        and sent["content-type"] == "application/json"
        and abs(parsedate_to_datetime(sent["date"]).timestamp() - time()) < 5
    )


def is_signed_for_kayako(request: Received) -> bool:
    """Return whether a request is signed where the vendor's server reads it for its method."""
    places = {"GET": [request.query], "DELETE": [request.query], "POST": [request.body.decode()]}
    for form in places.get(request.method, [request.query, request.body.decode()]):
        pairs = parse_qsl(form, keep_blank_values=True)
        sent = dict(pairs)
        mac = hmac.new(SECRET.encode(), sent.get("salt", "").encode(), "sha256").digest()
        if sent.get("apikey") != API_KEY or sent.get("signature") != base64.b64encode(mac).decode():
            return False
        if not {"apikey": 1, "salt": 1, "signature": 1}.keys() <= sent.keys() or len(sent) != len(pairs):
            return False
    return True


def is_signed_for_mor(request: Received) -> bool:
    """Return whether the hash is that of the values as the vendor's page joins them: dst before message."""
    sent = dict(parse_qsl(request.query) + parse_qsl(request.body.decode()))
    joined = sent["dst"] + sent["message"] + SECRET
    return hashlib.sha1(joined.encode()).hexdigest() == sent["hash"]


SIGNED = {"kommo": is_signed_for_kommo, "kayako": is_signed_for_kayako, "mor": is_signed_for_mor}


def checking(vendor: str) -> Any:
    return server(lambda request: Answer(200 if SIGNED[vendor](request) else 401))


@pytest.fixture(scope="module")
def chat_api() -> Iterator[Server]:
    with checking("kommo") as running:
        yield running


@pytest.fixture(scope="module")
def helpdesk() -> Iterator[Server]:
    with checking("kayako") as running:
        yield running


@pytest.fixture(scope="module")
def billing() -> Iterator[Server]:
    with checking("mor") as running:
        yield running


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("method", "path", "options", "sent"),
    [
        ("POST", "/v2/origin/custom/1/connect", {"content": b'{"title": "MyKommo"}'}, b'{"title": "MyKommo"}'),
        ("POST", "/v2", {"content": "Zoë / здравствуйте"}, "Zoë / здравствуйте".encode()),
        ("POST", "/v2", {"content": b""}, b""),
        ("POST", "/v2", {}, b""),
        ("POST", "/v2", {"content": b"\0\xff\r\n" * 30000}, b"\0\xff\r\n" * 30000),
        ("POST", "/v2", {"content": b"{}", "headers": {"content-type": "application/json; charset=utf-8"}}, b"{}"),
        ("GET", "/v2/chats/1/history?offset=0&limit=50", {}, b""),
        ("GET", "/v2/history", {"params": {"q": "a b/ü"}}, b""),
        ("DELETE", "/v2/disconnect", {"content": b'{"account_id":"1"}'}, b'{"account_id":"1"}'),
        ("PUT", "/a b/ü/%2F~!$&'()*+,;=:@", {"content": b"x"}, b"x"),
        ("post", "/double//slashes//", {"content": b"x"}, b"x"),
        ("GET", "", {}, b""),
    ],
)
def test_kommo(chat_api: Server, client: str, method: str, path: str, options: dict[str, Any], sent: bytes) -> None:
    answer = send(client, "kommo", method, chat_api.url + path, **options)
    assert answer.status_code == 200
    assert chat_api.received[-1].body == sent
    assert chat_api.received[-1].headers.get("content-length", "0") == str(len(sent))


@pytest.mark.parametrize("client", CLIENTS)
def test_kommo_signs_the_json_that_the_client_makes(chat_api: Server, client: str) -> None:
    message = {"event_type": "new_message", "payload": {"text": "Zoë / здравствуйте", "n": [1, None]}}
    assert send(client, "kommo", "POST", chat_api.url + "/v2", json=message).status_code == 200
    assert json.loads(chat_api.received[-1].body) == message


def test_the_server_sees_what_is_not_signed(chat_api: Server) -> None:
    """The control: the server can say no."""
    auth = apisig.requests.KommoAuth(apisig.Kommo("other"))
    assert requests.get(chat_api.url + "/v2", auth=auth, timeout=10).status_code == 401


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("method", "query", "options", "in_query", "in_body"),
    [
        ("GET", "?e=/Base/User/Filter&marker=0", {}, {"e": "/Base/User/Filter", "marker": "0"}, {}),
        ("GET", "?/Base/User&x=a%26b", {}, {"/Base/User": "", "x": "a&b"}, {}),
        ("DELETE", "?e=/Base/User/1", {}, {"e": "/Base/User/1"}, {}),
        ("POST", "?e=/Base/User", {"data": {"fullname": "Zoë & Sons", "n": "1+1=2%"}}, {"e": "/Base/User"}, {
            "fullname": "Zoë & Sons", "n": "1+1=2%"}),
        ("POST", "?e=/Base/User", {}, {"e": "/Base/User"}, {}),
        ("POST", "?e=/x", {"content": b"a=b&c=", "headers": FORM}, {"e": "/x"}, {"a": "b", "c": ""}),
        ("POST", "?e=/x", {"content": "a=b"}, {"e": "/x"}, {"a": "b"}),
        ("PUT", "?e=/Base/User/1", {"data": {"fullname": "Zoë"}}, {"e": "/Base/User/1"}, {"fullname": "Zoë"}),
        ("PUT", "?e=/Base/User/1", {}, {"e": "/Base/User/1"}, {}),
    ],
)  # fmt: skip
def test_kayako(
    helpdesk: Server,
    client: str,
    method: str,
    query: str,
    options: dict[str, Any],
    in_query: dict[str, str],
    in_body: dict[str, str],
) -> None:
    answer = send(client, "kayako", method, f"{helpdesk.url}/api/index.php{query}", **options)
    assert answer.status_code == 200
    request = helpdesk.received[-1]
    names = ("apikey", "salt", "signature")
    for form, expected in ((request.query, in_query), (request.body.decode(), in_body)):
        fields = parse_qsl(form, keep_blank_values=True)
        assert [(name, value) for name, value in fields if name not in names] == list(expected.items())
    if method in ("POST", "PUT"):
        assert request.headers["content-type"] == FORM["Content-Type"]
    # The route comes first, as it was.
    assert unquote(request.query).startswith(unquote(query[1:]))


@pytest.mark.parametrize("client", CLIENTS)
def test_each_request_to_kayako_has_a_salt_of_its_own(helpdesk: Server, client: str) -> None:
    before = len(helpdesk.received)
    for _ in range(5):
        assert send(client, "kayako", "GET", helpdesk.url + "/api/index.php?e=/x").status_code == 200
    assert len({dict(parse_qsl(request.query))["salt"] for request in helpdesk.received[before:]}) == 5


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("vendor", "method", "query", "options"),
    [
        ("mor", "POST", "", {"data": {"u": "admin", "dst": "+370", "message": "10.5"}}),
        ("mor", "POST", "", {"data": {"message": "a b+ü", "dst": "&="}}),
        ("mor, GET", "POST", "", {"data": {"message": "a b+ü", "dst": "&="}}),
        ("mor, GET", "GET", "?u=admin&message=1%2B1&dst=a+b", {}),
        ("mor, GET", "GET", "", {"params": {"dst": "ü~", "message": "/?"}}),
    ],
)
def test_mor(billing: Server, client: str, vendor: str, method: str, query: str, options: dict[str, Any]) -> None:
    url = f"{billing.url}/billing/api/sms_send{query}"
    assert send(client, vendor, method, url, **options).status_code == 200
    request = billing.received[-1]
    assert request.query.startswith(query[1:])
    assert ("hash=" in request.query) == (method == "GET")


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("vendor", "method", "path", "options"),
    [
        # Two slashes, of which some clients send one.
        ("kommo", "GET", "//x", {}),
        ("kommo", "POST", "/v2", {"data": {"a": "b"}}),
        ("kommo", "POST", "/v2", {"files": {"a": b"b"}}),
        ("kommo", "POST", "/v2", {"content": b"{}", "headers": {"Content-Type": "text/json"}}),
        ("kayako", "PATCH", "/?e=/x", {}),
        ("kayako", "POST", "/?e=/x", {"json": {"a": "b"}}),
        ("kayako", "PUT", "/?e=/x", {"files": {"a": b"b"}}),
        ("kayako", "GET", "/?e=/x&salt=1", {}),
        ("kayako", "PUT", "/?e=/x", {"data": {"signature": "x"}}),
        ("mor", "POST", "/billing/api/", {}),
        ("mor", "POST", "/billing/api/user_balance_update/x", {}),
        ("mor", "PUT", "/billing/api/user_balance_update", {}),
        ("mor", "POST", "/billing/api/user_balance_update", {"json": {"user_id": 1}}),
        ("mor", "POST", "/billing/api/user_balance_update", {"data": {"hash": "x"}}),
        ("mor", "POST", "/billing/api/user_balance_update?u=bob", {"data": {"user_id": "2"}}),
        ("mor", "GET", "/billing/api/user_balance_update?user_id=1", {}),
        ("mor, GET", "GET", "/billing/api/user_balance_update?hash=x", {}),
        ("mor, GET", "GET", "/billing/api/user_balance_update", {"data": {"user_id": "2"}}),
    ],
)
def test_what_cannot_be_signed_is_not_sent(
    client: str, vendor: str, method: str, path: str, options: dict[str, Any]
) -> None:
    with checking(vendor) as running:
        with pytest.raises(apisig.InvalidArgument):
            send(client, vendor, method, running.url + path, **options)
        assert running.received == []


def test_a_prepared_request_can_be_signed_by_hand(helpdesk: Server) -> None:
    prepared = requests.Request("POST", helpdesk.url + "/api/index.php?e=/x", data={"a": "b"}).prepare()
    signed = apisig.requests.KayakoAuth(kayako, API_KEY)(prepared)
    with requests.Session() as session:
        assert session.send(signed, timeout=10).status_code == 200


def test_requests_refuses_a_stream() -> None:
    for stream in (iter([b"a"]), io.BytesIO(b"a"), (b"a" for _ in range(2))):
        with pytest.raises(apisig.InvalidArgument, match="stream"):
            send("requests", "kommo", "POST", "http://127.0.0.1:9/", content=stream)


def test_httpx_reads_a_stream_first(chat_api: Server) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for part in (b"a", b"b"):
            yield part

    assert send("httpx", "kommo", "POST", chat_api.url, content=iter([b"a", b"b"])).status_code == 200
    assert send("httpx-async", "kommo", "POST", chat_api.url, content=parts()).status_code == 200
    assert [request.body for request in chat_api.received[-2:]] == [b"ab", b"ab"]
    assert chat_api.received[-1].headers["content-length"] == "2"


def test_a_session_or_client_signs_all_that_it_sends(chat_api: Server) -> None:
    with requests.Session() as session:
        session.auth = apisig.requests.KommoAuth(kommo)
        assert [session.post(chat_api.url, json=i, timeout=10).status_code for i in range(3)] == [200] * 3
    with httpx.Client(auth=apisig.httpx.KommoAuth(kommo), base_url=chat_api.url) as client:
        assert [client.post("/v2", json=i).status_code for i in range(3)] == [200] * 3
    prepared = requests.Request("POST", chat_api.url, json={}, auth=apisig.requests.KommoAuth(kommo)).prepare()
    with requests.Session() as session:
        assert [session.send(prepared, timeout=10).status_code for _ in range(2)] == [200] * 2


VENDOR_REQUESTS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("kommo", "POST", "/v2", {"content": b"{}"}),
    ("kommo", "GET", "/v2", {}),
    ("kayako", "POST", "/?e=/x", {"data": {"a": "b"}}),
    ("kayako", "PUT", "/?e=/x", {"data": {"a": "b"}}),
    ("kayako", "GET", "/?e=/x", {}),
    ("mor", "POST", "/billing/api/user_balance_update", {"data": {"user_id": "1"}}),
]


def secrets_of(request: Received) -> list[str]:
    """Return the names of what belongs to a signature in a request."""
    form = parse_qsl(request.query) + parse_qsl(request.body.decode())
    names = [name for name, _ in form] + list(request.headers)
    found = {"x-signature", "content-md5", "apikey", "salt", "signature", "hash"} & set(names)
    return sorted(found)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(("vendor", "method", "path", "options"), VENDOR_REQUESTS)
@pytest.mark.parametrize("elsewhere", [True, False])
def test_requests_leaves_the_signature_behind_on_a_redirect(
    status: int, vendor: str, method: str, path: str, options: dict[str, Any], elsewhere: bool
) -> None:
    with server(lambda _: Answer(), "localhost") as other:

        def redirect(request: Received) -> Answer:
            target = f"{other.url}/caught" if elsewhere else "/caught"
            return Answer() if request.path == "/caught" else Answer(status, {"Location": target})

        with server(redirect) as first:
            answer = send("requests", vendor, method, first.url + path, follow=True, **options)
            assert answer.status_code == 200 and len(answer.history) == 1
            sent = [*first.received, *other.received]
        assert len(sent) == 2 and secrets_of(sent[0])
        assert secrets_of(sent[1]) == []
        if status in (307, 308):
            unsigned = options.get("content", urlencode(options.get("data", {})).encode())
            assert sent[1].method == method and sent[1].body == unsigned


@pytest.mark.parametrize("client", ["httpx", "httpx-async"])
@pytest.mark.parametrize("status", [302, 308])
@pytest.mark.parametrize(("vendor", "method", "path", "options"), VENDOR_REQUESTS)
@pytest.mark.parametrize("elsewhere", [True, False])
def test_httpx_does_not_send_a_signed_request_again(
    client: str, status: int, vendor: str, method: str, path: str, options: dict[str, Any], elsewhere: bool
) -> None:
    with server(lambda _: Answer(), "localhost") as other:
        target = f"{other.url}/caught" if elsewhere else "/caught"
        with server(lambda _: Answer(status, {"Location": target})) as first:
            with pytest.raises(apisig.Error, match="redirected") as error:
                send(client, vendor, method, first.url + path, follow=True, **options)
            assert not isinstance(error.value, apisig.InvalidArgument)
            assert len(first.received) == 1 and other.received == []


@pytest.mark.parametrize("client", CLIENTS)
def test_a_redirect_that_is_not_followed_is_an_answer(client: str) -> None:
    with server(lambda _: Answer(307, {"Location": "http://localhost:9/"})) as first:
        assert send(client, "kommo", "POST", first.url, content=b"{}").status_code == 307


def test_httpx_keeps_the_callers_own_trace(chat_api: Server) -> None:
    names: list[str] = []

    async def trace(name: str, info: Any) -> None:
        names.append(name)

    send("httpx", "kommo", "GET", chat_api.url, extensions={"trace": lambda name, info: names.append(name)})
    assert "http11.send_request_headers.started" in names
    names.clear()
    send("httpx-async", "kommo", "GET", chat_api.url, extensions={"trace": trace})
    assert "http11.send_request_headers.started" in names


def test_httpx_signs_through_a_proxy() -> None:
    """A proxy receives the whole URL, and the signature is one of the path alone."""
    with server(lambda request: Answer(200 if "x-signature" in request.headers else 401)) as proxy:
        auth = apisig.httpx.KommoAuth(kommo)
        with httpx.Client(proxy=proxy.url, auth=auth) as client:
            assert [client.get("http://amojo.example/v2").status_code for _ in range(2)] == [200, 200]
        assert proxy.received[0].target == "http://amojo.example/v2"
        assert is_signed_for_kommo(proxy.received[0]._replace(target="/v2"))


def test_an_api_key_that_is_none_is_refused_at_once() -> None:
    for module in (apisig.requests, apisig.httpx):
        with pytest.raises(apisig.InvalidArgument):
            module.KayakoAuth(kayako, " ")
        assert API_KEY not in repr(module.KayakoAuth(kayako, API_KEY))


@pytest.mark.parametrize("library", ["requests", "httpx"])
def test_without_the_library_the_extra_is_named(library: str, tmp_path: Path) -> None:
    program = f"""
import sys
import apisig
assert not {{"requests", "httpx", "redis", "django", "flask"}} & set(sys.modules), "apisig alone imports none"
sys.modules["{library}"] = None
try:
    import apisig.{library}
except ImportError as error:
    print(error)
"""
    printed = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True).stdout
    assert f"pip install 'apisig[{library}]'" in printed
    assert f"{library} = [" in (ROOT / "bindings" / "python" / "pyproject.toml").read_text()


def test_an_error_report_with_the_variables_of_frames_shows_no_api_key() -> None:
    kayako = apisig.Kayako(SECRET)
    request = requests.Request("GET", "https://x/?apikey=1", auth=apisig.requests.KayakoAuth(kayako, API_KEY))
    refused: list[Callable[[], Any]] = [
        lambda: kayako.parameters(API_KEY, "0"),
        lambda: kayako.request("GET", "https://x", "/x", API_KEY, {"apikey": "1"}),
        lambda: kayako.sign_form(API_KEY, "apikey=1"),
        lambda: kayako.check_request(API_KEY, "salt=1&signature=x"),
        request.prepare,
    ]
    for refuse in refused:
        with pytest.raises(apisig.Error) as failed:
            refuse()
        report = traceback.TracebackException(failed.type, failed.value, failed.tb.tb_next, capture_locals=True)
        assert API_KEY not in "".join(report.format()), refuse
