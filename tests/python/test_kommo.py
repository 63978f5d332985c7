"""Kommo's webhooks, requests and answers, beside hmac and json."""

from __future__ import annotations

import hmac
import importlib
import json
import pickle
import random
import re
from typing import Any, Callable

import pytest

import apisig
from apisig import _native

SECRET = "fb50586ff7b68cd831fe0ef356345903f644c0d2"
CHANNEL = "f62a0162-46a7-430e-b06c-0ef798d56b21"
ACCOUNT = "52fd2a28-d2eb-4bd8-b862-b57934927b38"
NOW = 1669231521

ANSWER = {
    "account_id": ACCOUNT,
    "scope_id": f"{CHANNEL}_{ACCOUNT}",
    "title": 'Mé"Kommo"',
    "hook_api_version": "v2",
    "is_time_window_disabled": True,
}


def refuses(*calls: Callable[[], object]) -> None:
    for call in calls:
        with pytest.raises(apisig.InvalidArgument) as caught:
            call()
        assert caught.value.status is apisig.Status.ARGUMENT


def test_connect_makes_what_the_page_prints() -> None:
    request = apisig.Kommo(SECRET).connect(CHANNEL, ACCOUNT, "MyKommo", now=NOW)
    assert request == apisig.Request(
        "POST",
        f"https://amojo.kommo.com/v2/origin/custom/{CHANNEL}/connect",
        {
            "Date": "Wed, 23 Nov 2022 19:25:21 +0000",
            "Content-Type": "application/json",
            "Content-MD5": "a3c0e73dc69f8cf3941418999fd019da",
            "X-Signature": "865fe065129ef6c0240decadbd674d29919ef91c",
        },
        b'{"account_id":"%b","title":"MyKommo","hook_api_version":"v2"}' % ACCOUNT.encode(),
    )


def test_any_title_is_written_as_json_writes_it() -> None:
    kommo = apisig.Kommo(SECRET)
    for _ in range(1000):
        some = random.randbytes(random.randint(0, 1500))
        title = random.choice([some.decode("latin-1"), some.decode("utf-16-le", "replace")])
        body = {"account_id": ACCOUNT, "title": title, "hook_api_version": "v1"}
        request = kommo.connect(CHANNEL, ACCOUNT, title, "v1")
        assert request.body == json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        assert kommo.verify(request.method, request.url, request.body, request.headers)


def test_disconnect() -> None:
    kommo = apisig.Kommo(SECRET)
    request = kommo.disconnect(CHANNEL, ACCOUNT, "amojo.amocrm.ru", NOW)
    assert request.method == "DELETE"
    assert request.url == f"https://amojo.amocrm.ru/v2/origin/custom/{CHANNEL}/disconnect"
    assert json.loads(request.body) == {"account_id": ACCOUNT}
    assert request.headers == kommo.sign("DELETE", request.url, request.body, NOW)


def test_a_request_is_sent_with_its_query_and_signed_without_it() -> None:
    kommo = apisig.Kommo(SECRET)
    path = f"/v2/origin/custom/{apisig.Kommo.scope_id(CHANNEL, ACCOUNT)}/chats/1/history"
    request = kommo.request("get", f"{path}?offset=0&limit=50", now=NOW)
    headers = kommo.sign("GET", path, "", NOW)
    assert request == apisig.Request("GET", f"https://amojo.kommo.com{path}?offset=0&limit=50", headers, b"")
    request = kommo.request(b"POST", bytearray(b"/x"), "é", "http://127.0.0.1:8080", NOW)
    assert request.url == "http://127.0.0.1:8080/x"
    assert request.body == "é".encode()
    assert request.headers == kommo.sign("POST", "/x", "é", NOW)


