"""What the middleware and decorators tell your callback and the log about a request."""

from __future__ import annotations

from enum import Enum
from typing import Callable, NamedTuple, Optional


class Outcome(Enum):
    """What a check decided. The value is the word in the log."""

    ADMITTED = "admitted"
    MALFORMED = "malformed"
    """The signature is missing, repeated, or not 40 hex digits. A websocket too. The body was not read."""
    MISMATCH = "mismatch"
    """The signature is not that of the body, or the login or password is wrong."""
    TOO_LARGE = "too large"
    """The body is larger than the limit."""
    REPLAYED = "replayed"
    """The signature is right, but the ReplayGuard has admitted it before."""

    @property
    def status(self) -> int:
        """Return the HTTP status of the answer: 401 or 413; of what is admitted 200, if your view has no other."""
        return {Outcome.ADMITTED: 200, Outcome.TOO_LARGE: 413}.get(self, 401)


class Checked(NamedTuple):
    """A request that was checked: nothing of what was sent, and no secret."""

    vendor: str
    """The vendor's name, such as "kommo"."""
    outcome: Outcome
    """What was decided."""
    secret: int | None
    """The index of the secret that matched (0: the current one); None if none did."""


OnChecked = Optional[Callable[[Checked], object]]
"""Called once for each request, before your code runs. If it raises, the request is not admitted, and a
guard has remembered it: forget its id to admit it later."""
