"""What the frameworks' own ways offer: settings, an extension, signals, OpenAPI."""

from __future__ import annotations

import asyncio
import base64
import copy
import pickle
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import fastapi
import flask
import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory, RequestFactory, override_settings
from django_site import settings

import apisig
import apisig.django
import apisig.fastapi
import apisig.flask
from apisig import Checked, Outcome
from apisig._settings import Settings

SECRET, BEFORE, BODY = "fb50586ff7b68cd8", "the one before", b'{"message":{}}'
BASIC = {"Authorization": "Basic " + base64.b64encode(b"root:abc").decode()}
SETTING: dict[str, Any] = {
    "kommo": {"secret": SECRET, "previous_secrets": [BEFORE]},
    "imbachat": {"secret": "of the widget", "login": "root", "password": "abc"},
    "retailcrm": {"secret": "of the module"},
}
REPLAY = {"replay": {"application": "shop", "cache": "default", "longest": 60}}
WRONG: dict[str, tuple[Any, str]] = {
    "nothing": ({}, r'APISIG\["kommo"\] is missing'),
    "no dict": ({"kommo": SECRET}, r'APISIG\["kommo"\] is missing, or no dict'),
    "an empty secret": ({"kommo": {"secret": ""}}, r'APISIG\["kommo"\] is wrong: The secret is empty'),
    "a misspelt guard": ({**SETTING, "replays": {}}, r'APISIG\["replays"\] is not known'),
    "another argument": ({"kommo": {"secrets": SECRET}}, r'APISIG\["kommo"\] is wrong: .*unexpected keyword'),
}


def signed(body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    return {"X-Signature": apisig.Kommo(secret).sign_webhook(body)}


@apisig.django.kommo_webhook()
def django_hook(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"taken")


@apisig.django.kommo_webhook()
async def django_async_hook(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"taken")


@apisig.django.imbachat_login()
def django_users(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"taken")


def asked_of_django(view: Callable[..., Any], headers: dict[str, str], body: bytes = BODY) -> int:
    if view is django_async_hook:
        request = AsyncRequestFactory().generic("POST", "/", body, "application/json", headers=headers)
        return int(asyncio.run(view(request)).status_code)
    return int(view(RequestFactory().generic("POST", "/", body, "application/json", headers=headers)).status_code)


def asked_of_flask(app: flask.Flask, path: str, headers: dict[str, str], body: bytes = BODY) -> int:
    return app.test_client().post(path, data=body, headers=headers).status_code


def site(**extension: Any) -> flask.Flask:
    """A site whose views are decorated before there is any config, as in a blueprint."""
    app = flask.Flask(__name__)
    app.testing = True
    app.add_url_rule("/hook", "hook", apisig.flask.kommo_webhook()(lambda: "taken"), methods=["POST"])
    app.add_url_rule("/users", "users", apisig.flask.imbachat_login()(lambda: "taken"), methods=["POST"])
    if "APISIG" in extension:
        app.config["APISIG"] = extension.pop("APISIG")
        apisig.flask.Apisig(**extension).init_app(app)
    return app


@pytest.mark.parametrize("view", [django_hook, django_async_hook])
def test_django_takes_the_secrets_from_its_settings(view: Callable[..., Any]) -> None:
    with override_settings(APISIG=SETTING):
        for secret, status in ((SECRET, 200), (BEFORE, 200), ("wrong", 401)):
            assert asked_of_django(view, signed(secret=secret)) == status
        assert asked_of_django(view, signed()) == 200
    # A test of the application has a secret of its own.
    with override_settings(APISIG={"kommo": {"secret": "of a test"}}):
        assert [asked_of_django(view, signed(secret=it)) for it in (SECRET, "of a test")] == [401, 200]


@pytest.mark.parametrize("view", [django_hook, django_async_hook])
def test_django_takes_the_guard_from_its_settings(view: Callable[..., Any]) -> None:
    with override_settings(APISIG={**SETTING, **REPLAY}):
        for body in (b"1", b"2"):
            body = repr(view).encode() + body
            assert [asked_of_django(view, signed(body), body) for _ in range(3)] == [200, 401, 401]


@pytest.mark.parametrize("view", [django_hook, django_async_hook, None], ids=["django", "django async", "flask"])
def test_the_limit_is_in_the_settings(view: Callable[..., Any] | None) -> None:
    def asked(limit: Any, body: bytes) -> int:
        setting = {"kommo": {"secret": SECRET, "limit": limit}}
        if view is None:
            return asked_of_flask(site(APISIG=setting), "/hook", signed(body), body)
        with override_settings(APISIG=setting):
            return asked_of_django(view, signed(body), body)

    assert [asked(len(BODY), body) for body in (BODY, BODY + b" ")] == [200, 413]
    for limit in (-1, "1M", True, 1.5, None):
        with pytest.raises(apisig.InvalidArgument, match=r'APISIG\["kommo"\] is wrong: limit is not a number of bytes'):
            asked(limit, BODY)


def test_the_decorators_own_limit_comes_first() -> None:
    for module in (apisig.django, apisig.flask):
        with pytest.raises(apisig.InvalidArgument, match="limit is not a number of bytes"):
            module.kommo_webhook(limit=-1)
    hook = apisig.django.kommo_webhook(limit=len(BODY))(lambda request: HttpResponse())
    with override_settings(APISIG={"kommo": {"secret": SECRET, "limit": 1}}):
        assert asked_of_django(hook, signed()) == 200


def test_a_login_and_other_vendors_are_in_the_settings_too() -> None:
    with override_settings(APISIG=SETTING):
        assert [asked_of_django(django_users, headers) for headers in (BASIC, {})] == [200, 401]
        assert apisig.django.configured(apisig.Kommo) is apisig.django.configured(apisig.Kommo)
        token = apisig.django.configured(apisig.RetailCrm).sign("key")
        assert apisig.django.configured(apisig.ImbaChat).sign(1)
    # Those who use no widget give the login alone.
    with override_settings(APISIG={"imbachat": {"login": "root", "password": "abc"}}):
        call_command("check")
        assert asked_of_django(django_users, BASIC) == 200
    app = site(APISIG=SETTING)
    assert [asked_of_flask(app, "/users", headers) for headers in (BASIC, {})] == [200, 401]
    with app.app_context():
        assert apisig.flask.configured(apisig.RetailCrm).verify("key", token)


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_setting_lets_nothing_in_and_shows_no_secret(kind: str) -> None:
    setting, problem = WRONG[kind]
    errors = []
    with override_settings(APISIG=setting):
        for view in (django_hook, django_async_hook):
            with pytest.raises(apisig.InvalidArgument, match=problem) as failed:
                asked_of_django(view, signed())
            errors.append(failed)
        if "replays" in setting:
            hook = apisig.django.kommo_webhook(apisig.Kommo(SECRET))(lambda request: HttpResponse())
            with pytest.raises(apisig.InvalidArgument, match=problem):
                asked_of_django(hook, signed())
    with pytest.raises(apisig.InvalidArgument, match=problem) as failed:
        asked_of_flask(site(APISIG=setting), "/hook", signed())
    assert not any(SECRET in str(error.value) for error in (*errors, failed))


def test_a_setting_is_not_copied() -> None:
    for copied in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="has secrets"):
            copied(Settings({"kommo": {"secret": SECRET}}))


