"""MOR's requests as Python composes them. Vectors have the rest."""

from __future__ import annotations

from typing import Any, Callable

import pytest

import apisig
from conftest import refuses

BASE = "https://mor.example.com"

mor = apisig.Mor("secret")


def test_values_may_be_integers_of_any_size() -> None:
    assert mor.sign("text", "n", 5) == mor.sign("text", "n", "5")
    assert mor.verify(mor.sign(2**70, -1), str(2**70), "-1")
    with pytest.raises(TypeError):
        mor.sign(True)


@pytest.mark.parametrize("value", [None, 1.5, True, ["1"], ("1",), {"a": 1}, object()], ids=str)
def test_what_is_not_text_or_an_integer_is_no_value(value: Any) -> None:
    assert mor.verify(mor.sign("x"), "x", value) is False
    with pytest.raises(apisig.VerificationFailed):
        mor.check(mor.sign(), value)


def test_a_request_is_written_to_the_byte() -> None:
    parameters: dict[str, str | int] = {"u": "admin", "username": "a b&c=~*é%", "currency": "EUR", "x": -1}
    made = mor.sign("a b&c=~*é%", "EUR")
    assert mor.request("user_balance_get", parameters, BASE) == apisig.Request(
        "POST",
        "https://mor.example.com/billing/api/user_balance_get",
        {"Content-Type": "application/x-www-form-urlencoded"},
        f"u=admin&username=a+b%26c%3D%7E%2A%C3%A9%25&currency=EUR&x=-1&hash={made}".encode(),
    )
    assert mor.request("logout", {}, BASE).body.decode() == "hash=" + mor.sign()


def test_an_unknown_method_says_what_to_do() -> None:
    calls: list[Callable[[], Any]] = [
        lambda: mor.sign_request("no_such_method", {"a": "b"}),
        lambda: mor.request("no_such_method", {"a": "b"}, BASE),
        lambda: apisig.Mor.parameters("no_such_method", {}),
        lambda: apisig.Mor.explain("secret", "no_such_method", {}),
        lambda: mor.check_request("no_such_method", "hash=" + mor.sign()),
    ]
    for call in calls:
        with pytest.raises(apisig.Error, match="in their right order yourself") as caught:
            call()
        assert caught.value.status is apisig.Status.METHOD


def test_public_hashes_confirm_a_method() -> None:
    methods = {"user_calls_get": True, "user_calls": True, "device_rule_create": False, "no_such_method": False}
    assert {method: apisig.Mor.is_confirmed(method) for method in methods} == methods


@pytest.mark.parametrize("value", [1.5, True, None, ["x"], object()], ids=str)
@pytest.mark.parametrize("name", ["balance", "not-hashed"])
def test_what_is_not_text_or_an_integer_is_refused_by_its_name(name: str, value: Any) -> None:
    for call in (mor.sign_request, lambda *request: apisig.Mor.explain("secret", *request)):
        with pytest.raises(apisig.InvalidArgument, match=f"{name} is {type(value).__name__},"):
            call("user_balance_update", {name: value})


def test_a_message_has_no_control_characters_of_what_it_names() -> None:
    odd = "a\r\nb\x1b\x85\u2028" + "x" * 1000
    cases: list[Any] = [{odd: 1.5}, {odd.encode() + b"\xff": None}, {"user_id": odd}, {f"{odd}[]": 1}]
    for parameters in cases:
        with pytest.raises(apisig.InvalidArgument) as caught:
            mor.sign_request("user_balance_update", parameters)
        assert str(caught.value).isprintable() and len(str(caught.value)) < 500


def test_other_mistakes_are_refused() -> None:
    refuses(
        lambda: mor.sign_request("devices_get", {"x": "\ud800"}),
        lambda: mor.request("devices_get", {"hash": ""}, BASE),
        lambda: mor.request("devices_get", {}, "mor.example.com"),
    )
