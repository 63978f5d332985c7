"""Kommo's requests and answers as Python composes and reads them. Vectors have the rest."""

from __future__ import annotations

import hashlib
import hmac
import inspect
import json
import pickle
import types
from typing import Any, Callable

import pytest

import apisig
from apisig import _native
from apisig.testing.kommo import FakeKommo
from conftest import arguments_of, methods

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

kommo = apisig.Kommo(SECRET)

CONNECT = f'{{"account_id":"{ACCOUNT}","title":"MyKommo","hook_api_version":"v2"}}'
DISCONNECT = f'{{"account_id":"{ACCOUNT}"}}'
HOST, PATH, LOCAL = f"https://{kommo.HOST}", f"/v2/origin/custom/{CHANNEL}", "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("call", "line", "body"),
    [
        (lambda: kommo.connect(CHANNEL, ACCOUNT, "MyKommo", now=NOW), f"POST {HOST}{PATH}/connect", CONNECT),
        (lambda: kommo.disconnect(CHANNEL, ACCOUNT, "a.ru", NOW), f"DELETE https://a.ru{PATH}/disconnect", DISCONNECT),
        (lambda: kommo.request("get", "/x?limit=50", now=NOW), f"GET {HOST}/x?limit=50", ""),
        (lambda: kommo.request(b"POST", bytearray(b"/x"), "é", LOCAL, NOW), f"POST {LOCAL}/x", "é"),
    ],
    ids=["connect", "disconnect", "request", "request to another host"],
)
def test_requests(call: Callable[[], apisig.Request], line: str, body: str) -> None:
    method, url = line.split()
    assert call() == apisig.Request(method, url, kommo.sign(method, url, body, NOW), body.encode())


def test_a_path_that_clients_resolve_is_refused() -> None:
    with pytest.raises(apisig.InvalidArgument, match="percent-encode the path as it is sent"):
        kommo.sign("GET", "/a/../b")


def keeps_the_gil(function: Any) -> bool:
    """Return whether _call or PyDLL makes the call."""
    return isinstance(function, types.BuiltinFunctionType) or bool(function._flags_ & 4)  # FUNCFLAG_PYTHONAPI


def test_only_large_bodies_give_up_the_gil() -> None:
    module: Any = apisig.kommo
    for size, keeps in ((0, True), (_native.LARGE - 1, True), (_native.LARGE, False)):
        body = bytes(size)
        functions = module._functions_for(body)
        for verb in ("sign_lines", "check", "sign_webhook", "check_webhook"):
            assert keeps_the_gil(getattr(functions, verb)) is keeps
        headers = kommo.sign("POST", "/x", body)
        assert headers["Content-MD5"] == hashlib.md5(body).hexdigest()
        assert kommo.verify("POST", "/x", body, headers)
        signature = kommo.sign_webhook(body)
        assert signature == hmac.new(SECRET.encode(), body, "sha1").hexdigest()
        assert kommo.verify_webhook(body, signature)


def test_a_header_that_is_there_twice_is_malformed() -> None:
    # A missing Content-Type is signed as an empty line: two of them must not pass for a missing one.
    date, content_md5 = "Thu, 01 Jan 1970 00:00:00 +0000", hashlib.md5(b"").hexdigest()
    without: dict[str, Any] = {"Date": date, "Content-MD5": content_md5}
    without["X-Signature"] = kommo.sign_digest("GET", "/x", content_md5, "", date)
    assert kommo.verify("GET", "/x", "", without, 0)
    for twice in (["a/b", "c/d"], [None], None, 7):
        with pytest.raises(apisig.VerificationFailed) as caught:
            kommo.check("GET", "/x", "", {**without, "Content-Type": twice}, 0)
        assert caught.value.status is apisig.Status.MALFORMED
    headers: dict[str, Any] = dict(kommo.sign("POST", "/x", "body", 0))
    signature = headers.pop("X-Signature")
    several: list[Any] = [[signature, signature], [], [[signature]], [None], None, 7]
    for value in several:
        assert not kommo.verify("POST", "/x", "body", {**headers, "X-Signature": value}, 0)
    assert not kommo.verify("POST", "/x", "body", {**headers, "X-Signature": signature, "x-signature": signature}, 0)
    assert kommo.verify("POST", "/x", "body", {**headers, "x-SIGNATURE": (signature,)}, 0)


def test_the_answer_of_the_page_is_read() -> None:
    for answer in (json.dumps(ANSWER, indent=3), json.dumps(ANSWER, ensure_ascii=False).encode()):
        connection = apisig.Kommo.connected(200, answer)
        assert connection == apisig.KommoConnection(ACCOUNT, f"{CHANNEL}_{ACCOUNT}", 'Mé"Kommo"', "v2")


