"""Every call of tests/vectors, made by the Python classes."""

from __future__ import annotations

from typing import Any, Callable, cast
from urllib.parse import parse_qsl

import pytest

import apisig
from apisig import _mistake, _native
from apisig import mor as _mor
from conftest import calls, unescape


def room(kind: Callable[..., Any], call: list[str]) -> Any:
    secret, *previous = [unescape(secret) for secret in call[1].split("|")]
    return kind(secret, previous)


def result_of(make: Callable[[], str]) -> str:
    try:
        return make()
    except apisig.InvalidArgument as error:
        assert error.status is apisig.Status.ARGUMENT
        return "ARGUMENT"


def both(it: Any, *arguments: Any) -> str:
    """Give the result of check(), which verify() must agree with."""
    verdict = it.verify(*arguments)
    try:
        index = it.check(*arguments)
    except apisig.VerificationFailed as error:
        assert verdict is False
        return error.status.name
    assert verdict is True
    return str(index)


def expect(call: list[str], make: Callable[[], str]) -> None:
    assert result_of(make).encode() == unescape(call[-1]), call


def named(diagnosis: apisig.Diagnosis) -> str:
    """Name what a diagnosis finds as the vectors do."""
    if diagnosis.mistake is not None:
        return diagnosis.mistake.name
    return "0" if diagnosis.holds else "MISMATCH"


def each(name: str) -> pytest.MarkDecorator:
    """Make one test of every call."""
    found = calls(name)
    return pytest.mark.parametrize("call", found, ids=[f"{number}-{call[0]}" for number, call in enumerate(found)])


@each("kayako")
def test_kayako(call: list[str]) -> None:
    strings = [unescape(field) for field in call]
    if call[0] == "diagnose":
        return expect(call, lambda: named(apisig.Kayako.diagnose(*strings[1:5])))
    if call[0] == "explain":
        return expect(call, lambda: apisig.Kayako.explain(*strings[1:3]))
    kayako = room(apisig.Kayako, call)
    if call[0] == "sign":
        expect(call, lambda: kayako.sign(unescape(call[2])))
    elif call[0] == "sign_parameters":
        expect(call, lambda: kayako.encoded_parameters(*strings[2:4]))
    elif call[0] == "url":
        expect(call, lambda: apisig.Kayako.url(strings[2], strings[3], strings[5], call[4] == "1"))
    elif call[0] == "verify_request":
        expect(call, lambda: both_of_request(kayako, *strings[2:4]))
    else:
        expect(call, lambda: both(kayako, unescape(call[2]), unescape(call[3])))


def both_of_request(kayako: apisig.Kayako, api_key: bytes, form: bytes) -> str:
    verdict = kayako.verify_request(api_key, form)
    try:
        index = kayako.check_request(api_key, form)
    except apisig.VerificationFailed as error:
        assert verdict is False
        return error.status.name
    assert verdict is True
    return str(index)


@each("retailcrm")
def test_retailcrm(call: list[str]) -> None:
    strings = [unescape(field) for field in call]
    makes: dict[str, Callable[[], str]] = {
        "sign": lambda: str(room(apisig.RetailCrm, call).sign(strings[2])),
        "verify": lambda: both(room(apisig.RetailCrm, call), *strings[2:4]),
        "register": lambda: registration(room(apisig.RetailCrm, call), call),
        "config": lambda: apisig.RetailCrm.config(entries(strings[1]), strings[2]).body.decode(),
        "registered": lambda: apisig.RetailCrm.registered(strings[1]).body.decode(),
        "failed": lambda: apisig.RetailCrm.failed(strings[1]).body.decode(),
        "edit_url": lambda: edit_url(*strings[1:3]),
        "diagnose": lambda: named(apisig.RetailCrm.diagnose(*strings[1:4])),
        "explain": lambda: apisig.RetailCrm.explain(*strings[1:3]),
    }
    expect(call, makes[call[0]])


def registration(retailcrm: apisig.RetailCrm, call: list[str]) -> str:
    """Which secret matched is not seen."""
    try:
        found = retailcrm.register(unescape(call[2]), entries(unescape(call[3])))
    except apisig.VerificationFailed as error:
        return error.status.name
    assert found == apisig.RetailCrmRegistration(call[4], call[5])
    return call[6]


def edit_url(system_url: bytes, code: bytes) -> str:
    return apisig.RetailCrm.edit(apisig.RetailCrmRegistration("key", system_url.decode()), code, {}).url


def entries(joined: bytes) -> list[bytes]:
    return joined.split(b",") if joined else []


