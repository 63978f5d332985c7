"""MOR's requests by the registry of methods, hashed with hashlib and read with urllib."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Callable
from urllib.parse import parse_qsl

import pytest

import apisig

BASE = "https://mor.example.com"

mor = apisig.Mor("secret")


def hash_of(names: list[str], parameters: Mapping[str, Any], secret: bytes = b"secret") -> str:
    """Make the hash as the vendor's page does."""
    values = [parameters.get(name, b"") for name in names]
    values = [value if isinstance(value, bytes) else str(value).encode() for value in values]
    return hashlib.sha1(b"".join(values) + secret).hexdigest()


def read(form: bytes | str) -> dict[str, bytes]:
    text = form if isinstance(form, str) else form.decode("latin-1")
    pairs = parse_qsl(text, keep_blank_values=True, encoding="latin-1")
    return {name: value.encode("latin-1") for name, value in pairs}


def test_the_order_is_the_servers() -> None:
    parameters: dict[str, str | int] = {"u": "a", "number": "n", "amount": 5, "currency": "EUR", "description": "text"}
    made = hash_of(["all"], {"all": "textn5EUR"})
    assert mor.sign_request("card_payment_add", parameters) == made
    assert mor.sign_request("card_payment_add", dict(reversed(list(parameters.items())))) == made
    assert mor.sign("text", "n", 5, "EUR") == made
    assert mor.sign_request("devices_get", {"user_id": 0}) == mor.sign("0")
    assert mor.sign_request("devices_get", {}) == mor.sign()


def test_a_request_is_written_to_the_byte() -> None:
    parameters: dict[str, str | int] = {"u": "admin", "username": "a b&c=~*é%", "currency": "EUR", "x": -1}
    made = hash_of(["username", "currency"], parameters)
    for base in (BASE, BASE + "/"):
        assert mor.request("user_balance_get", parameters, base) == apisig.Request(
            "POST",
            "https://mor.example.com/billing/api/user_balance_get",
            {"Content-Type": "application/x-www-form-urlencoded"},
            f"u=admin&username=a+b%26c%3D%7E%2A%C3%A9%25&currency=EUR&x=-1&hash={made}".encode(),
        )
    request = mor.request("logout", {}, "http://127.0.0.1:8080/sub")
    assert request.url == "http://127.0.0.1:8080/sub/billing/api/logout"
    assert request.body.decode() == "hash=" + mor.sign()


def test_an_unknown_method_says_what_to_do() -> None:
    calls: list[Callable[[], Any]] = [
        lambda: mor.sign_request("no_such_method", {"a": "b"}),
        lambda: mor.request("no_such_method", {"a": "b"}, BASE),
        lambda: mor.request("../x", {}, BASE),
        lambda: apisig.Mor.parameters("no_such_method", {}),
        lambda: mor.check_request("no_such_method", "hash=" + mor.sign()),
    ]
    for call in calls:
        with pytest.raises(apisig.Error, match="in their right order yourself") as caught:
            call()
        assert caught.value.status is apisig.Status.METHOD
    assert apisig.Mor.is_confirmed("no_such_method") is False
    assert mor.verify_request("no_such_method", "hash=" + mor.sign()) is False


def test_a_value_that_the_server_would_not_hash_as_it_is_is_refused_by_its_name() -> None:
    cases: list[tuple[Any, str]] = [({"user_id": "007"}, "user_id"), ("user_id=7&balance=ten", "balance")]
    for parameters, name in cases:
        with pytest.raises(apisig.InvalidArgument, match=f"The parameter {name} has to be digits") as caught:
            mor.sign_request("user_balance_update", parameters)
        assert caught.value.status is apisig.Status.ARGUMENT
    assert mor.verify_request("user_balance_update", f"user_id=007&balance=ten&hash={mor.sign(7)}")