@pytest.mark.parametrize("wrong", [{"secret": SECRET, "previous_secrets": [""]}, SECRET])
def test_an_error_report_with_the_variables_of_frames_shows_no_secret(wrong: Any) -> None:
    read = Settings({"kommo": wrong})
    with pytest.raises(apisig.InvalidArgument) as failed:
        read.made("kommo")
    frames = failed.tb.tb_next  # Without this one.
    report = traceback.TracebackException(failed.type, failed.value, frames, capture_locals=True)
    assert frames and SECRET not in "".join(report.format())


def test_djangos_check_command_names_what_is_wrong() -> None:
    with override_settings(APISIG={**SETTING, **REPLAY}):
        call_command("check")
    wrong: list[dict[str, Any]] = [
        {"komo": {}},
        {"replay": {}},
        {"kommo": {"secret": ""}},
        {"imbachat": {"login": "a"}},
        {"imbachat": {"login": "a", "password": "b", "secret": ""}},
        {"imbachat": {"secret": "a", "logins": "b"}},
    ]
    for setting in wrong:
        problem = rf'APISIG\["{next(iter(setting))}"'
        with override_settings(APISIG=setting), pytest.raises(SystemCheckError, match=problem):
            call_command("check")


def test_a_deployment_is_warned_of_a_guard_in_local_memory() -> None:
    shared = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}

    def warnings(setting: dict[str, Any], **caches: dict[str, str]) -> list[str]:
        with override_settings(APISIG=setting, CACHES={**settings.CACHES, **caches}):
            found = run_checks(include_deployment_checks=True)
        return [one.msg for one in found if one.id == "apisig.W001"]

    assert warnings({**SETTING, **REPLAY}) == [
        'APISIG["replay"] uses the cache default in local memory: each process admits a replay once.'
    ]
    assert warnings(SETTING) == warnings({**SETTING, **REPLAY}, default=shared) == []
    assert warnings({"replay": {"application": "shop", "cache": "shared"}}, shared=shared) == []


