"""What a client of Kayako's REST API sends, for tests of a server or a gateway that checks it."""

from __future__ import annotations

from base64 import b64decode
from urllib.parse import quote_plus

from .._mistake import Mistake
from .._native import String, own
from ..kayako import Fields, Kayako
from .fake import Broken, Fake
from .fake_request import FakeRequest


class FakeKayako(Fake):
    """Sends what a client of Kayako's REST API sends."""

    MISTAKES = (*Fake.MISTAKES, Mistake.HEX, Mistake.ENCODED_TWICE)

    def __init__(self, secret: String, api_key: String) -> None:
        """Make a fake with the helpdesk's secret key and API key that your tests use."""
        super().__init__(secret)
        self._api_key = own(api_key)

    def request(
        self,
        method: str = "GET",
        route: String = "/Base/User/1",
        fields: Fields | None = None,
        broken: Broken = None,
    ) -> FakeRequest:
        """Return a request, with a fresh salt.

        method, route, fields: as for Kayako.request().
        broken: what is wrong with it, one of MISTAKES.

        Raises InvalidArgument if it cannot have the mistake, and as Kayako.request().
        """
        mistake = self._mistake(broken)
        kayako, salt = Kayako(self._wrong_secret(mistake)), Kayako.salt()
        sent = right = quote_plus(kayako.sign(salt))
        if mistake is Mistake.HEX:
            sent = b64decode(kayako.sign(salt)).hex()
        elif mistake is Mistake.ENCODED_TWICE:
            sent = quote_plus(right)
        made = kayako.request(method, "http://localhost", route, self._api_key, fields, salt=salt)
        body = made.body.replace(right.encode(), sent.encode())
        return FakeRequest(made.method, made.url.replace(right, sent), made.headers, body)
