"""What a RetailCRM system sends to a module, for your own tests."""

from __future__ import annotations

import json
from base64 import b64encode
from urllib.parse import urlencode

from .._messages import FORM
from .._mistake import Mistake
from ..retailcrm import RetailCrm
from .fake import Broken, Fake
from .fake_request import FakeRequest

_URL = "https://demo.retailcrm.ru"


class FakeRetailCrm(Fake):
    """Sends what a RetailCRM system sends to a module."""

    MISTAKES = (*Fake.MISTAKES, Mistake.SECRET_SWAPPED, Mistake.BASE64)

    def register(self, api_key: str = "api_key", system_url: str = _URL, broken: Broken = None) -> FakeRequest:
        """Return a register request.

        broken: what is wrong with it, one of MISTAKES.

        Raises InvalidArgument if it cannot have the mistake, or the API key is empty.
        """
        mistake = self._mistake(broken)
        if mistake is Mistake.SECRET_SWAPPED:
            token = RetailCrm(api_key).sign(self._secret)
        else:
            token = RetailCrm(self._wrong_secret(mistake)).sign(api_key)
        if mistake is Mistake.BASE64:
            token = b64encode(bytes.fromhex(token)).decode()
        return _form(register=json.dumps({"token": token, "apiKey": api_key, "systemUrl": system_url}))

    def activity(self, active: bool, freeze: bool = False, client_id: str = "client-1") -> FakeRequest:
        """Return the request that tells of a module's activity. Nothing signs it."""
        return _form(clientId=client_id, activity=json.dumps({"active": active, "freeze": freeze}), systemUrl=_URL)

    def transition(self, client_id: str = "client-1") -> FakeRequest:
        """Return the request by which a user's browser comes to the accountUrl. Nothing signs it."""
        return _form(clientId=client_id)


def _form(**fields: str) -> FakeRequest:
    return FakeRequest("POST", "/", {"Content-Type": FORM}, urlencode(fields).encode())
