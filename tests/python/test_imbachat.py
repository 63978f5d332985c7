"""What a site answers ImbaChat with, as Python makes it. Vectors have the rest."""

from __future__ import annotations

import json
import sys
import time
import traceback
from typing import Any

import pytest

import apisig
from apisig import ImbaChat, ImbaChatUser
from conftest import ROOT, refuses

SECRET = "Secret key"


def test_a_header_is_text_or_bytes() -> None:
    assert ImbaChat.verify_authorization("root", "abc", "Basic cm9vdDphYmM=")
    assert ImbaChat.verify_authorization(b"root", bytearray(b"abc"), b"Basic cm9vdDphYmM=")
    assert not ImbaChat.verify_authorization("root", "abc", "Basic \udcff\xe9")


def test_an_error_report_with_the_variables_of_frames_shows_no_password() -> None:
    password = "correct horse battery staple"
    for own in (("", password), ("root", password + "\udcff"), ("root", [password])):
        for presented in (("root", password), ("Basic cm9vdDphYmM=",)):
            verify = ImbaChat.verify_login if len(presented) == 2 else ImbaChat.verify_authorization
            with pytest.raises((apisig.InvalidArgument, TypeError)) as caught:
                verify(*own, *presented)
            tb = caught.tb.tb_next
            report = traceback.TracebackException(caught.type, caught.value, tb, capture_locals=True)
            assert password not in "".join(report.format())
    with pytest.raises(apisig.Error) as malformed:
        ImbaChat.diagnose(password, "no token")
    report = traceback.TracebackException(malformed.type, malformed.value, malformed.tb.tb_next, capture_locals=True)
    assert password not in "".join(report.format())


def test_what_is_no_token_cannot_be_diagnosed() -> None:
    for token in (None, "a.b", "\udcff"):
        for verb in (ImbaChat.diagnose, ImbaChat.explain):
            with pytest.raises(apisig.Error) as caught:
                verb(SECRET, token)
            assert caught.value.status is apisig.Status.MALFORMED


def test_a_diagnosis_is_of_a_time() -> None:
    token = ImbaChat(SECRET).sign(42, 1000, 0)
    assert ImbaChat.diagnose(SECRET, token, 999.9).is_valid
    assert ImbaChat.diagnose(SECRET, token, 1000, 1).is_valid
    assert ImbaChat.diagnose(SECRET, token, 1000).mistake is apisig.Mistake.TOKEN_EXPIRED
    # By the clock such an exp is a duration.
    assert ImbaChat.diagnose(SECRET, token, None).mistake is apisig.Mistake.TOKEN_TIME
    refuses(lambda: ImbaChat.diagnose(SECRET, token, 2**63), lambda: ImbaChat.diagnose(SECRET, token, 0, 2**64))


def test_an_explanation_counts_from_the_clock() -> None:
    explanation = ImbaChat.explain(SECRET, ImbaChat(SECRET).sign(42, 1000, int(time.time())))
    assert "), seconds from now: 1000\n" in explanation or "), seconds from now: 999\n" in explanation


def test_the_answer_to_the_unauthorized() -> None:
    status, headers, body = ImbaChat.unauthorized()
    assert status == 401
    assert headers == {"WWW-Authenticate": 'Basic realm="Backend"', "Content-Type": "application/json"}
    expected = {"code": 401, "version": 1, "error": "Authenticate required!", "debug": ""}
    assert body == json.dumps(expected, separators=(",", ":")).encode()


def test_user_ids() -> None:
    assert ImbaChat.user_ids(b"1,2") == [1, 2]
    assert ImbaChat.user_ids(None) == []
    no_texts: list[Any] = [["1"], [], 1.5]
    for no_text in no_texts:
        with pytest.raises(apisig.VerificationFailed):
            ImbaChat.user_ids(no_text)
    thousand = list(range(1, 1001))
    assert ImbaChat.user_ids(",".join(map(str, thousand))) == thousand
    for malformed in (",".join(map(str, range(1, 1002))), "\udcff"):
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
    assert ImbaChat.users([]).body == b"[]"
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


@pytest.mark.parametrize("name", REFUSED)
def test_a_field_is_refused_by_its_name(name: str) -> None:
    for value in REFUSED[name]:
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


def test_what_is_no_user_is_refused() -> None:
    for number in (0, 2**63, 2**64 + 2):
        refuses(lambda: ImbaChat.open_dialog(number), lambda: ImbaChat.widget("15", number, "t"))
    wrong: Any
    for wrong in (True, "2", 2.0, None):
        for call in (ImbaChat.open_dialog, ImbaChat(SECRET).sign, lambda id: ImbaChat.widget("15", id, "t")):
            with pytest.raises(TypeError):
                call(wrong)


def test_results_are_texts_of_their_own() -> None:
    call = ImbaChat.open_dialog(2)
    assert ImbaChat.open_dialog(sys.maxsize) == f"window.imbaApi.openDialog({sys.maxsize})"
    assert call == "window.imbaApi.openDialog(2)"