@each("mor")
def test_mor(call: list[str]) -> None:
    if call[0] == "sign":
        expect(call, lambda: room(apisig.Mor, call).sign(unescape(call[2])))
    elif call[0] == "verify":
        expect(call, lambda: both(room(apisig.Mor, call), unescape(call[3]), unescape(call[2])))
    else:
        expect(call, lambda: of_method(call))


def refused(method: str, form: bytes) -> str:
    """Give the words of the exception, or nothing if a form is signed."""
    try:
        apisig.Mor("secret").sign_request(method, form)
    except apisig.InvalidArgument as error:
        return str(error)
    return ""


def of_method(call: list[str]) -> str:
    """Make what goes by the registry of MOR."""
    try:
        if call[0] == "parameters":
            hashed, others = apisig.Mor.parameters(unescape(call[1]).decode(), unescape(call[2]))
            return ",".join(hashed) + "\n" + ",".join(others)
        if call[0] == "refusal":
            return refused(unescape(call[1]).decode(), unescape(call[2]))
        if call[0] in ("diagnose", "explain"):
            return diagnosed(*[unescape(field) for field in call])
        mor, method, form = room(apisig.Mor, call), unescape(call[2]).decode(), unescape(call[3])
        if call[0] == "sign_request":
            made: str = mor.sign_request(method, form)
            # The same of the parameters that the form holds.
            assert made == mor.sign_request(method, parameters(form))
            return made
        assert call[0] == "verify_request"
        verdict = mor.verify_request(method, form)
        index = mor.check_request(method, form)
    except apisig.VerificationFailed as error:
        assert verdict is False
        return error.status.name
    except apisig.Error as error:
        assert error.status is not None
        return error.status.name
    assert verdict is True
    return str(index)


def diagnosed(verb: bytes, secret: bytes, method: bytes, form: bytes, *fields: bytes) -> str:
    """Diagnose or explain the form as it stands, and the parameters that it holds: the same."""
    strings, name_of = _native.flat(secret, method, form), method.decode()
    if verb == b"explain":
        text = _native.text(lambda out, size: cast(int, _mor._explain(*strings, out, size))).decode()
        assert text == apisig.Mor.explain(secret, name_of, parameters(form))
        return text
    found = _mistake.diagnosis(_mor._diagnose(*strings, *_native.flat(fields[0])))
    assert found == apisig.Mor.diagnose(secret, name_of, parameters(form), fields[0])
    return named(found)


def parameters(form: bytes) -> dict[str, bytes]:
    found = parse_qsl(form.decode(), keep_blank_values=True, encoding="latin-1")
    return {name: text.encode("latin-1") for name, text in found}


@each("imbachat")
def test_imbachat(call: list[str]) -> None:
    if call[0] == "sign":
        expect(call, lambda: room(apisig.ImbaChat, call).sign(int(call[2]), int(call[3]), 0))
    elif call[0] == "verify":
        result = result_of(lambda: both(room(apisig.ImbaChat, call), unescape(call[2]), int(call[3]), int(call[4])))
        # check() gives the user; which secret matched is not seen.
        assert result == (call[5] if call[6].isdigit() else call[6]), call
    elif call[0] == "seconds_left":
        token, now, leeway = unescape(call[1]), int(call[2]), int(call[3])
        expect(call, lambda: or_status(lambda: str(apisig.ImbaChat.replay_id(token, now, leeway).seconds)))
    elif call[0] == "verify_login":
        strings = [unescape(field) for field in call[1:5]]
        expect(call, lambda: "0" if apisig.ImbaChat.verify_login(*strings) else "MISMATCH")
    elif call[0] == "verify_authorization":
        strings = [unescape(field) for field in call[1:4]]
        result = result_of(lambda: "0" if apisig.ImbaChat.verify_authorization(*strings) else "refused")
        # Why it is refused is not seen.
        assert result == call[4] or (result == "refused" and call[4] in ("MALFORMED", "MISMATCH")), call
    elif call[0] == "user_ids":
        expect(call, lambda: user_ids(unescape(call[1])))
    elif call[0] == "widget":
        dev_id, token, origin = (unescape(call[field]) for field in (1, 3, 4))
        expect(call, lambda: apisig.ImbaChat.widget(dev_id, int(call[2]), token, origin))
    elif call[0] == "diagnose":
        secret, dev_id, token = (unescape(field) for field in call[1:4])
        now, leeway = int(call[4]), int(call[5])
        expect(call, lambda: or_status(lambda: named(apisig.ImbaChat.diagnose(secret, token, now, leeway, dev_id))))
    elif call[0] == "explain":
        secret, token = unescape(call[1]), unescape(call[2])
        expect(call, lambda: or_status(lambda: apisig.ImbaChat.explain(secret, token, int(call[3]))))
    else:
        expect(call, lambda: apisig.ImbaChat.open_dialog(int(call[1])))


