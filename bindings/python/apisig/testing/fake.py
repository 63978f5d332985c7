"""What the classes that stand in for a vendor share: the secret, and the mistakes that can be made with it."""

from __future__ import annotations

from typing import Union

from .._errors import InvalidArgument, Status, shown
from .._mistake import Mistake
from .._native import String, own

Broken = Union[Mistake, str, None]
"""A mistake or its name, such as "SECRET_NEWLINE"; None: nothing is wrong."""


class Fake:
    """Stands in for a vendor, with a secret."""

    MISTAKES: tuple[Mistake, ...] = (
        Mistake.SECRET_NEWLINE,
        Mistake.SECRET_SPACE,
        Mistake.SECRET_BOM,
        Mistake.SECRET_CASE,
    )
    """Those that a signed request can have: parametrize your test by them."""

    def __init__(self, secret: String) -> None:
        """Make a fake with the secret that your tests use."""
        self._secret = own(secret)

    def _mistake(self, broken: Broken) -> Mistake | None:
        """Return the mistake of this name. Raises InvalidArgument if a request cannot have it."""
        for mistake in self.MISTAKES:
            if broken in (mistake, mistake.name):
                return mistake
        if broken is None:
            return None
        names = ", ".join(mistake.name for mistake in self.MISTAKES)
        name = broken.name if isinstance(broken, Mistake) else shown(broken)
        raise InvalidArgument(f"This request cannot have the mistake {name}. Pass one of {names}.", Status.ARGUMENT)

    def _wrong_secret(self, mistake: Mistake | None) -> bytes:
        """Return the secret, or what a mistake makes of it."""
        if mistake is Mistake.SECRET_CASE:
            return self._in_another_case()
        added = {
            Mistake.SECRET_NEWLINE: (b"", b"\n"),
            Mistake.SECRET_SPACE: (b" ", b""),
            Mistake.SECRET_BOM: (b"\xef\xbb\xbf", b""),
        }
        before, behind = added.get(mistake, (b"", b"")) if mistake else (b"", b"")
        return before + self._secret + behind

    def _in_another_case(self) -> bytes:
        for other in (self._secret.upper(), self._secret.lower()):
            if other != self._secret:
                return other
        raise InvalidArgument(
            "The secret has no letters, and so no other case. Use another one in this test.", Status.ARGUMENT
        )
