"""RetailCRM's simple connection as a Python module sees it: values, messages, what is refused."""

from __future__ import annotations

import dataclasses
import hmac
import json
from typing import Any, Callable
from urllib.parse import parse_qs, quote_plus, urlencode

import pytest

import apisig
from apisig import RetailCrm, RetailCrmActivity, RetailCrmRegistration

KEY = "Xb1eT0mVxzPzJpYpdd9Ym2Zyc5OzqC4E"
URL = "https://demo.retailcrm.ru"
HOSTS = ["retailcrm.ru", "simla.com"]
REGISTRATION = RetailCrmRegistration(KEY, URL)


def sent(system_url: str = URL, secret: bytes = b"secret") -> dict[str, str]:
    """Give what the system sends, the token by hmac."""
    return {"token": hmac.new(secret, KEY.encode(), "sha256").hexdigest(), "apiKey": KEY, "systemUrl": system_url}


def in_json(values: dict[str, str]) -> str:
    return urlencode({"register": json.dumps(values)})


def in_fields(values: dict[str, str]) -> str:
    return urlencode({f"register[{name}]": value for name, value in values.items()})


def refused(call: Callable[[], object]) -> None:
    with pytest.raises(apisig.InvalidArgument) as caught:
        call()
    assert caught.value.status is apisig.Status.ARGUMENT


def test_both_forms_are_registered_as_text_and_as_bytes() -> None:
    retailcrm = RetailCrm("secret", ["old"])
    for form in [in_json(sent()), in_fields(sent(URL + "/", b"old"))]:
        assert retailcrm.register(form, HOSTS) == REGISTRATION
        assert retailcrm.register(form.encode(), (host.encode() for host in HOSTS)) == REGISTRATION


@pytest.mark.parametrize(
    ("status", "form"),
    [
        (apisig.Status.MALFORMED, urlencode({"register": json.dumps({"apiKey": KEY})})),
        (apisig.Status.MALFORMED, None),
        (apisig.Status.MALFORMED, "\udcff"),
        (apisig.Status.MISMATCH, in_json(sent(secret=b"other"))),
        (apisig.Status.URL, in_json(sent("https://example.org"))),
    ],
)
def test_a_refusal_says_why_and_nothing_else(status: apisig.Status, form: str | None) -> None:
    with pytest.raises(apisig.VerificationFailed) as caught:
        RetailCrm("secret").register(form, HOSTS)
    assert caught.value.status is status
    assert KEY not in str(caught.value)


def test_a_list_with_anything_but_hosts_is_the_callers_mistake() -> None:
    # [""] is what "".split(",") gives: it must not allow every host where the setting is missing.
    lists = [[""], ["retailcrm.ru", ""], ["*.retailcrm.ru"], [URL], ["retailcrm.ru "]]
    for hosts in lists:
        refused(lambda hosts=hosts: RetailCrm("secret").register(in_json(sent()), hosts))  # type: ignore[misc]
    wrong: list[Any] = ["retailcrm.ru", b"", [None], None]
    for hosts in wrong:
        with pytest.raises(TypeError):
            RetailCrm("secret").register(in_json(sent()), hosts)
    assert RetailCrm("secret").register(in_json(sent()), []) == REGISTRATION


def test_answers_are_json_with_status_200() -> None:
    url = "https://module.example/a?é"
    answers: list[tuple[apisig.Response, dict[str, Any]]] = [
        (
            RetailCrm.config(["order_read", "order_write"], url),
            {"success": True, "scopes": ["order_read", "order_write"], "registerUrl": url},
        ),
        (RetailCrm.config([], url), {"success": True, "scopes": [], "registerUrl": url}),
        (RetailCrm.registered(url), {"success": True, "accountUrl": url}),
        (RetailCrm.failed("„Nein“\n"), {"success": False, "errorMsg": "„Nein“\n"}),
        (RetailCrm.failed("long " * 10000), {"success": False, "errorMsg": "long " * 10000}),
        (RetailCrm.accepted(), {"success": True}),
    ]
    for answer, expected in answers:
        assert answer.body == json.dumps(expected, ensure_ascii=False, separators=(",", ":")).encode()
        assert (answer.status, answer.headers) == (200, {"Content-Type": "application/json"})
    for scopes in [[""], ["order_read", ""], ["Order"]]:
        refused(lambda scopes=scopes: RetailCrm.config(scopes, url))  # type: ignore[misc]
    refused(lambda: RetailCrm.registered("http://module.example"))
    refused(lambda: RetailCrm.failed(b"\xff"))


