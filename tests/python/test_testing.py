"""The kit for users' own tests: what it sends is right, or has the mistake that was asked for, for each framework."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import fastapi
import flask
import httpx
import pytest
from django.http import HttpResponse
from django.test import AsyncClient, Client
from django.urls import path, re_path
from django_site import settings

import apisig
import apisig.django
from apisig import Mistake, _native
from apisig.testing import Fake, FakeRequest, FixedClock
from apisig.testing.imbachat import FakeImbaChat
from apisig.testing.kayako import FakeKayako
from apisig.testing.kommo import FakeKommo
from apisig.testing.mor import FakeMor
from apisig.testing.retailcrm import FakeRetailCrm
from conftest import CLASSES, refuses

SECRET, API_KEY = "Secret of the vendor", "API key"
Found = apisig.Diagnosis


def form_of(request: FakeRequest) -> str:
    return request.body.decode() or urlsplit(request.url).query


def one(request: FakeRequest, name: str) -> str:
    return parse_qs(form_of(request), strict_parsing=True)[name][0]


def kommo(it: FakeRequest) -> tuple[bool, Found]:
    signature = it.headers["X-Signature"]
    verified = apisig.Kommo(SECRET).verify_webhook(it.body, signature)
    return verified, apisig.Kommo.diagnose_webhook(SECRET, it.body, signature)


def retailcrm(it: FakeRequest) -> tuple[bool, Found]:
    sent = json.loads(one(it, "register"))
    try:
        apisig.RetailCrm(SECRET).register(it.body, ["retailcrm.ru"])
        verified = True
    except apisig.VerificationFailed:
        verified = False
    return verified, apisig.RetailCrm.diagnose(SECRET, sent["apiKey"], sent["token"])


def kayako(it: FakeRequest) -> tuple[bool, Found]:
    verified = apisig.Kayako(SECRET).verify_request(API_KEY, form_of(it))
    return verified, apisig.Kayako.diagnose(SECRET, API_KEY, one(it, "salt"), one(it, "signature"))


def mor(it: FakeRequest) -> tuple[bool, Found]:
    method = it.url.rpartition("/")[2]
    verified = apisig.Mor(SECRET).verify_request(method, it.body)
    return verified, apisig.Mor.diagnose(SECRET, method, it.body, one(it, "hash"))


SIGNED: list[tuple[Fake, Callable[..., FakeRequest], Callable[[FakeRequest], tuple[bool, Found]]]] = []
for fake, call, check in (
    (FakeKommo(SECRET), "webhook", kommo),
    (FakeRetailCrm(SECRET), "register", retailcrm),
    (FakeKayako(SECRET, API_KEY), "request", kayako),
    (FakeMor(SECRET), "request", mor),
):
    SIGNED.append((fake, getattr(fake, call), check))
BROKEN = [
    pytest.param(make, check, mistake, id=f"{type(fake).__name__}-{mistake.name}")
    for fake, make, check in SIGNED
    for mistake in fake.MISTAKES
]


def test_each_vendor_has_a_module() -> None:
    for name in CLASSES:
        module = importlib.import_module(f"apisig.testing.{name}")
        assert any(isinstance(it, type) and issubclass(it, Fake) and it is not Fake for it in vars(module).values())


@pytest.mark.parametrize(("fake", "make", "check"), SIGNED, ids=[type(fake).__name__ for fake, _, _ in SIGNED])
def test_what_is_sent_is_right(fake: Fake, make: Any, check: Any) -> None:
    verified, found = check(make())
    assert (verified, found.is_valid) == (True, True)
    assert SECRET not in repr(fake)


@pytest.mark.parametrize(("make", "check", "mistake"), BROKEN)
def test_what_is_broken_is_refused_and_has_that_mistake(make: Any, check: Any, mistake: Mistake) -> None:
    for broken in (mistake, mistake.name):
        verified, found = check(make(broken=broken))
        assert not verified
        # A webhook has no Content-MD5, which would tell one body from another: a body of other white space is named.
        assert found.mistake is (Mistake.BODY_PRETTY if mistake is Mistake.BODY_OTHER else mistake)


def test_imbachats_login() -> None:
    fake = FakeImbaChat("root", SECRET)
    it = fake.users([3, 4])
    assert apisig.ImbaChat.verify_authorization("root", SECRET, it.headers["Authorization"])
    assert apisig.ImbaChat.user_ids(one(it, "user_ids")) == [3, 4]
    for mistake in fake.MISTAKES:
        wrong = fake.users(broken=mistake).headers["Authorization"]
        assert not apisig.ImbaChat.verify_authorization("root", SECRET, wrong)


def test_what_a_vendor_does_not_sign() -> None:
    fake = FakeRetailCrm(SECRET)
    activity = apisig.RetailCrm.activity(fake.activity(False, True, "c").body)
    assert (activity.active, activity.freeze, activity.client_id) == (False, True, "c")
    assert apisig.RetailCrm.client_id(fake.transition("c").body) == "c"


def test_requests_of_other_forms() -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        for broken in (None, "HEX", "ENCODED_TWICE"):
            it = FakeKayako(SECRET, API_KEY).request(method, "/Base/User", {"fullname": "Zoë"}, broken)
            places = [urlsplit(it.url).query] * (method != "POST") + [it.body.decode()] * (method in ("POST", "PUT"))
            for form in places:
                assert apisig.Kayako(SECRET).verify_request(API_KEY, form) is (broken is None)
    it = FakeMor(SECRET).request("user_details_get", {"user_id": 3})
    assert apisig.Mor(SECRET).verify_request("user_details_get", it.body)
    assert "user_id" not in FakeMor(SECRET).request(parameters={}).body.decode()
    assert FakeKommo(SECRET).webhook({"text": "Zoë"}).body == '{"text":"Zoë"}\n'.encode()


def test_what_cannot_be_is_refused_by_name() -> None:
    refuses(
        lambda: FakeKommo(SECRET).webhook("massage"),
        lambda: FakeKommo(SECRET).webhook(broken="SECRET_SWAPPED"),
        lambda: FakeMor(SECRET).request(broken=Mistake.HEX),
        lambda: FakeKommo("123").webhook(broken="SECRET_CASE"),
    )
    with pytest.raises(apisig.InvalidArgument, match=r"SECRET_NEWLINE, .*BODY_OTHER"):
        FakeKommo(SECRET).webhook(broken="NEWLINE")


def seen(it: Any) -> HttpResponse:
    return HttpResponse(f"{it.method} {it.get_full_path()} {it.headers['X-Signature']} {it.body.decode()}")


class Urls:
    urlpatterns = (re_path("hook", apisig.django.kommo_webhook(apisig.Kommo(SECRET))(seen)), path("", seen))


def sites() -> dict[str, Any]:
    """Return a client of each framework, of a site that answers with what it was sent."""
    # It warns that it will have another HTTP client.
    from starlette.testclient import TestClient

    app, flask_app = fastapi.FastAPI(), flask.Flask(__name__)

    @app.post("/hook")
    async def fastapi_hook(request: fastapi.Request) -> Any:
        body = (await request.body()).decode()
        target = f"{request.url.path}?{request.url.query}"
        return fastapi.Response(f"{request.method} {target} {request.headers['X-Signature']} {body}")

    @flask_app.post("/hook")
    def flask_hook() -> str:
        it = flask.request
        return f"{it.method} {it.full_path} {it.headers['X-Signature']} {it.get_data(as_text=True)}"

    return {
        "fastapi": TestClient(app),
        "flask": flask_app.test_client(),
        "django": Client(),
        "httpx": httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test"),
    }


@pytest.mark.filterwarnings("ignore:Using `httpx`")
@pytest.mark.parametrize("framework", ["fastapi", "flask", "django", "httpx", "django async"])
def test_every_test_client_sends_it(framework: str) -> None:
    settings.ROOT_URLCONF = Urls
    it = FakeKommo(SECRET).webhook({"text": "Zoë"}).to("/hook?a=1")

    async def sent() -> Any:
        return await it.send(AsyncClient() if framework == "django async" else sites()["httpx"])

    answer = asyncio.run(sent()) if framework in ("httpx", "django async") else it.send(sites()[framework])
    text = answer.content.decode() if hasattr(answer, "content") else answer.get_data(as_text=True)
    assert text == f"POST /hook?a=1 {it.headers['X-Signature']} {it.body.decode()}"


def test_it_is_a_request_of_each_framework() -> None:
    it = FakeKommo(SECRET).webhook().to("/a%20b?c=d")
    for request in (it.django(), it.async_django()):
        assert (request.method, request.path, request.GET["c"], request.body) == ("POST", "/a b", "d", it.body)
        assert request.headers["X-Signature"] == it.headers["X-Signature"]
        assert request.content_type == "application/json"
    flask_request = it.flask()
    assert (flask_request.path, flask_request.args["c"], flask_request.get_data()) == ("/a b", "d", it.body)
    starlette = it.starlette()
    assert (starlette.url.path, starlette.query_params["c"]) == ("/a b", "d")
    assert asyncio.run(starlette.body()) == it.body
    assert starlette.headers["x-signature"] == it.headers["X-Signature"]
    form = FakeRetailCrm(SECRET).transition("c")
    assert (form.django().POST["clientId"], form.flask().form["clientId"]) == ("c", "c")


def test_a_request_goes_to_another_url_with_its_query() -> None:
    it = FakeImbaChat("root", SECRET).users([1])
    assert [it.to("/users").url, it.to("/users?a=b").url] == ["/users?user_ids=1", "/users?a=b&user_ids=1"]


def test_a_clock_stands_still() -> None:
    imbachat = apisig.ImbaChat(SECRET)
    store = apisig.MemoryReplayStore()
    with FixedClock(1000) as clock:
        token = imbachat.sign(7, 60)
        guard = apisig.ReplayGuard(store, "shop", longest=60)
        assert guard.admit(apisig.Mor.replay_id("x"))
        for seconds, valid in ((59, True), (1, False)):
            clock.advance(seconds)
            assert imbachat.verify(token) is valid
            assert guard.admit(apisig.Mor.replay_id("x")) is not valid
        with FixedClock(1000):
            assert imbachat.verify(token)
        assert not imbachat.verify(token)
    assert imbachat.verify(token, clock() - 1)
    assert apisig.Kommo(SECRET).verify("GET", "/", b"", apisig.Kommo(SECRET).sign("GET", "/", now=time.time()))


def test_the_clock_entered_last_gives_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = FixedClock(1), FixedClock(2), FixedClock(3)
    # Something else may have stopped the time before.
    monkeypatch.setattr(_native, "_clock", lambda: 7)
    for clock in (first, second, third, second):
        clock.__enter__()
    times = [_native.clock()]
    for clock in (second, first, third, second):
        clock.__exit__()
        times.append(_native.clock())
    assert times == [2, 3, 3, 2, 7]


def test_pytest_has_the_clock(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text(
        "import apisig\n"
        "def test_stands(apisig_clock):\n"
        "    token = apisig.ImbaChat('secret').sign(1, 60)\n"
        "    apisig_clock.advance(60)\n"
        "    assert not apisig.ImbaChat('secret').verify(token)\n"
        "    assert apisig.ImbaChat('secret').verify(token, now=apisig_clock() - 1)\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "pytest_apisig"]
    done = subprocess.run([*command, tmp_path], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert "1 passed" in done.stdout, done.stdout


def test_pytest_starts_without_the_library(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_of_something_else(): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "pytest_apisig"]
    environment = {**os.environ, "APISIG_LIBRARY": str(tmp_path / "missing")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert "1 passed" in done.stdout, done.stderr
