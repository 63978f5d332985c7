"""A webhook of a chat channel of Kommo as objects, with all that it has beside them.

Source: the vendor's page on webhooks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from ._payload import Raw, integer, integer_at, member, read, text, text_at


@final
@dataclass(frozen=True)
class KommoMessage:
    """The message of a KommoWebhook. A field that it lacks is None; ``raw`` has all of them."""

    id: str | None = field(metadata=text_at("message", "id"))
    """The message's id at Kommo."""
    type: str | None = field(metadata=text_at("message", "type"))
    """Such as "text", "picture", "file", "video", "voice", "audio", "sticker", "location", "contact"."""
    text: str | None = field(metadata=text_at("message", "text"))
    media: str | None = field(metadata=text_at("message", "media"))
    """The URL of a picture, a file and the like."""
    file_name: str | None = field(metadata=text_at("message", "file_name"))
    file_size: int | None = field(metadata=integer_at("message", "file_size"))
    """In bytes."""
    conversation_id: str | None = field(metadata=text_at("conversation", "id"))
    """The chat's id at Kommo."""
    conversation_client_id: str | None = field(metadata=text_at("conversation", "client_id"))
    """The chat's id on your side."""
    sender_id: str | None = field(metadata=text_at("sender", "id"))
    sender_name: str | None = field(metadata=text_at("sender", "name"))
    receiver_id: str | None = field(metadata=text_at("receiver", "id"))
    receiver_name: str | None = field(metadata=text_at("receiver", "name"))
    receiver_client_id: str | None = field(metadata=text_at("receiver", "client_id"))
    """The receiver's id on your side."""
    source_external_id: str | None = field(metadata=text_at("source", "external_id"))
    """Your id of the source that the message goes through."""
    timestamp: int | None = field(metadata=integer_at("timestamp"))
    """Unix seconds."""
    msec_timestamp: int | None = field(metadata=integer_at("msec_timestamp"))
    """Unix milliseconds."""
    raw: Raw = field(repr=False)
    """The webhook's member ``message``, decoded."""


@final
@dataclass(frozen=True)
class KommoTyping:
    """What a KommoWebhook says of a user who writes. A field that it lacks is None; ``raw`` has all of them."""

    user_id: str | None = field(metadata=text_at("user", "id"))
    conversation_id: str | None = field(metadata=text_at("conversation", "id"))
    """The chat's id at Kommo."""
    conversation_client_id: str | None = field(metadata=text_at("conversation", "client_id"))
    """The chat's id on your side."""
    expired_at: int | None = field(metadata=integer_at("expired_at"))
    """Until when to show it, in Unix seconds."""
    raw: Raw = field(repr=False)
    """The webhook's member ``action.typing``, decoded."""


@final
@dataclass(frozen=True)
class KommoReaction:
    """The reaction of a KommoWebhook. A field that it lacks is None; ``raw`` has all of them."""

    type: str | None = field(metadata=text_at("type"))
    """"react" or "unreact"."""
    emoji: str | None = field(metadata=text_at("emoji"))
    user_id: str | None = field(metadata=text_at("user", "id"))
    conversation_id: str | None = field(metadata=text_at("conversation", "id"))
    """The chat's id at Kommo."""
    conversation_client_id: str | None = field(metadata=text_at("conversation", "client_id"))
    """The chat's id on your side."""
    message_id: str | None = field(metadata=text_at("message", "id"))
    """The message's id at Kommo."""
    raw: Raw = field(repr=False)
    """The webhook's member ``action.reaction``, decoded."""


@final
@dataclass(frozen=True)
class KommoWebhook:
    """A webhook of a chat channel, in version v2: Kommo.webhook() reads it, and of() what is already decoded.

    At most one of message, typing and reaction is set; none for other events. A field that the webhook lacks, or has of
    another type, is None; ``raw`` has all fields.
    """

    event: str
    """"message", "typing", "reaction"; or "other"."""
    account_id: str | None
    """The account's amojo_id."""
    time: int | None
    """Unix seconds."""
    message: KommoMessage | None
    """A message of a user of the account, for your side of the chat."""
    typing: KommoTyping | None
    """A user of the account writes."""
    reaction: KommoReaction | None
    """A user of the account reacts to a message, or takes that back."""
    raw: Raw = field(repr=False)
    """The decoded JSON."""

    @classmethod
    def of(cls, raw: Raw) -> KommoWebhook:
        """Return what a decoded webhook says, such as one from a queue. Kommo.webhook() decodes it.

        raw: the decoded JSON.
        """
        message, typing = member(raw, "message"), member(raw, "action", "typing")
        reaction = member(raw, "action", "reaction")
        found = {"message": message, "typing": typing, "reaction": reaction}
        return cls(
            event=next((name for name, it in found.items() if it is not None), "other"),
            account_id=text(raw, "account_id"),
            time=integer(raw, "time"),
            message=None if message is None else read(KommoMessage, message),
            typing=None if typing is None else read(KommoTyping, typing),
            reaction=None if reaction is None else read(KommoReaction, reaction),
            raw=raw,
        )