def test_the_edit_request_is_read_as_the_system_reads_it() -> None:
    module = {"clientId": "a&b=c+d", "name": 'Модуль "1"', "actions": {"activity": "/a"}, "code": "x"}
    request = RetailCrm.edit(REGISTRATION, "my-module", module)
    assert (request.method, request.url) == ("POST", URL + "/api/v5/integration-modules/my-module/edit")
    assert request.headers == {"X-API-KEY": KEY, "Content-Type": "application/x-www-form-urlencoded"}
    assert KEY.encode() not in request.body
    fields = parse_qs(request.body.decode(), strict_parsing=True)
    assert list(fields) == ["integrationModule"]
    assert json.loads(fields["integrationModule"][0]) == {**module, "code": "my-module"}
    body = RetailCrm.edit(REGISTRATION, "x", {"name": "é/", "code": 1}).body
    assert body == b"integrationModule=%7B%22code%22%3A%22x%22%2C%22name%22%3A%22%C3%A9%2F%22%7D"


def test_an_edit_request_that_would_go_elsewhere_is_refused() -> None:
    for code in ["", "..", "a/b", "a\n", "a?b", b"\xff"]:
        refused(lambda code=code: RetailCrm.edit(REGISTRATION, code, {}))  # type: ignore[misc]
    for url in ["", "http://demo.retailcrm.ru", URL + ":1", URL + "/x", "https://a@b.ru"]:
        refused(lambda url=url: RetailCrm.edit(RetailCrmRegistration(KEY, url), "x", {}))  # type: ignore[misc]
    for key in ["", "a\r\nX: y", "a\n", "a b", "é"]:
        refused(lambda key=key: RetailCrm.edit(RetailCrmRegistration(key, URL), "x", {}))  # type: ignore[misc]
    refused(lambda: RetailCrm.edit(REGISTRATION, "x", {"name": "\ud800"}))
    with pytest.raises(ValueError, match="not JSON compliant"):
        RetailCrm.edit(REGISTRATION, "x", {"price": float("nan")})
    with pytest.raises(TypeError):
        RetailCrm.edit(REGISTRATION, "x", {"name": b"bytes"})


def test_the_api_key_is_not_shown_and_a_value_is_not_changed() -> None:
    assert repr(REGISTRATION) == "RetailCrmRegistration(system_url='https://demo.retailcrm.ru')"
    with pytest.raises(dataclasses.FrozenInstanceError):
        REGISTRATION.api_key = "other"  # type: ignore[misc]


def test_the_activity_is_read() -> None:
    form = {
        "activity": '{"active":true,"freeze":false,"more":[]}',
        "clientId": "клиент 1",
        "systemUrl": URL + "/",
        "x": "1",
    }
    assert RetailCrm.activity(urlencode(form)) == RetailCrmActivity(True, False, "клиент 1", URL + "/")
    assert RetailCrm.client_id(urlencode(form).encode()) == "клиент 1"
    other = "&&%61ctivity=" + quote_plus('{"freeze":true,"active":false}') + "&client%49d=a%2Bb&systemUrl=x&=&y&z=%FF"
    assert RetailCrm.activity(other) == RetailCrmActivity(False, True, "a+b", "x")


