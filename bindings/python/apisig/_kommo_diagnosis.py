"""What is wrong with a signature of Kommo's, and what it is made of.

For whoever holds the secret, and never for an answer to the sender, whom it would tell how to sign.
"""

from __future__ import annotations

from . import _native
from ._abi import KOMMO_TOLERANCE
from ._kommo_headers import Headers, header
from ._mistake import Diagnosis, diagnosis
from ._native import Presented, String, flat, int64, own, presented, unix_time

_diagnose = _native.function("apisig_kommo_diagnose", gil=False)
_diagnose_webhook = _native.function("apisig_kommo_diagnose_webhook", gil=False)
_explain = _native.function("apisig_kommo_explain")

_SIGNED = (b"content-md5", b"content-type", b"date")


class KommoDiagnosis:
    """A part of Kommo: what needs a secret and no handle."""

    __slots__ = ()

    @staticmethod
    def diagnose(
        secret: String,
        method: String,
        url: String,
        body: String,
        headers: Headers,
        now: float | None = None,
        tolerance: int = KOMMO_TOLERANCE,
    ) -> Diagnosis:
        """Name the mistake that makes a request's signature a wrong one, by trying some thousand others.

        One is named only if it makes what was presented, byte for byte. It is for finding a mistake, not for every
        request: a body that is JSON is hashed some thirty times.

        Of a request that the vendor refused, give what was sent to it. Of one that check() refused:
        ``error.diagnosis = Kommo.diagnose(secret, ...)``, for your log.

        secret: the channel's.
        method: as sent, at most 32 bytes.
        url: as sent; of a whole one the host may have been signed.
        body: as sent, its raw bytes.
        headers: as sent, names in any case: Date, Content-Type, Content-MD5 and X-Signature.
        now: Unix seconds; the clock's if None.
        tolerance: for how many seconds a signature holds, before and after its Date, 0 or more.

        Names also what verify() lets pass and the vendor's page does not: hex in upper case. Raises InvalidArgument if
        secret is empty, or now or tolerance is out of range; Error of status MALFORMED if method, URL or a header could
        not have been signed.
        """
        named = [header(headers, name) for name in (*_SIGNED, b"x-signature")]
        strings = flat(own(secret), *map(presented, (method, url, body, *named)))
        return diagnosis(_diagnose(*strings, unix_time(now), int64(tolerance)))

    @staticmethod
    def diagnose_webhook(secret: String, body: Presented, signature: Presented) -> Diagnosis:
        """Name the mistake that makes a webhook's signature a wrong one.

        A mistake about the body, such as BODY_PRETTY, says that body is not the one that was received, but a parsed
        and re-encoded copy. A form without a signature is a webhook of the CRM, which is never signed:
        WEBHOOK_UNSIGNED.

        secret: the channel's.
        body: as received.
        signature: X-Signature as received.

        Raises InvalidArgument if secret is empty.
        """
        return diagnosis(_diagnose_webhook(*flat(own(secret), presented(body), presented(signature))))

    @staticmethod
    def explain(secret: String, method: String, url: String, body: String, headers: Headers) -> str:
        """Show what a request's signature is made of, a fact a line.

        The body's MD5, the five lines that are signed, the signature, and what is seldom meant, such as a secret with
        a line feed behind it. The secret does not show. For people: the words may change.

        secret: the channel's; the others as for diagnose().

        Raises InvalidArgument if secret is empty, method longer than 32 bytes, or sign_digest() would refuse.
        """
        named = [header(headers, name) for name in _SIGNED]
        return _native.text_of(_explain, secret, method, url, body, *named).decode()
