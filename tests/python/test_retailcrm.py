"""RetailCRM's simple connection as a Python module sees it: values, messages, refusals. Vectors have the rest."""

from __future__ import annotations

import dataclasses
import hmac
import json
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

import apisig
from apisig import RetailCrm, RetailCrmActivity, RetailCrmRegistration
from apisig.testing.retailcrm import FakeRetailCrm
from conftest import refuses

KEY = "Xb1eT0mVxzPzJpYpdd9Ym2Zyc5OzqC4E"
URL = "https://demo.retailcrm.ru"
HOSTS = ["retailcrm.ru", "simla.com"]
REGISTRATION = RetailCrmRegistration(KEY, URL)


def sent(system_url: str = URL, secret: bytes = b"secret") -> str:
    """Return what the system sends, the token by hmac."""
    token = hmac.new(secret, KEY.encode(), "sha256").hexdigest()
    return urlencode({"register": json.dumps({"token": token, "apiKey": KEY, "systemUrl": system_url})})


def test_a_form_is_registered_as_text_and_as_bytes() -> None:
    retailcrm = RetailCrm("secret", ["old"])
    for form in [sent(), sent(URL + "/", b"old")]:
        assert retailcrm.register(form, HOSTS) == REGISTRATION
        assert retailcrm.register(form.encode(), (host.encode() for host in HOSTS)) == REGISTRATION
    assert retailcrm.register(form, []) == REGISTRATION


def test_a_list_with_anything_but_hosts_is_the_callers_mistake() -> None:
    # [""] is what "".split(",") gives: it must not allow every host where the setting is missing.
    for hosts in ([""], ["retailcrm.ru", ""], ["*.retailcrm.ru"], [URL]):
        refuses(lambda: RetailCrm("secret").register(sent(), hosts))
    wrong: list[Any] = ["retailcrm.ru", b"", [None], None]
    for hosts in wrong:
        with pytest.raises(TypeError):
            RetailCrm("secret").register(sent(), hosts)


def test_answers_are_json_with_status_200() -> None:
    long = "long " * 10000
    for answer, body in (
        (RetailCrm.config([], URL), f'{{"success":true,"scopes":[],"registerUrl":"{URL}"}}'),
        (RetailCrm.registered(URL), f'{{"success":true,"accountUrl":"{URL}"}}'),
        (RetailCrm.failed(long), f'{{"success":false,"errorMsg":"{long}"}}'),
        (RetailCrm.accepted(), '{"success":true}'),
    ):
        assert answer == (200, {"Content-Type": "application/json"}, body.encode())
    # As "".split(",") gives.
    refuses(lambda: RetailCrm.config([""], URL))


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
    refuses(lambda: RetailCrm.edit(REGISTRATION, "a/b", {}), lambda: RetailCrm.edit(REGISTRATION, b"\xff", {}))
    refuses(lambda: RetailCrm.edit(RetailCrmRegistration(KEY, URL + ":1"), "x", {}))
    for key in ["", "a\r\nX: y", "a\n", "a b", "é"]:
        refuses(lambda: RetailCrm.edit(RetailCrmRegistration(key, URL), "x", {}))
    refuses(lambda: RetailCrm.edit(REGISTRATION, "x", {"name": "\ud800"}))
    with pytest.raises(ValueError, match="not JSON compliant"):
        RetailCrm.edit(REGISTRATION, "x", {"price": float("nan")})
    with pytest.raises(TypeError):
        RetailCrm.edit(REGISTRATION, "x", {"name": b"bytes"})


def test_the_api_key_is_not_shown_and_a_value_is_not_changed() -> None:
    assert repr(REGISTRATION) == "RetailCrmRegistration(system_url='https://demo.retailcrm.ru')"
    with pytest.raises(dataclasses.FrozenInstanceError):
        REGISTRATION.api_key = "other"  # type: ignore[misc]
    for form in (sent(secret=b"other"), sent("https://example.org")):
        with pytest.raises(apisig.VerificationFailed) as caught:
            RetailCrm("secret").register(form, HOSTS)
        assert KEY not in str(caught.value)


def test_forms_are_read() -> None:
    form = {"activity": '{"active":true,"freeze":false}', "clientId": "клиент 1", "systemUrl": URL + "/", "x": "1"}
    raw = {**form, "activity": {"active": True, "freeze": False}}
    assert RetailCrm.activity(urlencode(form)) == RetailCrmActivity(True, False, "клиент 1", URL + "/", raw)
    assert RetailCrm.client_id(urlencode(form).encode()) == "клиент 1"
    readers = (RetailCrm.activity, RetailCrm.client_id, lambda form: RetailCrm("secret").register(form, HOSTS))
    for unreadable in (None, "\udcff", "clientId=%FF"):
        for read in readers:
            with pytest.raises(apisig.VerificationFailed) as caught:
                read(unreadable)
            assert caught.value.status is apisig.Status.MALFORMED


def test_what_was_not_sent_is_diagnosed() -> None:
    right = RetailCrm.diagnose(b"secret", KEY.encode(), RetailCrm("secret").sign(KEY))
    assert (right, right.text) == (apisig.Diagnosis(True, None), "Nothing is wrong.")
    assert RetailCrm.diagnose("secret", None, None).mistake is apisig.Mistake.API_KEY_MISSING
    for token in (None, "\ud800", b"\xff"):
        found = RetailCrm.diagnose("secret", KEY, token)
        assert (found.is_valid, found.mistake, found.mistakes) == (False, None, ())
        assert found.hints and str(found).endswith("\nhint: " + found.hints[-1])


def test_two_mistakes_are_named_in_the_order_in_which_to_mend_them() -> None:
    token = hmac.new(b"secret ", KEY.encode() + b"\n", "sha256").hexdigest()
    found = RetailCrm.diagnose("secret", KEY, token)
    two = (apisig.Mistake.SECRET_SPACE, apisig.Mistake.API_KEY_SPACE)
    assert found == apisig.Diagnosis(False, two[0], two) and not found.hints
    assert str(found) == found.text == f"{two[0].text}\n{two[1].text}"


def test_all_fields_of_an_activity_are_kept() -> None:
    form = FakeRetailCrm("secret").activity(True).body + b"&x=%D0%BA&x=1&y"
    assert apisig.RetailCrm.activity(form).raw == {
        **{"clientId": "client-1", "activity": {"active": True, "freeze": False}},
        **{"systemUrl": "https://demo.retailcrm.ru", "x": "1", "y": ""},
    }
    form = b"activity[active]=true&activity[freeze]=false&activity[more]=%D0%BA&clientId=a&x[y]=1"
    assert apisig.RetailCrm.activity(form).raw == {
        **{"activity": {"active": "true", "freeze": "false", "more": "к"}, "clientId": "a", "x[y]": "1"},
    }
    large = b'activity={"active":true,"freeze":false,"n":%b}&clientId=a' % (b"9" * 3000)
    assert apisig.RetailCrm.activity(large).raw["activity"]["n"] == "9" * 3000
    assert apisig.RetailCrmActivity(True, False, "a", "").raw == {}