RIGHT = 'activity={"active":true,"freeze":false}&clientId=a&systemUrl=x'
UNREADABLE = {
    "nothing": "",
    "no activity": "clientId=a&systemUrl=x",
    "no clientId": RIGHT.replace("clientId", "clientID"),
    "an empty clientId": RIGHT.replace("=a", "="),
    "a clientId twice": RIGHT + "&client%49d=a",
    "an activity twice": RIGHT + "&activity",
    "no system URL": RIGHT.replace("&systemUrl=x", ""),
    "a NUL": RIGHT.replace("=a", "=a%00"),
    "a line feed behind": RIGHT.replace("=a", "=a%0A"),
    "a DEL": RIGHT.replace("=a", "=a%7F"),
    "no UTF-8": RIGHT.replace("=a", "=%FF"),
    "a surrogate": RIGHT.replace("=a", "=%ED%A0%80"),
    "a long clientId": RIGHT.replace("=a", "=" + "a" * 513),
    "a long form": RIGHT + "&" * 65536,
    "a list": RIGHT.replace("clientId", "clientId[]"),
    "no JSON": RIGHT.replace("{", ""),
    "a JSON list": "activity=[true,false]&clientId=a&systemUrl=x",
    "no member": RIGHT.replace("freeze", "frozen"),
    "a number": RIGHT.replace("true", "1"),
    "a string": RIGHT.replace("true", '"true"'),
    "null": RIGHT.replace("true", "null"),
    "JSON that does not end": RIGHT.replace("}", ""),
    "deep JSON": RIGHT.replace("true", "[" * 60000),
    "JSON with something behind": RIGHT.replace("}", "}}"),
    "JSON that is no UTF-8": RIGHT.replace("true", 'true,"%FF":1'),
}


@pytest.mark.parametrize("form", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_unsigned_is_read_as_strictly(form: str) -> None:
    assert RetailCrm.activity(RIGHT)
    with pytest.raises(apisig.VerificationFailed) as caught:
        RetailCrm.activity(form)
    assert caught.value.status is apisig.Status.MALFORMED


def test_a_failed_check_can_carry_its_diagnosis() -> None:
    swapped = hmac.new(KEY.encode(), b"secret", "sha256").hexdigest()
    with pytest.raises(apisig.VerificationFailed) as caught:
        RetailCrm("secret").check(KEY, swapped)
    caught.value.diagnosis = RetailCrm.diagnose("secret", KEY, swapped)
    assert caught.value.status is apisig.Status.MISMATCH
    assert caught.value.diagnosis == apisig.Diagnosis(False, apisig.Mistake.SECRET_SWAPPED)
    assert "swapped" in caught.value.diagnosis.text


def test_nothing_that_is_presented_is_the_callers_mistake() -> None:
    right = RetailCrm.diagnose(b"secret", KEY.encode(), RetailCrm("secret").sign(KEY))
    assert right == apisig.Diagnosis(True, None)
    assert right.text == "Nothing is wrong."
    # Frameworks give None for what was not sent.
    assert RetailCrm.diagnose("secret", None, None).mistake is apisig.Mistake.API_KEY_MISSING
    for token in (None, "\ud800", b"\xff"):
        assert RetailCrm.diagnose("secret", KEY, token) == apisig.Diagnosis(False, None)
    assert RetailCrm.diagnose("secret", "\ud800", "token") == apisig.Diagnosis(False, None)
    refused(lambda: RetailCrm.diagnose("", KEY, "token"))
    with pytest.raises(TypeError):
        RetailCrm.diagnose(None, KEY, "token")  # type: ignore[arg-type]


def test_an_explanation_shows_neither_secret_nor_api_key() -> None:
    text = RetailCrm.explain("the-module-secret", KEY)
    assert hmac.new(b"the-module-secret", KEY.encode(), "sha256").hexdigest() in text
    assert "the-module-secret" not in text
    assert KEY not in text
    assert max(map(len, text.split("\n"))) <= 80
    assert "secret: 100000 bytes, SHA-256 " in RetailCrm.explain(b"\xff" * 100000, bytearray(100000))
    refused(lambda: RetailCrm.explain("", KEY))
    refused(lambda: RetailCrm.explain("secret", ""))
