"""Every call of tests/vectors, made by the Python classes.

A function is called as the method of its name, with the parameters by their names. SPELLED says how where a class has
another name for it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Callable
from urllib.parse import parse_qsl

import pytest
from prototypes import FUNCTIONS

import apisig
from conftest import CLASSES, every_call, unescape

CALLS = every_call()
HEADERS = {"content_md5": "content-md5", "content_type": "CONTENT-TYPE", "date": "Date", "signature": "X-Signature"}
Given = dict[str, Any]

# What a class has under another name or in another form, of the parameters of C.
SPELLED: dict[str, Callable[[Any, Given], Any]] = {
    "imbachat_sign": lambda it, a: it.sign(a["user_id"], a["expires_at"], 0),
    "imbachat_seconds_left": lambda it, a: it.replay_id(a["token"], a["now"], a["leeway"]).seconds,
    "kayako_sign_parameters": lambda it, a: it.encoded_parameters(a["api_key"], a["salt"]),
    "kommo_url": lambda it, a: it("x").request("GET", a["path"], host=a["host"]).url,
    "kommo_connect_url": lambda it, a: it("x").connect(a["channel_id"], "account", "title", host=a["host"]).url,
    "kommo_connect_body": lambda it, a: (
        it("x").connect("channel", a["account_id"], a["title"], a["hook_api_version"]).body
    ),
    "kommo_disconnect_url": lambda it, a: it("x").disconnect(a["channel_id"], "account", a["host"]).url,
    "kommo_disconnect_body": lambda it, a: it("x").disconnect("channel", a["account_id"]).body,
    "mor_refusal": lambda it, a: words_of_the_refusal(it("secret").sign_request, a["method"].decode(), a["form"]),
    "retailcrm_edit_url": lambda it, a: (
        it.edit(apisig.RetailCrmRegistration("key", a["system_url"].decode()), a["code"], {}).url
    ),
}


def words_of_the_refusal(sign: Callable[..., Any], method: str, form: bytes) -> str:
    try:
        sign(method, form)
    except apisig.InvalidArgument as error:
        return str(error)
    return ""


def given_by(name: str, call: list[str]) -> Given:
    """Give the parameters of C by their names."""
    prototype, columns = FUNCTIONS[name], call[1:]
    taken = prototype.taken()
    kinds = {parameter: kind for kind, parameter in prototype.parameters}
    fields = columns[prototype.columns() - len(taken) : prototype.columns()]
    return {
        parameter: unescape(field) if kinds[parameter] == "const char *" else int(field)
        for parameter, field in zip(taken, fields)
    }


def as_declared(parameter: inspect.Parameter, value: Any) -> Any:
    """Give a value in the form that a method's parameter takes."""
    if parameter.annotation == "str":
        return value.decode()
    if parameter.annotation == "bool":
        return bool(value)
    if parameter.annotation == "Iterable[String]":
        return value.split(b",") if value else []
    return value


def arguments_for(method: Callable[..., Any], given: Given) -> list[Any]:
    """Give the arguments of a method: by their names, a form as its parameters, the rest as headers."""
    parameters = inspect.signature(method).parameters
    given = {name: value for name, value in given.items() if value is not None}
    names = {"parameters": "form"} if "form" not in parameters else {}
    if "now" not in given and "time" in given:
        names["now"] = "time"
    arguments = []
    for name, parameter in parameters.items():
        source = names.get(name, name)
        if source in given:
            arguments.append(as_declared(parameter, given.pop(source)))
        elif name == "headers":
            headers = {HEADERS[one]: given.pop(one) for one in list(given) if one in HEADERS}
            arguments.append({one: [value] if one == "CONTENT-TYPE" else value for one, value in headers.items()})
        else:
            assert parameter.default is not parameter.empty, f"{method}: nothing is given for {name}"
            arguments.append(parameter.default)
    assert not given, f"{method} does not take {list(given)}"
    return arguments


def in_words(result: Any) -> bytes:
    """Write what a method returns as the last column of a vector has it."""
    if isinstance(result, apisig.Diagnosis):
        return (result.mistake.name if result.mistake else "0" if result.holds else "MISMATCH").encode()
    if isinstance(result, apisig.Response):
        return result.body
    if isinstance(result, Mapping):
        return in_words(list(result.values())[-1])
    if isinstance(result, (str, bytes)):
        return result.encode() if isinstance(result, str) else result
    if isinstance(result, tuple):
        return b"\n".join(",".join(part).encode() for part in result)
    return b" ".join(b"%d" % one for one in result) if isinstance(result, Iterable) else b"%d" % result


def or_status(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except apisig.Error as error:
        assert error.status is not None
        assert isinstance(error, apisig.InvalidArgument) or error.status is not apisig.Status.ARGUMENT
        return error.status


def holds(it: Any, verb: str, arguments: list[Any], more: list[bytes], expected: bytes) -> bool:
    """Whether verify() says what is expected, and check() the same: which secret matches, or what was presented."""
    verdict = or_status(lambda: getattr(it, verb)(*arguments))
    check = getattr(it, verb.replace("verify", "check"), None) if verb.startswith("verify") else None
    if check is None:
        return bool(verdict is (apisig.Status.ARGUMENT if expected == b"ARGUMENT" else expected.isdigit()))
    checked = or_status(lambda: check(*arguments))
    if isinstance(checked, apisig.Status):
        return checked.name.encode() == expected and (verdict is False or verdict is checked)
    return verdict is True and b"%d" % checked == (more[0] if more else expected) and expected.isdigit()


def is_right(name: str, call: list[str]) -> bool:
    vendor, _, verb = name.partition("_")
    kind, given = CLASSES[vendor], given_by(name, call)
    columns = [unescape(field) for field in call[1:]]
    more, expected = columns[FUNCTIONS[name].columns() : -1], columns[-1]
    it: Any = kind
    if FUNCTIONS[name].parameters[0][0].startswith("const apisig_"):
        secret, *previous = [unescape(secret) for secret in call[1].split("|")]
        it = or_status(lambda: kind(secret, previous))
        if isinstance(it, apisig.Status):
            return it.name.encode() == expected
    if name in SPELLED:
        result = or_status(lambda: SPELLED[name](it, given))
        return (result.name.encode() if isinstance(result, apisig.Status) else in_words(result)) == expected
    arguments = or_status(lambda: arguments_for(getattr(it, verb), given))
    if FUNCTIONS[name].result == "bool" and verb != "register":
        return holds(it, verb, arguments, more, expected)
    result = or_status(lambda: getattr(it, verb)(*arguments))
    if isinstance(result, apisig.Status):
        return result.name.encode() == expected
    if "form" in given and "parameters" in inspect.signature(getattr(it, verb)).parameters:
        fields = parse_qsl(given["form"].decode(), keep_blank_values=True, encoding="latin-1")
        parameters = {field: value.encode("latin-1") for field, value in fields}
        arguments[arguments.index(given["form"])] = parameters
        # No name stands twice among parameters.
        is_same = len(parameters) < len(fields) or getattr(it, verb)(*arguments) == result
        assert is_same, f"the parameters of the form: {call}"
    if more:
        found = iter((result if isinstance(result, Mapping) else asdict(result)).values())
        if not all(one.decode() in found for one in more):
            return False
    # Which secret matches is not seen where a record comes back.
    return expected.isdigit() if FUNCTIONS[name].result == "bool" else in_words(result) == expected


@pytest.mark.parametrize("name", CALLS)
def test_classes(name: str) -> None:
    wrong = [call for call in CALLS[name] if not is_right(name, call)]
    assert not wrong, wrong[:3]
