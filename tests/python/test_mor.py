"""MOR's requests by the registry of methods, hashed with hashlib and read with urllib."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from typing import Any, Callable
from urllib.parse import parse_qsl, urlencode

import pytest

import apisig
from conftest import ROOT

BASE = "https://mor.example.com"

mor = apisig.Mor("secret")


def entries(column: str) -> list[str]:
    return [] if column == "-" else column.split(",")


ROWS = [
    line.split("\t")
    for line in (ROOT / "core/src/mor/methods.tsv").read_text().splitlines()
    if not line.startswith("#")
]
LISTS = {row[0]: entries(row[2]) for row in ROWS}


def hash_of(names: list[str], parameters: Mapping[str, Any], secret: bytes = b"secret") -> str:
    """Make the hash as the vendor's page does."""
    values = [parameters.get(name, b"") for name in names]
    values = [value if isinstance(value, bytes) else str(value).encode() for value in values]
    return hashlib.sha1(b"".join(values) + secret).hexdigest()


def read(form: bytes | str) -> dict[str, bytes]:
    text = form if isinstance(form, str) else form.decode("latin-1")
    pairs = parse_qsl(text, keep_blank_values=True, encoding="latin-1")
    return {name: value.encode("latin-1") for name, value in pairs}


def test_the_registry_is_the_file_at_every_name() -> None:
    assert len(ROWS) > 120
    for method, aliases, _, confirmed, _ in ROWS:
        for name in [method, *entries(aliases)]:
            assert apisig.Mor.parameters(name) == LISTS[method]
            assert apisig.Mor.is_confirmed(name) is (confirmed == "confirmed")


def test_every_confirmed_method_has_a_published_example_that_its_row_makes() -> None:
    # The section of the vectors that opens with "# Published" is the vendor's own.
    published, section = {}, ""
    for line in (ROOT / "tests/vectors/mor.tsv").read_text().splitlines():
        section = line if line.startswith("#") else section
        if section.startswith("# Published") and line.startswith("sign_request"):
            _, secret, method, form, made = line.split("\t")
            assert made == hash_of(LISTS[method], read(form), secret.encode()), method
            published[method] = made
    assert list(published) == [row[0] for row in ROWS if row[3] == "confirmed"]


def test_every_method_signs_and_checks_what_hashlib_hashes() -> None:
    for method, names in LISTS.items():
        for round in range(10):
            secret = random.randbytes(random.randint(1, 100))
            room = apisig.Mor(secret)
            parameters: dict[str, Any] = {"other": random.randbytes(20), "OTHER-1": round}
            for name in names:
                parameters[name] = random.choice([random.randbytes(40), random.randint(-(10**20), 10**20), "", "é~*"])
            made = hash_of(names, parameters, secret)
            assert room.sign_request(method, parameters) == made
            request = room.request(method, parameters, BASE)
            assert request.body.decode() == urlencode({**parameters, "hash": made}).replace("~", "%7E")
            assert room.check_request(method, request.body) == 0
            assert not room.verify_request(method, request.body.replace(made.encode(), made[::-1].encode()))


def test_the_order_is_the_methods_own() -> None:
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
        lambda: apisig.Mor.parameters("no_such_method"),
        lambda: mor.check_request("no_such_method", "hash=" + mor.sign()),
    ]
    for call in calls:
        with pytest.raises(apisig.Error, match="in their right order yourself") as caught:
            call()
        assert caught.value.status is apisig.Status.METHOD
    assert apisig.Mor.is_confirmed("no_such_method") is False
    assert mor.verify_request("no_such_method", "hash=" + mor.sign()) is False


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
    # But a value that is moved to a name that the method does not hash is missed.
    assert not mor.verify_request("user_balance_update", f"user_id=12&other=345&hash={made}")


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
                    made = hash_of(["username", "currency"], parameters)
                    assert parameters["hash"].decode().lower() == made, changed
                    held += 1
    assert held > 20


def test_what_was_not_sent_matches_nothing() -> None:
    assert mor.verify_request(None, None) is False
    assert mor.verify_request("balance", None) is False
    assert mor.verify_request("balance", "username=\ud800") is False


def test_a_previous_secret_is_taken() -> None:
    body = apisig.Mor("old").request("balance", {"username": "a"}, BASE).body
    assert apisig.Mor("new", ["old"]).check_request("balance", body) == 1
    with pytest.raises(apisig.VerificationFailed) as caught:
        apisig.Mor("new").check_request("balance", body)
    assert caught.value.status is apisig.Status.MISMATCH
