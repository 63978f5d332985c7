"""What a client of MOR's API sends, for tests of a server or a gateway that checks it."""

from __future__ import annotations

from .._mistake import Mistake
from ..mor import Mor, Values
from .fake import Broken, Fake
from .fake_request import FakeRequest


class FakeMor(Fake):
    """Sends what a client of MOR's API sends."""

    MISTAKES = (*Fake.MISTAKES, Mistake.UPPER_CASE)

    def request(
        self, method: str = "user_balance_get", parameters: Values | None = None, broken: Broken = None
    ) -> FakeRequest:
        """Return a request.

        method, parameters: as for Mor.request().
        broken: what is wrong with it, one of MISTAKES.

        Raises InvalidArgument if it cannot have the mistake, and as Mor.request().
        """
        mistake = self._mistake(broken)
        mor = Mor(self._wrong_secret(mistake))
        values: Values = {"u": "admin", "user_id": 2} if parameters is None else parameters
        made, right = mor.request(method, values, "http://localhost"), mor.sign_request(method, values)
        sent = right.upper() if mistake is Mistake.UPPER_CASE else right
        body = made.body.replace(f"hash={right}".encode(), f"hash={sent}".encode())
        return FakeRequest(made.method, made.url, made.headers, body)
