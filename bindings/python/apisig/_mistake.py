"""The mistakes that a diagnosis can name. It is for whoever holds the secret, and never for an answer to the sender."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from . import _native
from ._errors import Status

_text = _native.function("apisig_mistake_text", _native.TEXT, _native.INT32)


class Mistake(IntEnum):
    """What was done wrong when something was signed: the ``apisig_mistake`` of include/apisig.h."""

    SECRET_HEX = 1
    SECRET_BASE64 = 2
    SECRET_NEWLINE = 3
    SECRET_SPACE = 4
    SECRET_BOM = 5
    SECRET_CASE = 6
    SECRET_SWAPPED = 7
    SECRET_MISSING = 8
    SECRET_FIRST = 9
    DIGEST_MD5 = 10
    DIGEST_SHA1 = 11
    DIGEST_SHA256 = 12
    PLAIN_HASH = 13
    HEX = 20
    BASE64 = 21
    BASE64_OF_HEX = 22
    BASE64_URL = 23
    UPPER_CASE = 24
    SIGNATURE_NEWLINE = 25
    ENCODED_TWICE = 26
    PLUS_LOST = 27
    MD5_BASE64 = 40
    MD5_UPPER_CASE = 41
    BODY_PRETTY = 42
    BODY_SLASHES = 43
    BODY_UNICODE = 44
    BODY_NEWLINE = 45
    BODY_EMPTY_JSON = 46
    BODY_ONLY = 47
    BODY_OTHER = 48
    PATH_QUERY = 50
    PATH_HOST = 51
    PATH_PREFIX = 52
    PATH_SLASH = 53
    METHOD_CASE = 54
    HEADER_ORDER = 55
    CONTENT_TYPE_MISSING = 56
    CONTENT_TYPE_CHARSET = 57
    DATE_GMT = 58
    DATE_UNPADDED = 59
    DATE_FORMAT = 60
    DATE_STALE = 61
    DATE_FUTURE = 62
    DATE_SYNTAX = 63
    LINE_SEPARATOR = 64
    WEBHOOK_UNSIGNED = 65
    SECRET_DEV_ID = 70
    USER_ID_TEXT = 71
    TOKEN_ALPHABET = 72
    TOKEN_PADDING = 73
    TOKEN_EXPIRED = 74
    TOKEN_NOT_YET = 75
    TOKEN_ALGORITHM = 76
    TOKEN_CLAIMS = 77
    TOKEN_PARTS = 78
    SALT_NUMBER = 80
    SALT_ENCODED = 81
    API_KEY_SIGNED = 82
    API_KEY_AS_SECRET = 83
    SALT_NEWLINE = 84
    SALT_MISSING = 85
    VALUE_ORDER = 90
    VALUE_NAMES = 91
    VALUE_EXTRA = 92
    VALUE_MISSING = 93
    VALUE_ENCODED = 94
    VALUE_SEPARATOR = 95
    HMAC = 96
    VALUE_TYPE = 97
    DID_MISSING = 98
    API_KEY_MISSING = 100
    API_KEY_SPACE = 101
    API_KEY_CASE = 102
    API_KEY_ENCODED = 103
    API_KEY_DECODED = 104

    @property
    def text(self) -> str:
        """What was done wrong, and what to do instead. It never holds anything that was passed in."""
        return bytes.decode(_text(self))


_MISTAKES = frozenset(Mistake)


class Diagnosis(NamedTuple):
    """What is wrong with what was signed: for whoever holds the secret, and never for an answer to the sender."""

    holds: bool
    """Nothing is wrong."""
    mistake: Mistake | None
    """The one that makes what was presented; None if nothing is wrong, or if none is known."""

    @property
    def text(self) -> str:
        """What was done wrong, and what to do instead."""
        if self.mistake is not None:
            return self.mistake.text
        return "Nothing is wrong." if self.holds else _native.status_text(Status.MISMATCH)


def diagnosis(number: int) -> Diagnosis:
    """Take the number that the library gives. Raises InvalidArgument."""
    if number >= 0:
        # A later library may know more mistakes.
        return Diagnosis(number == 0, Mistake(number) if number in _MISTAKES else None)
    if _native.known(number) == Status.MISMATCH:
        return Diagnosis(False, None)
    _native.fail(number)
