"""A kit for your own tests: what the vendors send, right or with a mistake, in the form that your framework takes.

    from apisig.testing.kommo import FakeKommo

    answer = FakeKommo("channel secret").webhook().to("/kommo").send(client)

Each vendor has a module. pytest finds the fixture ``apisig_clock``. PHP has the same classes.
"""

from .clock import FixedClock
from .fake import Fake
from .fake_request import FakeRequest

__all__ = ["Fake", "FakeRequest", "FixedClock"]