def test_nothing_that_is_put_in_makes_another_request() -> None:
    kommo = apisig.Kommo(SECRET)
    for name in ("", "..", "a/b", "a?b", "a\r\nX: y", 'a"b', "é", "a\0", "\udcff"):
        refuses(
            lambda: kommo.connect(name, ACCOUNT, ""),
            lambda: kommo.connect(CHANNEL, name, ""),
            lambda: kommo.disconnect(name, ACCOUNT),
            lambda: kommo.disconnect(CHANNEL, name),
            lambda: apisig.Kommo.scope_id(name, ACCOUNT),
        )
    for host in ("", "a/", "user@a", "a:b", "a\n", "ftp://a"):
        refuses(
            lambda: kommo.connect(CHANNEL, ACCOUNT, "", host=host),
            lambda: kommo.disconnect(CHANNEL, ACCOUNT, host=host),
            lambda: kommo.request("GET", "/", host=host),
        )
    for path in ("", "x", ".evil.example/", "@evil.example/", "/a b", "/a\n", "/a#b", "/é"):
        refuses(lambda: kommo.request("GET", path))
    for path in ("/чат/", "/a b/", "/a/../b", "/{a}", "/%41", "/%c3", "/x?ж"):
        for url in (path, f"https://amojo.kommo.com{path}"):
            with pytest.raises(apisig.InvalidArgument, match="percent-encode the path as it is sent"):
                kommo.sign("GET", url)
    refuses(
        lambda: kommo.request("", "/"),
        lambda: kommo.request("GET\n", "/"),
        lambda: kommo.connect(CHANNEL, ACCOUNT, "", "v3"),
        lambda: kommo.connect(CHANNEL, ACCOUNT, b"\xff"),
        lambda: kommo.request("GET", "/", now=2**63),
    )


def test_webhooks_are_signed_as_hmac_signs_them() -> None:
    for _ in range(1000):
        secret = random.randbytes(random.randint(1, 200))
        body = random.randbytes(random.randint(0, 300)).rstrip(b"\r\n")
        kommo = apisig.Kommo(secret)
        signature = hmac.new(secret, body, "sha1").hexdigest()
        assert kommo.sign_webhook(body) == signature
        for end in (b"", b"\n", b"\r\n"):
            assert kommo.verify_webhook(body + end, signature)
            assert not kommo.verify_webhook(b" " + body + end, signature)


def test_a_webhook_holds_by_any_secret_that_is_not_out() -> None:
    kommo, body = apisig.Kommo("new", ["old"]), '{"message":{}}'
    assert kommo.check_webhook(body + "\n", apisig.Kommo("new").sign_webhook(body)) == 0
    assert kommo.check_webhook(body + "\n", apisig.Kommo("old").sign_webhook(body)) == 1
    for signature in (None, "", b"x", "\udcff", "g" * 40, apisig.Kommo("older").sign_webhook(body)):
        assert kommo.verify_webhook(body, signature) is False
        with pytest.raises(apisig.VerificationFailed) as caught:
            kommo.check_webhook(body, signature)
        is_hex = re.fullmatch("[0-9a-f]{40}", str(signature)) is not None
        assert caught.value.status is (apisig.Status.MISMATCH if is_hex else apisig.Status.MALFORMED)
    assert not kommo.verify_webhook(None, None)
    kommo.__del__()
    refuses(lambda: kommo.sign_webhook(body), lambda: kommo.check_webhook(body, ""))


def test_a_request_is_no_webhook_and_a_webhook_no_request() -> None:
    kommo = apisig.Kommo(SECRET)
    request = kommo.connect(CHANNEL, ACCOUNT, "MyKommo")
    assert not kommo.verify_webhook(request.body, request.headers["X-Signature"])
    headers = {**request.headers, "X-Signature": kommo.sign_webhook(request.body)}
    assert not kommo.verify(request.method, request.url, request.body, headers)