def test_flasks_extension() -> None:
    app = site(APISIG=SETTING, guard=apisig.ReplayGuard(apisig.MemoryReplayStore(), "shop"))
    assert [asked_of_flask(app, "/hook", signed()) for _ in range(2)] == [200, 401]
    assert asked_of_flask(app, "/hook", signed(b"2", BEFORE), b"2") == 200
    # Another application has another config.
    other = site(APISIG={"kommo": {"secret": "another"}})
    assert [asked_of_flask(other, "/hook", signed(secret=it)) for it in (SECRET, "another")] == [401, 200]
    for path in ("/hook", "/users"):
        with pytest.raises(apisig.InvalidArgument, match="has no extension"):
            asked_of_flask(site(), path, signed())
    app.config["APISIG"] = {"kommo": {"secret": ""}}
    with pytest.raises(apisig.InvalidArgument, match="is wrong"):
        apisig.flask.Apisig(app)


def test_a_decorator_without_parentheses_is_an_error() -> None:
    decorate: Any
    for module in (apisig.django, apisig.flask):
        for decorate in (module.kommo_webhook, module.imbachat_login):
            with pytest.raises(TypeError):
                decorate(lambda request: None)


@pytest.fixture
def setting() -> Iterator[None]:
    with override_settings(APISIG=SETTING):
        yield


@pytest.fixture
def heard() -> Iterator[list[Checked]]:
    checked: list[Checked] = []

    def receive(sender: object, checked_: list[Checked] = checked, **signal: Any) -> None:
        checked_.append(signal["checked"])

    signals = (apisig.django.request_checked, apisig.flask.request_checked)
    for signal in signals:
        signal.connect(receive)
    yield checked
    for signal in signals:
        signal.disconnect(receive)


def test_signals_tell_of_each_request_with_its_status(heard: list[Checked], setting: None) -> None:
    app, large = site(APISIG=SETTING), b"x" * (1 << 21)
    for headers, body, outcome, status, secret in (
        (signed(), BODY, Outcome.ADMITTED, 200, 0),
        (signed(secret=BEFORE), BODY, Outcome.ADMITTED, 200, 1),
        (signed(b"other"), BODY, Outcome.MISMATCH, 401, None),
        ({}, BODY, Outcome.MALFORMED, 401, None),
        (signed(large), large, Outcome.TOO_LARGE, 413, None),
    ):
        asked = [asked_of_django(view, headers, body) for view in (django_hook, django_async_hook)]
        asked.append(asked_of_flask(app, "/hook", headers, body))
        assert asked == [status] * 3
        assert heard == [Checked("kommo", outcome, secret)] * 3
        assert {it.outcome.status for it in heard} == {status}
        heard.clear()


def test_a_receiver_that_fails_lets_nothing_in(setting: None) -> None:
    def fails(sender: object, **_: Any) -> None:
        raise ConnectionError

    asked: list[tuple[Any, Callable[[], int]]] = [
        (apisig.django.request_checked, lambda: asked_of_django(django_hook, signed())),
        (apisig.django.request_checked, lambda: asked_of_django(django_async_hook, signed())),
        (apisig.flask.request_checked, lambda: asked_of_flask(site(APISIG=SETTING), "/hook", signed())),
    ]
    for signal, ask in asked:
        signal.connect(fails)
        try:
            with pytest.raises(ConnectionError):
                ask()
        finally:
            signal.disconnect(fails)


def test_fastapis_openapi_names_the_checks() -> None:
    app = fastapi.FastAPI()
    hook = apisig.fastapi.kommo_webhook(apisig.Kommo(SECRET))
    login = apisig.fastapi.imbachat_login("root", "abc")
    app.add_api_route("/hook", lambda: None, methods=["POST"], dependencies=[fastapi.Depends(hook)])
    app.add_api_route("/users", lambda: None, dependencies=[fastapi.Depends(login)])
    described = app.openapi()
    schemes = described["components"]["securitySchemes"]
    assert {name: (it["type"], it.get("name"), it.get("scheme")) for name, it in schemes.items()} == {
        "kommo_webhook": ("apiKey", "X-Signature", None),
        "imbachat_login": ("http", None, "basic"),
    }
    assert described["paths"]["/hook"]["post"]["security"] == [{"kommo_webhook": []}]
    assert described["paths"]["/users"]["get"]["security"] == [{"imbachat_login": []}]
    assert SECRET not in str(described) and "abc" not in str(described)
