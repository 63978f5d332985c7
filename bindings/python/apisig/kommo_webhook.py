"""A webhook of a chat channel of Kommo as objects, with all that it has beside them.

Source: the vendor's page on webhooks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from ._payload import Raw, integer, member, text


@final
@dataclass(frozen=True)
class KommoMessage:
    """The message of a KommoWebhook. A field that it lacks is None; ``raw`` has all of them."""

    id: str | None
    """The message's id at Kommo."""
    type: str | None
    """Such as "text", "picture", "file", "video", "voice", "audio", "sticker", "location", "contact"."""
    text: str | None
    media: str | None
    """The URL of a picture, a file and the like."""
    file_name: str | None
    file_size: int | None
    """In bytes."""
    conversation_id: str | None
    """The chat's id at Kommo."""
    conversation_client_id: str | None
    """The chat's id on your side."""
    sender_id: str | None
    sender_name: str | None
    receiver_id: str | None
    receiver_name: str | None
    receiver_client_id: str | None
    """The receiver's id on your side."""
    source_external_id: str | None
    """Your id of the source that the message goes through."""
    timestamp: int | None
    """Unix seconds."""
    msec_timestamp: int | None
    """Unix milliseconds."""
    raw: Raw = field(repr=False)
    """The webhook's member ``message``, decoded."""


@final
@dataclass(frozen=True)
class KommoTyping:
    """What a KommoWebhook says of a user who writes. A field that it lacks is None; ``raw`` has all of them."""

    user_id: str | None
    conversation_id: str | None
    """The chat's id at Kommo."""
    conversation_client_id: str | None
    """The chat's id on your side."""
    expired_at: int | None
    """Until when to show it, in Unix seconds."""
    raw: Raw = field(repr=False)
    """The webhook's member ``action.typing``, decoded."""


@final
@dataclass(frozen=True)
class KommoReaction:
    """The reaction of a KommoWebhook. A field that it lacks is None; ``raw`` has all of them."""

    type: str | None
    """"react" or "unreact"."""
    emoji: str | None
    user_id: str | None
    conversation_id: str | None
    """The chat's id at Kommo."""
    conversation_client_id: str | None
    """The chat's id on your side."""
    message_id: str | None
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
            message=None if message is None else _message(message),
            typing=None if typing is None else _typing(typing),
            reaction=None if reaction is None else _reaction(reaction),
            raw=raw,
        )


def _message(raw: Raw) -> KommoMessage:
    return KommoMessage(
        id=text(raw, "message", "id"),
        type=text(raw, "message", "type"),
        text=text(raw, "message", "text"),
        media=text(raw, "message", "media"),
        file_name=text(raw, "message", "file_name"),
        file_size=integer(raw, "message", "file_size"),
        conversation_id=text(raw, "conversation", "id"),
        conversation_client_id=text(raw, "conversation", "client_id"),
        sender_id=text(raw, "sender", "id"),
        sender_name=text(raw, "sender", "name"),
        receiver_id=text(raw, "receiver", "id"),
        receiver_name=text(raw, "receiver", "name"),
        receiver_client_id=text(raw, "receiver", "client_id"),
        source_external_id=text(raw, "source", "external_id"),
        timestamp=integer(raw, "timestamp"),
        msec_timestamp=integer(raw, "msec_timestamp"),
        raw=raw,
    )


def _typing(raw: Raw) -> KommoTyping:
    return KommoTyping(
        user_id=text(raw, "user", "id"),
        conversation_id=text(raw, "conversation", "id"),
        conversation_client_id=text(raw, "conversation", "client_id"),
        expired_at=integer(raw, "expired_at"),
        raw=raw,
    )


def _reaction(raw: Raw) -> KommoReaction:
    return KommoReaction(
        type=text(raw, "type"),
        emoji=text(raw, "emoji"),
        user_id=text(raw, "user", "id"),
        conversation_id=text(raw, "conversation", "id"),
        conversation_client_id=text(raw, "conversation", "client_id"),
        message_id=text(raw, "message", "id"),
        raw=raw,
    )
