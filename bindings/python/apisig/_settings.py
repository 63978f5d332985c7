"""What the frameworks that have settings share: the setting APISIG, and the signal of each request.

APISIG = {"kommo": {"secret": "…", "previous_secrets": ["…"]}} has the arguments of each vendor by the vendor's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from inspect import signature
from typing import Any, Callable, NoReturn, TypeVar

from ._errors import InvalidArgument, Status, without_frames
from ._handle import Handle
from .checked import Checked, OnChecked

View = Callable[..., Any]
Decorator = Callable[[View], View]
Vendor = TypeVar("Vendor", bound=Handle)
Maker = Callable[..., Any]


def telling(send: Callable[[Checked], object], on_checked: OnChecked) -> Callable[[Checked], object]:
    """Return a function that sends the signal of a request, and then calls on_checked."""

    def tell(checked: Checked) -> object:
        send(checked)
        return on_checked(checked) if on_checked else None

    return tell


class Settings:
    """What the setting makes: each vendor's object, by the name of its class in lower case, and what else there is."""

    @without_frames
    def __init__(self, setting: Mapping[str, Any], **others: Maker) -> None:
        """Read a setting. others: a name to what takes its arguments, or those of them that the vendor does not."""
        if not isinstance(setting, Mapping):
            raise InvalidArgument("APISIG is no dict. Pass the arguments of each vendor by its name.", Status.ARGUMENT)
        self._setting = setting
        self._makers: dict[str, list[Maker]] = {kind.__name__.lower(): [kind] for kind in Handle.__subclasses__()}
        for name, make in others.items():
            self._makers.setdefault(name, []).append(make)
        self._made: dict[tuple[str, Maker | None], Any] = {}

    def __reduce__(self) -> NoReturn:
        raise TypeError("the setting has secrets and cannot be copied or pickled")

    def optional(self, name: str, make: Maker | None = None, default: Any = None) -> Any:
        """Return what a name makes, or the default if the setting has no such name. make: as in made()."""
        self._refuse_unknown()
        return self.made(name, make) if name in self._setting else default

    def made(self, name: str, make: Maker | None = None) -> Any:
        """Return what a name makes, once. Raises InvalidArgument, which names the setting and shows no value of it.

        make: one of the others; if None, the vendor's class.
        """
        self._refuse_unknown()
        if (name, make) not in self._made:
            self._made[name, make] = self._make(name, make or self._makers[name][0])
        return self._made[name, make]

    def problems(self) -> Iterator[str]:
        """Return what is wrong with the setting, a sentence for each name."""
        for name in self._setting:
            try:
                for make in self._used(name):
                    self._make(name, make)
            except InvalidArgument as error:
                yield str(error)

    def _refuse_unknown(self) -> None:
        for name in self._setting:
            self._used(name)

    def _used(self, name: str) -> list[Maker]:
        """Return those that the setting has an argument of, or the first.

        Raises InvalidArgument for a name that nothing reads. Otherwise a misspelled guard would be ignored.
        """
        if name not in self._makers:
            raise _wrong(name, f"is not known. Pass one of {', '.join(sorted(self._makers))}.")
        makers, arguments = self._makers[name], self._setting[name]
        given = set(arguments) if isinstance(arguments, Mapping) else set()
        return [make for make in makers if given & _parameters(make)] or makers[:1]

    @without_frames
    def _make(self, name: str, make: Maker) -> Any:
        arguments = self._setting.get(name)
        if not isinstance(arguments, Mapping):
            raise _wrong(name, "is missing, or no dict. Pass the arguments by their names.")
        of_others = frozenset().union(*map(_parameters, self._makers[name])) - _parameters(make)
        try:
            return make(**{key: value for key, value in arguments.items() if key not in of_others})
        except (InvalidArgument, TypeError) as error:
            problem = f"is wrong: {error}"
        # Not in the except block, whose exception may show a secret.
        raise _wrong(name, problem)


# Read for every request, by _refuse_unknown().
@lru_cache(None)
def _parameters(make: Maker) -> frozenset[str]:
    return frozenset(signature(make).parameters)


def _wrong(name: str, problem: str) -> InvalidArgument:
    return InvalidArgument(f'APISIG["{name}"] {problem}', Status.ARGUMENT)
