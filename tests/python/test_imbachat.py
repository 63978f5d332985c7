"""What a site answers ImbaChat with, as Python makes it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import sys
import time
from typing import Any

import pytest

import apisig
from apisig import ImbaChat, ImbaChatUser, Mistake
from conftest import ROOT

RIGHT = "Basic cm9vdDphYmM="


def test_a_header_is_taken_as_wsgi_hands_it_over() -> None:
    for environ, expected in [
        ({"HTTP_AUTHORIZATION": RIGHT}, True),
        ({"HTTP_AUTHORIZATION": "Basic cm9vdDphYmQ="}, False),
        ({"HTTP_AUTHORIZATION": "Basic \udcff\xe9"}, False),
        ({}, False),
    ]:
        assert ImbaChat.verify_authorization("root", "abc", environ.get("HTTP_AUTHORIZATION")) is expected
    assert ImbaChat.verify_authorization(b"root", bytearray(b"abc"), RIGHT.encode())


def test_an_empty_login_of_ones_own_is_a_mistake_whatever_is_presented() -> None:
    for login, password in [("", "abc"), ("root", "")]:
        for presented in (None, "", "x", RIGHT, "Basic Og=="):
            with pytest.raises(apisig.InvalidArgument):
                ImbaChat.verify_authorization(login, password, presented)


def test_what_the_oracle_encodes_is_let_in_and_nothing_else() -> None:
    printable = [chr(code) for code in [*range(0x20, 0x7F), 0xA3, 0x2028, 0x1F600]]
    for _ in range(1000):
        login = "".join(random.choices(printable, k=random.randint(1, 30))).replace(":", "") + "x"
        password = "".join(random.choices(printable, k=random.randint(1, 200)))
        encoded = base64.b64encode(f"{login}:{password}".encode()).decode()
        assert ImbaChat.verify_authorization(login, password, f"Basic {encoded}")
        assert ImbaChat.verify_authorization(
            login.swapcase() if login.isascii() else login, password, f"basic {encoded}"
        )
        assert not ImbaChat.verify_authorization(login, password + "x", f"Basic {encoded}")


SECRET = "Secret key"


def url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def mac(message: str, key: str = SECRET) -> bytes:
    return hmac.digest(key.encode(), message.encode(), "sha256")


def test_a_mistake_is_named() -> None:
    """What people write instead of the page's getJWT()."""
    header, claims = '{"typ":"JWT","alg":"HS256"}', json.dumps({"exp": 2**33, "user_id": 42})
    parts = f"{url(header.encode())}.{url(claims.encode())}"
    text = f"{url(header.encode())}.{url(json.dumps({'exp': 2**33, 'user_id': '42'}).encode())}"
    padded = ".".join(base64.urlsafe_b64encode(part.encode()).decode() for part in (header, claims))
    assert padded.endswith("=")
    plain = base64.b64encode(mac(parts)).decode()
    for token, mistake in [
        (f"{parts}.{url(mac(parts))}", None),
        (f"{parts}.{mac(parts).hex()}", Mistake.HEX),
        (f"{parts}.{url(mac(parts).hex().encode())}", Mistake.BASE64_OF_HEX),
        (f"{padded}.{url(mac(padded))}", Mistake.TOKEN_PADDING),
        (f"{parts}.{plain}", Mistake.TOKEN_ALPHABET if "+" in plain or "/" in plain else Mistake.TOKEN_PADDING),
        (f"{parts}.{url(mac(parts, SECRET + '15'))}", Mistake.SECRET_DEV_ID),
        (f"{parts}.{url(mac(SECRET, parts))}", Mistake.SECRET_SWAPPED),
        (f"{parts}.{url(hashlib.sha256((SECRET + parts).encode()).digest())}", Mistake.PLAIN_HASH),
        (f"{parts}.{url(mac(f'{header}.{claims}'))}", Mistake.TOKEN_PARTS),
        (f"{text}.{url(mac(text))}", Mistake.USER_ID_TEXT),
        (f"{parts}.{url(mac(parts))}\n", Mistake.SIGNATURE_NEWLINE),
    ]:
        diagnosis = ImbaChat.diagnose(SECRET, token, dev_id="15")
        assert diagnosis.mistake is mistake, token
        assert diagnosis.holds is (mistake is None) is ImbaChat(SECRET).verify(token)


def test_a_diagnosis_can_be_attached_to_a_failed_check() -> None:
    token = ImbaChat(SECRET + "\n").sign(42)
    with pytest.raises(apisig.VerificationFailed) as caught:
        ImbaChat(SECRET).check(token)
    assert caught.value.status is apisig.Status.MISMATCH
    caught.value.diagnosis = ImbaChat.diagnose(SECRET, token)
    assert caught.value.diagnosis.mistake is Mistake.SECRET_NEWLINE


def test_what_is_no_token_cannot_be_diagnosed() -> None:
    for token in (None, "", "x", "a.b", b"a.b.c.d", "\udcff"):
        for verb in (ImbaChat.diagnose, ImbaChat.explain):
            with pytest.raises(apisig.Error) as caught:
                verb(SECRET, token)
            assert caught.value.status is apisig.Status.MALFORMED


def test_numbers_of_who_diagnoses() -> None:
    token = ImbaChat(SECRET).sign(42, 1000, 0)
    assert ImbaChat.diagnose(SECRET, token, 999.9).holds
    assert ImbaChat.diagnose(SECRET, token, 1000).mistake is Mistake.TOKEN_EXPIRED
    assert ImbaChat.diagnose(SECRET, token, 1000, 1).holds
    assert ImbaChat.diagnose(SECRET, token).mistake is Mistake.TOKEN_EXPIRED
    for arguments in [("", token), (SECRET, token, 2**63), (SECRET, token, 0, -1), (SECRET, token, 0, 2**64)]:
        with pytest.raises(apisig.InvalidArgument):
            ImbaChat.diagnose(*arguments)  # type: ignore[arg-type]


