"""A user of the site, as ImbaChat asks for them.

Source: the vendor's page "ImbaChat-docs, API", "Getting information about users".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Callable

from ._errors import InvalidArgument, Status


@dataclass(frozen=True)
class ImbaChatUser:
    """What is None, or no profile, is left out. Raises InvalidArgument that names the field that is not as said."""

    user_id: int | str
    """1 or more, or a text of its own, such as "P11-A", without control characters."""
    name: str
    """Not empty."""
    avatar_url: str | bool | None = None
    """Whole, http or https; False for a user without a picture."""
    profile_url: str | None = None
    """Whole, http or https."""
    lastlogin: int | bool | None = None
    """Unix seconds, 0 or more; False if it is not known."""
    badge: str | None = None
    """Any text."""
    profiles: Mapping[int | str, ImbaChatUser] = field(default_factory=dict)
    """The user's profiles by their ids, texts or numbers without control characters; a profile has none itself."""

    def __post_init__(self) -> None:
        for name, (is_right, problem) in _RULES.items():
            if not is_right(getattr(self, name)):
                raise InvalidArgument(f"{name} {problem}", Status.ARGUMENT)

    def fields(self) -> dict[str, Any]:
        """Return the fields by their names in JSON."""
        profiles = {str(key): profile.fields() for key, profile in self.profiles.items()}
        fields = {**vars(self), "profiles": profiles or None}
        return {name: value for name, value in fields.items() if value is not None}


def _is(pattern: str, value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _is_number(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < 2**63


def _is_profile(key: object, profile: object) -> bool:
    is_id = _is_number(key, -(2**63)) or _is(_ID, key)
    return is_id and isinstance(profile, ImbaChatUser) and not profile.profiles


_ID = r"[^\x00-\x1f\x7f\ud800-\udfff]+"
_URL = r"[Hh][Tt][Tt][Pp][Ss]?://[^\x00-\x20\x7f\ud800-\udfff]+"
_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "user_id": (
        lambda it: _is_number(it, 1) or _is(_ID, it),
        "is neither 1 or more nor a text without control characters.",
    ),
    "name": (lambda it: _is(r"[^\ud800-\udfff]+", it), "is empty or not UTF-8."),
    "avatar_url": (lambda it: it is None or it is False or _is(_URL, it), "is neither an http or https URL nor false."),
    "profile_url": (lambda it: it is None or _is(_URL, it), "is not an http or https URL."),
    "lastlogin": (
        lambda it: it is None or it is False or _is_number(it, 0),
        "is neither a Unix time of 0 or more nor false.",
    ),
    "badge": (lambda it: it is None or _is(r"[^\ud800-\udfff]*", it), "is not UTF-8."),
    "profiles": (
        lambda it: isinstance(it, Mapping) and all(_is_profile(*item) for item in it.items()),
        "is not a map of ids to users without profiles.",
    ),
}
"""What each field has to be, and the message if it is not."""
