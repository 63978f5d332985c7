"""Signs and checks the API requests of messaging, CRM, helpdesk and telephony vendors.

One class per vendor: ``sign`` makes what the vendor's page describes, ``verify`` returns whether a signature is right,
``check`` returns the verified value or raises the reason. Text (as UTF-8) and bytes are both taken; times are Unix
seconds.
"""

# What is imported as itself is public.
from ._abi import VERSION
from ._errors import Error as Error
from ._errors import InvalidArgument as InvalidArgument
from ._errors import LibraryUnavailable as LibraryUnavailable
from ._errors import RequestRefused as RequestRefused
from ._errors import Status as Status
from ._errors import VerificationFailed as VerificationFailed
from ._messages import Request as Request
from ._messages import Response as Response
from ._mistake import Diagnosis as Diagnosis
from ._mistake import Mistake as Mistake
from .checked import Checked as Checked
from .checked import Outcome as Outcome
from .imbachat import ImbaChat as ImbaChat
from .imbachat_user import ImbaChatUser as ImbaChatUser
from .kayako import Kayako as Kayako
from .kommo import Kommo as Kommo
from .kommo import KommoConnection as KommoConnection
from .kommo_webhook import KommoMessage as KommoMessage
from .kommo_webhook import KommoReaction as KommoReaction
from .kommo_webhook import KommoTyping as KommoTyping
from .kommo_webhook import KommoWebhook as KommoWebhook
from .mor import Mor as Mor
from .mor import MorParameters as MorParameters
from .replay import AsyncRedisReplayStore as AsyncRedisReplayStore
from .replay import AsyncReplayGuard as AsyncReplayGuard
from .replay import AsyncReplayStore as AsyncReplayStore
from .replay import MemoryReplayStore as MemoryReplayStore
from .replay import RedisReplayStore as RedisReplayStore
from .replay import ReplayGuard as ReplayGuard
from .replay import ReplayId as ReplayId
from .replay import ReplayStore as ReplayStore
from .retailcrm import RetailCrm as RetailCrm
from .retailcrm import RetailCrmActivity as RetailCrmActivity
from .retailcrm import RetailCrmRegistration as RetailCrmRegistration
from .sql_replay import SqlReplayStore as SqlReplayStore

__version__ = VERSION
# Without it `import *` would bring the modules too.
__all__ = [name for name, value in globals().items() if isinstance(value, type)]
