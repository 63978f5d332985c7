"""The setting APISIG of an application, for the frameworks that have settings: a name to the arguments of its class.

APISIG = {"kommo": {"secret": "…", "previous_secrets": ["…"]}, "imbachat_login": {"login": "…", "password": "…"}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Callable

from ._errors import InvalidArgument, Status
from ._handle import Handle
from ._incoming import Login
from ._native import String
from .checked import OnChecked


def _login(login: String, password: String) -> Callable[[OnChecked], Login]:
    """Return what makes the check of ImbaChat's login. Raises InvalidArgument if login or password is empty."""
    Login(login, password, None)
    return lambda on_checked: Login(login, password, on_checked)


class Settings:
    """What the setting makes: each vendor's object, by the name of its class in lower case, and what else there is."""

    def __init__(self, setting: Mapping[str, Any], **others: Callable[..., Any]) -> None:
        """Read a setting. others: a name to what takes its arguments, as a vendor's class takes those of its name."""
        vendors: dict[str, Callable[..., Any]] = {kind.__name__.lower(): kind for kind in Handle.__subclasses__()}
        self._setting, self._makers = setting, {"imbachat_login": _login, **vendors, **others}
        self._made: dict[str, Any] = {}

    def optional(self, name: str) -> Any:
        """Return what a name makes, or None if the setting has no such name."""
        self._refuse_unknown()
        return self.made(name) if name in self._setting else None

    def made(self, name: str) -> Any:
        """Return what a name makes, once. Raises InvalidArgument, which names the setting and shows no value of it."""
        self._refuse_unknown()
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def problems(self) -> Iterator[str]:
        """Return what is wrong with the setting, a sentence for each name."""
        for name in self._setting:
            try:
                self._make(name)
            except InvalidArgument as error:
                yield str(error)

    def _refuse_unknown(self) -> None:
        """Raise InvalidArgument for a name that nothing reads: of a misspelt guard no webhook may be admitted."""
        for name in self._setting:
            if name not in self._makers:
                self._make(name)

    def _make(self, name: str) -> Any:
        arguments = self._setting.get(name)
        if name not in self._makers:
            problem = f"is not known. Pass one of {', '.join(sorted(self._makers))}."
        elif not isinstance(arguments, Mapping):
            problem = "is missing, or no dict. Pass the arguments by their names."
        else:
            try:
                return self._makers[name](**arguments)
            except (InvalidArgument, TypeError) as error:
                problem = f"is wrong: {error}"
        raise InvalidArgument(f'APISIG["{name}"] {problem}', Status.ARGUMENT)