def test_an_explanation_counts_from_the_clock_and_shows_no_secret() -> None:
    before = int(time.time())
    token = ImbaChat(SECRET).sign(42, 1000, before)
    explanation = ImbaChat.explain(SECRET, token)
    assert "\nexpires: " in explanation and f"{before + 1000} (" in explanation
    assert "), in 1000 seconds\n" in explanation or "), in 999 seconds\n" in explanation
    assert "\nequal: yes\n" in explanation and SECRET not in explanation
    assert "\nsigned length: 4002 bytes\n" in ImbaChat.explain(SECRET, "x" * 4000 + ".b.c")


def test_the_answer_to_the_unauthorized() -> None:
    status, headers, body = ImbaChat.unauthorized()
    assert status == 401
    assert headers == {"WWW-Authenticate": 'Basic realm="Backend"', "Content-Type": "application/json"}
    expected = {"code": 401, "version": 1, "error": "Authenticate required!", "debug": ""}
    assert body == json.dumps(expected, separators=(",", ":")).encode()


def test_user_ids() -> None:
    assert ImbaChat.user_ids("1,2,9223372036854775807") == [1, 2, 2**63 - 1]
    assert ImbaChat.user_ids(b"1,2") == [1, 2]
    assert ImbaChat.user_ids(None) == ImbaChat.user_ids("") == []
    thousand = list(range(1, 1001))
    assert ImbaChat.user_ids(",".join(map(str, thousand))) == thousand
    for malformed in ("P11-A", "0", ",".join(map(str, range(1, 1002))), "1,\u0661", "\udcff"):
        with pytest.raises(apisig.VerificationFailed) as caught:
            ImbaChat.user_ids(malformed)
        assert caught.value.status is apisig.Status.MALFORMED


def user(fields: dict[str, Any]) -> ImbaChatUser:
    profiles = {key: user(profile) for key, profile in fields.get("profiles", {}).items()}
    return ImbaChatUser(**{**fields, "profiles": profiles})


def test_users() -> None:
    """Of the same data, PHP makes the same bytes: those of the file."""
    expected = (ROOT / "tests" / "vectors" / "imbachat_users.json").read_bytes().rstrip(b"\n")
    response = ImbaChat.users(map(user, json.loads(expected)))
    assert response == (200, {"Content-Type": "application/json"}, expected)


def test_the_answer_is_always_an_array() -> None:
    assert ImbaChat.users([]).body == b"[]"
    assert ImbaChat.users([ImbaChatUser(6, "John")]).body == b'[{"user_id":6,"name":"John"}]'
    assert ImbaChat.users([ImbaChatUser(6, "J", profiles={11: ImbaChatUser("P", "J")})]).body == (
        b'[{"user_id":6,"name":"J","profiles":{"11":{"user_id":"P","name":"J"}}}]'
    )


JOHN = ImbaChatUser(6, "John")
URLS = [
    *("", "javascript:alert(1)", "//x", "/x", "x", "ftp://x", "http:x", "https://", "https://a\n", "https://a b"),
    *(" https://a", "https://\udcff", "http\u017f://a", "https://a\x7f", True, 1, b"https://a"),
]
REFUSED: dict[str, list[object]] = {
    "user_id": [0, -1, "", "a\n", "\0", "\udcff", None, True, 1.0, 2**63, b"a"],
    "name": ["", "\udcff", None, 1, b"a"],
    "avatar_url": list(URLS),
    "profile_url": [*URLS, False],
    "lastlogin": [-1, -(2**63), 2**63, True, 1.0, "0"],
    "badge": ["\udcff", 1, False],
    "profiles": [
        *({"": JOHN}, {"\0a": JOHN}, {"\udcff": JOHN}, {11: ImbaChatUser(6, "John", profiles={11: JOHN})}, {11: None}),
        *({11: {"name": "John"}}, {11: JOHN, 12: 1}, {True: JOHN}, {1.0: JOHN}, {2**63: JOHN}, [JOHN], None),
    ],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in REFUSED for value in REFUSED[name]])
def test_a_field_is_refused_by_its_name(name: str, value: object) -> None:
    fields: dict[str, Any] = {"user_id": 6, "name": "John", name: value}
    with pytest.raises(apisig.InvalidArgument) as caught:
        ImbaChatUser(**fields)
    assert str(caught.value).split(" ")[0] == name
    assert caught.value.status is apisig.Status.ARGUMENT


def test_a_user_does_not_change() -> None:
    with pytest.raises(AttributeError):
        JOHN.name = "Jane"  # type: ignore[misc]


def test_a_widget_of_any_length() -> None:
    for length in (1, 700, 800, 5000):
        assert '"' + "\\u003c" * length + '"' in ImbaChat.widget("15", 1, "<" * length)


def test_numbers_that_are_no_users_are_refused() -> None:
    for number in (0, -1, 2**63, 2**64 + 2):
        with pytest.raises(apisig.InvalidArgument):
            ImbaChat.open_dialog(number)
        with pytest.raises(apisig.InvalidArgument):
            ImbaChat.widget("15", number, "t")
    for wrong in (True, "2", 2.0, None):
        with pytest.raises(TypeError):
            ImbaChat.open_dialog(wrong)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            ImbaChat.widget("15", wrong, "t")  # type: ignore[arg-type]


def test_results_are_texts_of_their_own() -> None:
    call = ImbaChat.open_dialog(2)
    assert ImbaChat.open_dialog(sys.maxsize) == f"window.imbaApi.openDialog({sys.maxsize})"
    assert call == "window.imbaApi.openDialog(2)"