def or_status(make: Callable[[], str]) -> str:
    """Give what was made of a token, or the status if that cannot be read."""
    try:
        return make()
    except apisig.Error as error:
        assert error.status is not None
        return error.status.name


def user_ids(parameter: bytes) -> str:
    try:
        return " ".join(map(str, apisig.ImbaChat.user_ids(parameter)))
    except apisig.VerificationFailed as error:
        return error.status.name


@each("kommo")
def test_kommo(call: list[str]) -> None:
    strings = [unescape(field) for field in call]
    if call[0] == "sign":
        expect(call, lambda: signed(room(apisig.Kommo, call), call))
    elif call[0] == "sign_digest":
        expect(call, lambda: room(apisig.Kommo, call).sign_digest(*strings[2:7]))
    elif call[0] == "string_to_sign":
        expect(call, lambda: apisig.Kommo.string_to_sign(*strings[1:6]).decode())
    elif call[0] == "sign_webhook":
        expect(call, lambda: room(apisig.Kommo, call).sign_webhook(strings[2]))
    elif call[0] == "verify_webhook":
        expect(call, lambda: webhook(room(apisig.Kommo, call), strings[2], strings[3]))
    elif call[0] == "diagnose_webhook":
        expect(call, lambda: named(apisig.Kommo.diagnose_webhook(*strings[1:4])))
    elif call[0] not in ("verify", "diagnose", "explain"):
        expect(call, lambda: channel(call[0], *strings[1:-1]))
    else:
        names = ("content-md5", "CONTENT-TYPE", "Date", "X-Signature")
        headers = dict(zip(names, (strings[5], [strings[6]], strings[7], strings[8])))
        if call[0] == "verify":
            times = (int(call[9]), int(call[10]))
            expect(call, lambda: both(room(apisig.Kommo, call), *strings[2:5], headers, *times))
        elif call[0] == "diagnose":
            times = (int(call[9]), int(call[10]))
            expect(call, lambda: kommo_diagnosis(*strings[1:5], headers, *times))
        else:
            secret, method, url, body = strings[1:5]
            expect(call, lambda: apisig.Kommo.explain(secret, method, url, body, headers))


def kommo_diagnosis(*arguments: Any) -> str:
    """Name what is found; what cannot be read is no mistake of the caller's."""
    try:
        return named(apisig.Kommo.diagnose(*arguments))
    except apisig.Error as error:
        assert error.status is not None
        return error.status.name


def channel(verb: str, *strings: bytes) -> str:
    """Make what needs no secret."""
    kommo, first, second = apisig.Kommo("x"), strings[0], strings[-1]
    if verb == "url":
        return kommo.request("GET", second, host=first).url
    if verb == "connect_url":
        return kommo.connect(second, "account", "title", host=first).url
    if verb == "connect_body":
        return kommo.connect("channel", first, strings[1], second).body.decode()
    if verb == "disconnect_url":
        return kommo.disconnect(second, "account", first).url
    if verb == "disconnect_body":
        return kommo.disconnect("channel", first).body.decode()
    if verb == "scope_id":
        return apisig.Kommo.scope_id(first, second)
    assert verb == "answer"
    try:
        return apisig.Kommo.answer(first, second)
    except apisig.Error as error:
        # An answer that cannot be read is the vendor's mistake.
        assert error.status is not None
        return error.status.name


def webhook(kommo: apisig.Kommo, body: bytes, signature: bytes) -> str:
    """As both(), for webhooks."""
    verdict = kommo.verify_webhook(body, signature)
    try:
        index = kommo.check_webhook(body, signature)
    except apisig.VerificationFailed as error:
        assert verdict is False
        return error.status.name
    assert verdict is True
    return str(index)


def signed(kommo: apisig.Kommo, call: list[str]) -> str:
    headers = kommo.sign(unescape(call[2]), unescape(call[3]), unescape(call[4]), int(call[5]))
    assert list(headers) == ["Date", "Content-Type", "Content-MD5", "X-Signature"]
    assert [headers["Date"], headers["Content-Type"], headers["Content-MD5"]] == [call[6], "application/json", call[7]]
    return headers["X-Signature"]
