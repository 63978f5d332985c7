"""What Kommo sends, for your own tests."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from .._errors import InvalidArgument, Status, shown
from .._mistake import Mistake
from ..kommo import Kommo
from .fake import Broken, Fake
from .fake_request import FakeRequest


class FakeKommo(Fake):
    """Sends what Kommo sends: the webhooks of a chat channel, signed with its secret."""

    MISTAKES = (*Fake.MISTAKES, Mistake.BASE64, Mistake.BODY_OTHER)

    def webhook(self, event: str | Mapping[str, Any] = "message", broken: Broken = None) -> FakeRequest:
        """Return a webhook. Its body ends with a line feed that is not signed, as the vendor's do.

        Each call makes another conversation, so a replay guard admits each webhook.

        event: "message", "typing" or "reaction"; or a payload of your own.
        broken: what is wrong with it, one of MISTAKES.

        Raises InvalidArgument if there is no such event, or it cannot have the mistake.
        """
        mistake = self._mistake(broken)
        body = json.dumps(_payload(event), ensure_ascii=False, separators=(",", ":")).encode()
        signature = Kommo(self._wrong_secret(mistake)).sign_webhook(body)
        if mistake is Mistake.BASE64:
            signature = b64encode(bytes.fromhex(signature)).decode()
        headers = {"Content-Type": "application/json", "X-Signature": signature}
        return FakeRequest("POST", "/", headers, body + (b" \n" if mistake is Mistake.BODY_OTHER else b"\n"))


def _payload(event: str | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(event, Mapping):
        return dict(event)
    talk = {"id": f"talk-{secrets.token_hex(8)}", "client_id": "client-1"}
    events: dict[str, dict[str, Any]] = {
        "message": {
            "message": {
                "receiver": {"id": "user-1", "name": "Ann"},
                "sender": {"id": "manager-1", "name": "Ben"},
                "conversation": talk,
                "timestamp": 1669231521,
                "msec_timestamp": 1669231521000,
                "message": {"id": "message-1", "type": "text", "text": "Hello"},
            }
        },
        "typing": {"action": {"typing": {"user": {"id": "manager-1"}, "conversation": talk, "expired_at": 1669231531}}},
        "reaction": {
            "action": {
                "reaction": {
                    "type": "react",
                    "emoji": "+1",
                    "user": {"id": "manager-1"},
                    "conversation": talk,
                    "message": {"id": "message-1"},
                }
            }
        },
    }
    if event not in events:
        names = ", ".join(events)
        raise InvalidArgument(f"There is no event {shown(event)}. Pass one of {names}.", Status.ARGUMENT)
    return {"account_id": "52fd2a28-d2eb-4bd8-b862-b57934927b38", "time": 1669231521, **events[event]}
