"""A user of the site, as ImbaChat is told of them.

Source: the vendor's page "ImbaChat-docs, API", "Getting information about users".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ._errors import InvalidArgument, Status

_ANY_TEXT = re.compile(r"[^\ud800-\udfff]*")
_TEXT = re.compile(r"[^\ud800-\udfff]+")
_ID = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]+")
_URL = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[^\x00-\x20\x7f\ud800-\udfff]+")


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
        if not (_is_number(self.user_id, 1) or _is(_ID, self.user_id)):
            _refuse("user_id is required: 1 or more, or a text without control characters.")
        if not _is(_TEXT, self.name):
            _refuse("name is required: a text in UTF-8.")
        if not (self.avatar_url is None or self.avatar_url is False or _is(_URL, self.avatar_url)):
            _refuse("avatar_url is no http or https URL, nor false.")
        if not (self.profile_url is None or _is(_URL, self.profile_url)):
            _refuse("profile_url is no http or https URL.")
        if not (self.lastlogin is None or self.lastlogin is False or _is_number(self.lastlogin, 0)):
            _refuse("lastlogin is no Unix time of 0 or more, nor false.")
        if not (self.badge is None or _is(_ANY_TEXT, self.badge)):
            _refuse("badge is no text in UTF-8.")
        if not (isinstance(self.profiles, Mapping) and all(_is_profile(*item) for item in self.profiles.items())):
            _refuse("profiles is no map of ids to users without profiles.")

    def fields(self) -> dict[str, Any]:
        """Give the fields by their names in JSON."""
        fields = {
            "user_id": self.user_id,
            "name": self.name,
            "avatar_url": self.avatar_url,
            "profile_url": self.profile_url,
            "lastlogin": self.lastlogin,
            "badge": self.badge,
            "profiles": {str(key): profile.fields() for key, profile in self.profiles.items()} or None,
        }
        return {name: value for name, value in fields.items() if value is not None}


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_number(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < 2**63


def _is_profile(key: object, profile: object) -> bool:
    is_id = _is_number(key, -(2**63)) or _is(_ID, key)
    return is_id and isinstance(profile, ImbaChatUser) and not profile.profiles


def _refuse(problem: str) -> None:
    raise InvalidArgument(problem, Status.ARGUMENT)
