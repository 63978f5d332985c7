"""What ImbaChat sends, for your own tests."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable

from .._native import String, own
from .fake import Broken, Fake
from .fake_request import FakeRequest


class FakeImbaChat(Fake):
    """Sends what ImbaChat sends: its user info request, with API login and password."""

    def __init__(self, login: String, password: String) -> None:
        """Make a fake with the API login and password that your tests use. The mistakes are those of the password."""
        super().__init__(password)
        self._login = own(login)

    def users(self, ids: Iterable[int] = (1, 2), broken: Broken = None) -> FakeRequest:
        """Return the user info request.

        ids: of the users.
        broken: what is wrong with it, one of MISTAKES.

        Raises InvalidArgument if it cannot have the mistake.
        """
        login = b"%b:%b" % (self._login, self._wrong_secret(self._mistake(broken)))
        headers = {"Authorization": "Basic " + b64encode(login).decode()}
        return FakeRequest("GET", "/?user_ids=" + ",".join(map(str, ids)), headers, b"")
