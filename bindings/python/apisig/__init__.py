"""Signs and checks the API requests of messaging, CRM, helpdesk and telephony vendors.

One class per vendor: ``sign`` makes what the vendor's page describes, ``verify`` returns whether a signature is right,
``check`` returns the verified value or raises the reason. Text (as UTF-8) and bytes are both taken; times are Unix
seconds.
"""

from ._abi import VERSION
from ._errors import Error, InvalidArgument, LibraryUnavailable, RequestRefused, Status, VerificationFailed
from ._messages import Request, Response
from ._mistake import Diagnosis, Mistake
from .checked import Checked, Outcome
from .imbachat import ImbaChat
from .imbachat_user import ImbaChatUser
from .kayako import Kayako
from .kommo import Kommo, KommoConnection
from .kommo_webhook import KommoMessage, KommoReaction, KommoTyping, KommoWebhook
from .mor import Mor, MorParameters
from .replay import (
    AsyncRedisReplayStore,
    AsyncReplayGuard,
    AsyncReplayStore,
    MemoryReplayStore,
    RedisReplayStore,
    ReplayGuard,
    ReplayId,
    ReplayStore,
)
from .retailcrm import RetailCrm, RetailCrmActivity, RetailCrmRegistration
from .sql_replay import SqlReplayStore

__version__ = VERSION

__all__ = [
    "AsyncRedisReplayStore",
    "AsyncReplayGuard",
    "AsyncReplayStore",
    "Checked",
    "Diagnosis",
    "Error",
    "ImbaChat",
    "ImbaChatUser",
    "InvalidArgument",
    "Kayako",
    "Kommo",
    "KommoConnection",
    "KommoMessage",
    "KommoReaction",
    "KommoTyping",
    "KommoWebhook",
    "LibraryUnavailable",
    "MemoryReplayStore",
    "Mistake",
    "Mor",
    "MorParameters",
    "Outcome",
    "RedisReplayStore",
    "ReplayGuard",
    "ReplayId",
    "ReplayStore",
    "Request",
    "RequestRefused",
    "Response",
    "RetailCrm",
    "RetailCrmActivity",
    "RetailCrmRegistration",
    "SqlReplayStore",
    "Status",
    "VerificationFailed",
]
