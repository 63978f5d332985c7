"""The mistakes that Python code makes with Kommo's signature, each made here by Python itself, and named."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime, formatdate
from typing import Any, Callable, Union

import pytest

import apisig
from apisig import Kommo, Mistake
from conftest import calls, unescape

SECRET = "fb50586ff7b68cd831fe0ef356345903f644c0d2"
PATH = "/v2/origin/custom/f62a0162-46a7-430e-b06c-0ef798d56b21/connect"
DATE = "Wed, 23 Nov 2022 19:25:21 +0000"
NOW = 1669231521
UTC = datetime.fromtimestamp(NOW, timezone.utc)
VALUE = {"url": "https://a/b", "é": ["€", "😀", [], {"x": None}], "list": [1, -0.5, True]}
BODY = json.dumps(VALUE, ensure_ascii=False, separators=(",", ":"))

Bytes = Union[str, bytes]


def to_bytes(text: Bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def mac(message: Bytes, secret: Bytes = SECRET, digest: str = "sha1") -> bytes:
    return hmac.new(to_bytes(secret), to_bytes(message), digest).digest()


def signed(body: Bytes = BODY, date: str = DATE) -> bytes:
    content_md5 = hashlib.md5(to_bytes(body)).hexdigest()
    return "\n".join(["POST", content_md5, "application/json", date, PATH]).encode()


def headers(signature: Bytes, body: Bytes = BODY, date: str = DATE) -> dict[str, Bytes]:
    return {
        "Date": date,
        "Content-Type": "application/json",
        "Content-MD5": hashlib.md5(to_bytes(body)).hexdigest(),
        "X-Signature": signature,
    }


SIGNATURES: list[tuple[Mistake, Bytes]] = [
    (Mistake.SECRET_HEX, mac(signed(), bytes.fromhex(SECRET)).hex()),
    (Mistake.SECRET_NEWLINE, mac(signed(), SECRET + "\n").hex()),
    (Mistake.SECRET_BOM, mac(signed(), SECRET.encode("utf-8-sig")).hex()),
    (Mistake.SECRET_CASE, mac(signed(), SECRET.upper()).hex()),
    (Mistake.SECRET_SWAPPED, mac(SECRET, signed()).hex()),
    (Mistake.DIGEST_MD5, mac(signed(), digest="md5").hex()),
    (Mistake.DIGEST_SHA256, mac(signed(), digest="sha256").hex()),
    (Mistake.PLAIN_HASH, hashlib.sha1(signed() + SECRET.encode()).hexdigest()),
    (Mistake.PLAIN_HASH, hashlib.sha1(SECRET.encode() + signed()).hexdigest()),
    (Mistake.BASE64, base64.b64encode(mac(signed()))),
    (Mistake.BASE64_URL, base64.b64encode(mac(signed())).rstrip(b"=")),
    (Mistake.BASE64_URL, base64.urlsafe_b64encode(mac(signed(date=DATE)))),
    (Mistake.BASE64_OF_HEX, base64.b64encode(mac(signed()).hex().encode())),
    (Mistake.UPPER_CASE, mac(signed()).hex().upper()),
    (Mistake.SIGNATURE_NEWLINE, mac(signed()).hex() + " "),
    (Mistake.BODY_ONLY, mac(BODY).hex()),
    (Mistake.LINE_SEPARATOR, mac(signed().replace(b"\n", b"\r\n")).hex()),
    (Mistake.LINE_SEPARATOR, mac(signed() + b"\n").hex()),
    (Mistake.METHOD_CASE, mac(signed().replace(b"POST", b"post")).hex()),
]


@pytest.mark.parametrize(("mistake", "signature"), SIGNATURES)
def test_every_mistake_is_named(mistake: Mistake, signature: Bytes) -> None:
    diagnosis = Kommo.diagnose(SECRET, "POST", PATH, BODY, headers(signature), NOW)
    assert not diagnosis.holds
    assert diagnosis.mistake is mistake
    assert diagnosis.text == mistake.text


DATES: list[tuple[Mistake | None, str]] = [
    (None, format_datetime(UTC)),
    (Mistake.DATE_GMT, formatdate(NOW)),
    (Mistake.DATE_GMT, formatdate(NOW, usegmt=True)),
    (Mistake.DATE_GMT, UTC.strftime("%a, %d %b %Y %H:%M:%S %Z")),
    (Mistake.DATE_FORMAT, UTC.isoformat()),
    (Mistake.DATE_FORMAT, UTC.isoformat(" ")[:19]),
    (Mistake.DATE_FORMAT, UTC.ctime()),
    (Mistake.DATE_FORMAT, str(NOW)),
    (Mistake.DATE_FORMAT, format_datetime(UTC + timedelta(seconds=1))),
    (Mistake.DATE_FORMAT, formatdate(NOW - 2, usegmt=True)),
    (Mistake.DATE_FORMAT, format_datetime(UTC.astimezone(timezone(timedelta(hours=5, minutes=45))))),
]


@pytest.mark.parametrize(("mistake", "date"), DATES)
def test_the_date_in_every_form_of_python(mistake: Mistake | None, date: str) -> None:
    diagnosis = Kommo.diagnose(SECRET, "POST", PATH, BODY, headers(mac(signed(date=date)).hex()), NOW)
    assert diagnosis == (mistake is None, mistake)


def dumped() -> list[bytes]:
    styles: list[dict[str, Any]] = [{}, {"separators": (",", ":")}, {"indent": 2}, {"indent": 4}, {"indent": "\t"}]
    return [
        json.dumps(VALUE, ensure_ascii=ascii_alone, **style).encode()
        for style in styles
        for ascii_alone in (True, False)
    ]


def test_a_body_that_is_encoded_twice() -> None:
    bodies = dumped()
    for i, sent in enumerate(bodies):
        for j, other in enumerate(bodies):
            mistake = None if i == j else Mistake.BODY_UNICODE if i // 2 == j // 2 else Mistake.BODY_PRETTY
            expected = (mistake is None, mistake)
            right, wrong = mac(signed(sent)).hex(), mac(signed(other)).hex()
            for signature, body in ((wrong, other), (wrong, sent), (right, other)):
                assert Kommo.diagnose(SECRET, "POST", PATH, sent, headers(signature, body), NOW) == expected
            assert Kommo.diagnose_webhook(SECRET, sent + b"\n", mac(other).hex()) == expected


def test_a_diagnosis_agrees_with_every_check() -> None:
    """What verify() holds for right is right, but for hex in upper case."""
    names = ("Content-MD5", "Content-Type", "Date", "X-Signature")
    lenient = (Mistake.UPPER_CASE, Mistake.MD5_UPPER_CASE)
    of_status = {"EXPIRED": Mistake.DATE_STALE, "NOT_YET_VALID": Mistake.DATE_FUTURE}
    seen = 0
    for call in calls("kommo"):
        if call[0] != "verify" or "|" in call[1]:
            continue
        secret, method, url, body, *values = map(unescape, call[1:9])
        arguments = (secret, method, url, body, dict(zip(names, values)), int(call[9]), int(call[10]))
        if call[11] in ("ARGUMENT", "MALFORMED"):
            try:
                assert Kommo.diagnose(*arguments).mistake is Mistake.DATE_SYNTAX, call
            except apisig.Error as error:
                assert error.status is apisig.Status[call[11]], call
            continue
        diagnosis = Kommo.diagnose(*arguments)
        if call[11] == "0":
            assert diagnosis.holds or diagnosis.mistake in lenient, call
        else:
            assert not diagnosis.holds, call
        if call[11] in of_status:
            assert diagnosis.mistake is of_status[call[11]], call
        seen += 1
    assert seen > 30


def test_nothing_is_blamed_at_random() -> None:
    for _ in range(500):
        signature = random.randbytes(20)
        for text in (signature.hex(), base64.b64encode(signature), signature):
            assert Kommo.diagnose(SECRET, "POST", PATH, BODY, headers(text), NOW) == (False, None)
            assert Kommo.diagnose_webhook(SECRET, BODY, text) == (False, None)


def test_a_failed_check_carries_its_diagnosis() -> None:
    made = Kommo(SECRET + "\n").sign("POST", PATH, BODY)
    with pytest.raises(apisig.VerificationFailed) as caught:
        Kommo(SECRET).check("POST", PATH, BODY, made)
    assert caught.value.diagnosis is None
    caught.value.diagnosis = Kommo.diagnose(SECRET, "POST", PATH, BODY, made)
    assert caught.value.diagnosis.mistake is Mistake.SECRET_NEWLINE


def test_now_is_the_clocks() -> None:
    made = Kommo(SECRET).sign("POST", PATH, BODY)
    assert Kommo.diagnose(SECRET, "POST", PATH, BODY, made).holds
    assert Kommo.diagnose(SECRET, "POST", PATH, BODY, made, time.time() + 1000).mistake is Mistake.DATE_STALE


@pytest.mark.parametrize(
    ("status", "call"),
    [
        ("ARGUMENT", lambda: Kommo.diagnose("", "POST", PATH, BODY, {}, NOW)),
        ("ARGUMENT", lambda: Kommo.diagnose("x", "POST", PATH, BODY, {}, 2**63)),
        ("ARGUMENT", lambda: Kommo.diagnose("x", "POST", PATH, BODY, {}, NOW, -1)),
        ("ARGUMENT", lambda: Kommo.diagnose("\udcff", "POST", PATH, BODY, {}, NOW)),
        ("ARGUMENT", lambda: Kommo.diagnose_webhook("", BODY, None)),
        ("ARGUMENT", lambda: Kommo.explain("", "POST", PATH, BODY, {})),
        ("ARGUMENT", lambda: Kommo.explain("x", "POST", "x", BODY, {})),
        ("MALFORMED", lambda: Kommo.diagnose("x", "POST", "x", BODY, {}, NOW)),
        ("MALFORMED", lambda: Kommo.diagnose("x", "POST", "/", "", {"Date": ["a", "b"]}, NOW)),
    ],
)
def test_what_cannot_be_diagnosed(status: str, call: Callable[[], object]) -> None:
    with pytest.raises(apisig.Error) as caught:
        call()
    assert caught.value.status is apisig.Status[status]
    assert isinstance(caught.value, apisig.InvalidArgument) == (status == "ARGUMENT")


def test_an_explanation_shows_the_steps_and_no_secret() -> None:
    made = Kommo(SECRET).sign("POST", PATH, BODY, NOW)
    text = Kommo.explain(SECRET, "POST", PATH, BODY, made)
    for step in (hashlib.md5(BODY.encode()).hexdigest(), *made.values(), PATH, str(NOW)):
        assert step in text
    assert SECRET not in text
    assert "warning" not in text
    assert "warning: the secret ends with a line feed" in Kommo.explain(SECRET + "\n", "POST", PATH, BODY, made)
    assert Kommo.explain("s", "POST", PATH, "", {}).isascii()
