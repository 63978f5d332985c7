"""A form of RetailCRM's that nothing signs, read as strictly as those that are signed."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl

from . import _native
from ._abi import RETAILCRM_FORM_MAX
from ._errors import Status, VerificationFailed
from ._native import Presented

_TEXT_MAX = 512


class Form:
    """The fields of a form. Every method raises VerificationFailed for what cannot be read."""

    def __init__(self, form: Presented) -> None:
        raw = _native.presented(form)
        if len(raw) > RETAILCRM_FORM_MAX:
            raise _malformed()
        self._fields = parse_qsl(raw.decode(errors="surrogateescape"), keep_blank_values=True, errors="surrogateescape")

    def text(self, name: str) -> str:
        """Give the only field of this name: not empty, in UTF-8, without control characters, up to 512 bytes."""
        text = self._field(name)
        if len(text.encode()) > _TEXT_MAX or not re.fullmatch(r"[^\x00-\x1f\x7f]+", text):
            raise _malformed()
        return text

    def booleans(self, name: str, *members: str) -> list[bool]:
        """Give these members of the JSON object in the only field of this name: true or false each."""
        try:
            value = json.loads(self._field(name))
        except (ValueError, RecursionError):
            raise _malformed() from None
        found = [value.get(member) for member in members] if isinstance(value, dict) else []
        booleans = [member for member in found if isinstance(member, bool)]
        if len(booleans) != len(members):
            raise _malformed()
        return booleans

    def _field(self, name: str) -> str:
        values = [value for key, value in self._fields if key == name]
        # What was not UTF-8 has become lone surrogates.
        if len(values) != 1 or re.search("[\ud800-\udfff]", values[0]):
            raise _malformed()
        return values[0]


def _malformed() -> VerificationFailed:
    return VerificationFailed(_native._status_text(Status.MALFORMED).decode(), Status.MALFORMED)