def test_a_form_is_taken_as_it_is_sent() -> None:
    parameters = {"u": "admin", "username": "a b", "currency": ""}
    form = b"u=admin&username=a%20b&currency"
    assert mor.sign_request("balance", form) == mor.sign_request("balance", form.decode()) == mor.sign("a b")
    assert apisig.Mor.parameters("balance", form) == (["username"], ["u", "currency"])
    assert apisig.Mor.parameters("balance", parameters) == (["username"], ["u", "currency"])
    assert apisig.Mor.diagnose("secret", "balance", form, mor.sign("a b")).holds
    assert apisig.Mor.explain("secret", "balance", form) == apisig.Mor.explain("secret", "balance", parameters)


@pytest.mark.parametrize("value", [1.5, True, None, ["x"], object()], ids=str)
@pytest.mark.parametrize("name", ["balance", "not-hashed"])
def test_what_is_not_text_or_an_integer_is_refused_by_its_name(name: str, value: Any) -> None:
    with pytest.raises(apisig.InvalidArgument, match=f"{name} is {type(value).__name__},"):
        mor.sign_request("user_balance_update", {name: value})


def test_other_mistakes_are_refused() -> None:
    calls: list[Callable[[], Any]] = [
        lambda: mor.sign_request("devices_get", {"user_id[]": 1}),
        lambda: mor.sign_request("devices_get", {"user.id": 1}),
        lambda: mor.sign_request("devices_get", {"": 1}),
        lambda: mor.sign_request("devices_get", {"x": "x" * (1 << 20)}),
        lambda: mor.sign_request("devices_get", {"x": "\ud800"}),
        lambda: mor.request("devices_get", {"hash": ""}, BASE),
        lambda: mor.request("devices_get", {}, "mor.example.com"),
        lambda: mor.request("devices_get", {}, "ftp://mor.example.com"),
        lambda: mor.request("devices_get", {}, BASE + "\n"),
        lambda: mor.request("devices_get", {}, BASE + "/?x"),
        lambda: mor.request("devices_get", {}, BASE + "#x"),
    ]
    for call in calls:
        with pytest.raises(apisig.InvalidArgument) as caught:
            call()
        assert caught.value.status is apisig.Status.ARGUMENT


def test_two_requests_have_one_hash() -> None:
    # What the documentation warns of.
    assert mor.sign("123", "456789") == mor.sign("1234", "56789")
    assert apisig.Mor("456789").sign("123") == apisig.Mor("56789").sign("1234")
    made = mor.sign_request("user_balance_update", {"user_id": 12, "balance": 345})
    assert mor.verify_request("user_balance_update", f"user_id=12&balance=345&hash={made}")
    assert mor.verify_request("user_balance_update", f"user_id=123&balance=45&hash={made}")
    # Nor does the hash cover the method.
    made = mor.sign_request("devices_get", {"user_id": 7})
    assert mor.verify_request("user_delete", f"user_id=7&hash={made}")


def test_a_changed_request_holds_only_as_urllib_reads_it() -> None:
    whole = mor.request("balance", {"username": "a+b c", "currency": "EUR", "u": "x"}, BASE).body
    pieces = b"+ %20 %00 %2B = & [ ] [] . ; x &username &currency= % \xff".split(b" ")
    held = 0
    for at in range(len(whole) + 1):
        for piece in pieces:
            for replaced in (0, 1):
                changed = whole[:at] + piece + whole[at + replaced :]
                if mor.verify_request("balance", changed):
                    parameters = read(changed)
                    made = hash_of(["name", "username", "currency"], parameters)
                    assert parameters["hash"].decode() == made, changed
                    held += 1
    assert held > 20


def test_what_was_not_sent_matches_nothing() -> None:
    assert mor.verify(None) is False
    assert mor.verify(mor.sign("x"), "x", None) is False  # type: ignore[arg-type]
    assert mor.verify_request(None, None) is False
    assert mor.verify_request("balance", None) is False
    assert mor.verify_request("balance", "username=\ud800") is False


def test_a_previous_secret_is_taken() -> None:
    body = apisig.Mor("old").request("balance", {"username": "a"}, BASE).body
    assert apisig.Mor("new", ["old"]).check_request("balance", body) == 1
    with pytest.raises(apisig.VerificationFailed) as caught:
        apisig.Mor("new").check_request("balance", body)
    assert caught.value.status is apisig.Status.MISMATCH