def test_only_a_large_webhook_gives_up_the_gil(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = importlib.import_module("apisig.kommo")
    keeps_the_gil = 4  # FUNCFLAG_PYTHONAPI
    used: list[str] = []

    def recorded(name: str) -> Callable[..., Any]:
        real = getattr(module, name)

        def call(*arguments: Any) -> Any:
            used.append(name)
            return real(*arguments)

        return call

    for name in ("_sign_webhook", "_verify_webhook"):
        assert getattr(module, name)._flags_ & keeps_the_gil
        assert not getattr(module, f"{name}_large")._flags_ & keeps_the_gil
        for which in (name, f"{name}_large"):
            monkeypatch.setattr(module, which, recorded(which))
    kommo = apisig.Kommo(SECRET)
    for size in (_native.LARGE - 1, _native.LARGE):
        signature = kommo.sign_webhook(bytes(size))
        assert signature == hmac.new(SECRET.encode(), bytes(size), "sha1").hexdigest()
        assert kommo.verify_webhook(bytes(size), signature)
    assert used == ["_sign_webhook", "_verify_webhook", "_sign_webhook_large", "_verify_webhook_large"]


def test_the_answer_of_the_page_is_read() -> None:
    for answer in (json.dumps(ANSWER, indent=3), json.dumps(ANSWER, ensure_ascii=False).encode()):
        connection = apisig.Kommo.connected(200, answer)
        assert connection == apisig.KommoConnection(ACCOUNT, f"{CHANNEL}_{ACCOUNT}", 'Mé"Kommo"', "v2")
        assert connection.scope_id == apisig.Kommo.scope_id(CHANNEL, ACCOUNT)


def test_a_success_with_another_answer_is_no_connection() -> None:
    answers: list[str | bytes] = ["", "{}", "[]", "<html>", json.dumps(ANSWER) + "x", b"\xff"]
    for name in apisig.KommoConnection._fields:
        answers.append(json.dumps({other: value for other, value in ANSWER.items() if other != name}))
        answers.append(json.dumps({**ANSWER, name: 1}))
    for answer in answers:
        with pytest.raises(apisig.Error) as caught:
            apisig.Kommo.connected(200, answer)
        assert type(caught.value) is apisig.Error
        assert caught.value.status is apisig.Status.MALFORMED


@pytest.mark.parametrize(
    ("status", "answer", "error_type", "description"),
    [
        # Of the vendor's page on HTTP status codes.
        (
            403,
            '{"status":0,"error_code":403,"error_type":"ORIGIN_INVALID_SIGNATURE",'
            '"error_description":"invalid signature"}',
            "ORIGIN_INVALID_SIGNATURE",
            "invalid signature",
        ),
        (
            404,
            '{"status":0,"error_code":404,"error_type":"ORIGIN_NOT_REGISTERED","error_description":"NOT_FOUND"}',
            "ORIGIN_NOT_REGISTERED",
            "NOT_FOUND",
        ),
        (400, '{"title":"Bad Request","status":400,"detail":"Not valid"}', "Bad Request", "Not valid"),
        # And others that may come.
        (403, '{"error_type":7,"error_description":"only"}', "", "only"),
        (502, "<html>Bad Gateway</html>", "", ""),
        (500, b"\xff", "", ""),
        (302, "{}", "", ""),
        (199, "{}", "", ""),
        (300, "{}", "", ""),
        (0, "{}", "", ""),
    ],
)
def test_a_refusal_says_why(status: int, answer: str, error_type: str, description: str) -> None:
    readers: list[Callable[..., object]] = [apisig.Kommo.connected, apisig.Kommo.accepted]
    for read in readers:
        with pytest.raises(apisig.RequestRefused) as caught:
            read(status, answer)
        for refused in (caught.value, pickle.loads(pickle.dumps(caught.value))):
            assert (refused.http_status, refused.error_type, refused.description) == (status, error_type, description)
            assert f"HTTP status {status}:" in str(refused)
            assert "ORIGIN" not in str(refused) + repr(refused)
            assert refused.status is None


def test_a_success_is_accepted_whatever_its_body() -> None:
    for status in (200, 204, 299):
        for body in (b"", b"{}", b"\xff"):
            assert apisig.Kommo.accepted(status, body) == body