def test_a_success_with_another_answer_is_no_connection() -> None:
    answers: list[str | bytes] = ["", "{}", "<html>", json.dumps(ANSWER) + "x", b"\xff"]
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
        (403, '{"error_type":"INVALID","error_description":"not so"}', "INVALID", "not so"),
        (400, '{"title":"Bad Request","status":400,"detail":"Not valid"}', "Bad Request", "Not valid"),
        (403, '{"error_type":7,"error_description":"only"}', "", "only"),
        (502, "<html>Bad Gateway</html>", "", ""),
        (500, b"\xff", "", ""),
        (199, "{}", "", ""),
        (300, "{}", "", ""),
    ],
)
def test_a_refusal_says_why(status: int, answer: str, error_type: str, description: str) -> None:
    readers: list[Callable[..., object]] = [apisig.Kommo.connected, apisig.Kommo.accepted]
    for read in readers:
        with pytest.raises(apisig.RequestRefused) as caught:
            read(status, answer)
        for refused in (caught.value, pickle.loads(pickle.dumps(caught.value))):
            assert (refused.http_status, refused.error_type, refused.description) == (status, error_type, description)
            assert str(status) in str(refused) and error_type in str(refused)
            assert refused.status is None


def test_a_refusals_message_is_one_line_whatever_came() -> None:
    answer = json.dumps({"error_type": "a\r\nb\x1b[31m\x85\u2028\u202ec", "error_description": "long " * 1000})
    with pytest.raises(apisig.RequestRefused) as caught:
        apisig.Kommo.accepted(400, answer)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 200
    assert caught.value.error_type == "a\r\nb\x1b[31m\x85\u2028\u202ec"


@pytest.mark.parametrize("body", [{"title": "x"}, [], 1, None], ids=str)
def test_a_parsed_body_is_no_body(body: Any) -> None:
    for method in methods(kommo, "verify") + methods(kommo, "check") + methods(kommo, "diagnose"):
        arguments = dict(zip(inspect.signature(method).parameters, arguments_of(method, Headers={})))
        if "body" in arguments:
            with pytest.raises(TypeError, match="were received are expected, not"):
                method(**{**arguments, "body": body})


def test_a_success_is_accepted_whatever_its_body() -> None:
    for status in (200, 204, 299):
        for body in (b"", b"{}", b"\xff"):
            assert apisig.Kommo.accepted(status, body) == body


def without_raw(it: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(it).items() if name != "raw"}


def test_a_webhook_is_read_and_its_unknown_fields_are_kept() -> None:
    fake = FakeKommo("secret")
    webhook = apisig.Kommo.webhook(fake.webhook("message").body)
    assert (webhook.event, webhook.account_id, webhook.time, webhook.typing, webhook.reaction) == (
        *("message", "52fd2a28-d2eb-4bd8-b862-b57934927b38", 1669231521),
        *(None, None),
    )
    assert webhook == apisig.KommoWebhook.of(webhook.raw)
    assert webhook.message and {name: it for name, it in without_raw(webhook.message).items() if it is not None} == {
        **{"id": "message-1", "type": "text", "text": "Hello"},
        **{"conversation_id": webhook.message.conversation_id, "conversation_client_id": "client-1"},
        **{"sender_id": "manager-1", "sender_name": "Ben", "receiver_id": "user-1", "receiver_name": "Ann"},
        **{"timestamp": 1669231521, "msec_timestamp": 1669231521000},
    }
    talk = {"user_id": "manager-1", "conversation_client_id": "client-1"}
    typing = apisig.Kommo.webhook(fake.webhook("typing").body).typing
    assert typing and typing.conversation_id != webhook.message.conversation_id
    talk["conversation_id"] = typing.conversation_id or ""
    assert without_raw(typing) == {**talk, "expired_at": 1669231531}
    reaction = apisig.Kommo.webhook(fake.webhook("reaction").body)
    assert (reaction.event, reaction.message, reaction.typing) == ("reaction", None, None)
    assert reaction.reaction
    talk["conversation_id"] = reaction.reaction.conversation_id or ""
    assert without_raw(reaction.reaction) == {"type": "react", "emoji": "+1", "message_id": "message-1", **talk}

    message = {"new": [1], "message": {"id": 7, "media": ["a"], "file_size": "9", "text": True}}
    webhook = apisig.Kommo.webhook(fake.webhook({"time": "1", "message": message, "later": {"x": 1}}).body)
    assert webhook.message and (webhook.raw["later"], webhook.message.raw["new"]) == ({"x": 1}, [1])
    assert set(without_raw(webhook.message).values()) == {"7", None}
    assert (webhook.message.id, webhook.time) == ("7", None)
    # An integer of more than 64 bits is text.
    large = apisig.Kommo.webhook(b'{"account_id":%b,"time":%b}' % (b"9" * 5000, b"9" * 20))
    assert (large.account_id, large.time) == ("9" * 5000, None)


def test_any_json_object_is_a_webhook() -> None:
    others = (b"{}", b'{"message":1,"action":{"typing":null}}', b'{"type":"text","text":"v1"}', b' {"a":1}\n')
    for body in (*others, b'{"message":[1]}', b'{"message":[],"action":{"typing":{}}}'):
        assert apisig.Kommo.webhook(body).event == "other"
    wrong = (b"", b"account[id]=1", b"[]", b"1", b"{", b"\xff", b'"{}"', b'{"a":NaN}', b'{"a":"\\ud800"}', None)
    for unread in (*wrong, '{"a":1}'.encode("utf-16"), b'{"a":' * 100_000):
        with pytest.raises(apisig.VerificationFailed) as failed:
            apisig.Kommo.webhook(unread)
        assert failed.value.status is apisig.Status.MALFORMED
        assert failed.value.__context__ is None
