"""Kolmisoft MOR API: the hash that goes with every request.

The hash covers no method, no names, and not where one value ends. A request that was seen can be sent again as another
one: devices_get?user_id=7 has the hash of user_delete?user_id=7, and a user_balance_update of user 12 to 345 that of
user 123 to 45. A hash never expires. Send requests over TLS only, give each key no more rights than it needs, and take
the hash as proof that the sender has the key, not of what the values are.

A method hashes the parameters of its own list, if it has one. Every other method hashes each parameter that is sent and
stands in the one order of 209 names, read by type: a user_id of 007 is hashed as 7, a balance that is no number adds
nothing. ``parameters`` answers for a request, ``is_confirmed`` says how it is known. A server may differ: its page
Settings, Setup, Generate hash shows what it hashes. For a method that is not in the registry there is ``sign``.
Source: the vendor's page "MOR API hash construction", and requests whose hashes are public.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Callable, NamedTuple, Union, final
from urllib.parse import quote_plus

from . import _native
from ._errors import InvalidArgument, Status
from ._handle import Handle
from ._messages import Request
from ._mistake import Diagnosis, diagnosis
from ._native import SIZE, Int32, Presented, String, address, checked, fail, flat, own, place, presented
from .replay import ReplayId, replay_id

Values = Mapping[str, Union[String, int]]
"""By name, not URL-encoded."""
Parameters = Union[Values, String]
"""Values; or a form as it is sent, application/x-www-form-urlencoded."""


class MorParameters(NamedTuple):
    """Which parameters of a request are hashed."""

    hashed: list[str]
    """In the order in which their values are hashed. Empty: the secret alone is hashed."""
    others: list[str]
    """Those that add nothing to the hash."""


_sign = _native.function("apisig_mor_sign")
_verify = _native.function("apisig_mor_verify")
_sign_request = _native.function("apisig_mor_sign_request")
_verify_request = _native.function("apisig_mor_verify_request")
_parameters = _native.function("apisig_mor_parameters")
_refusal = _native.function("apisig_mor_refusal")
_is_confirmed = _native.function("apisig_mor_is_confirmed")
# It may hash for a while: other threads run meanwhile.
_diagnose = _native.function("apisig_mor_diagnose", gil=False)
_explain = _native.function("apisig_mor_explain")


@final
class Mor(Handle, vendor="mor"):
    """A MOR server, by its API secret key of at most 1024 bytes."""

    __slots__ = ()

    def sign(self, *values: String | int) -> str:
        """Make the hash of a request by its values.

        values: those of the hashed parameters in their right order, not URL-encoded.

        Returns the parameter ``hash``: 40 hex digits.
        """
        joined = _join(values, own)
        made = _sign(self._handle, joined, len(joined), place.address, SIZE)
        return bytes.decode(made) if made else fail(Status.ARGUMENT)

    def verify(self, hash: Presented, *values: String | int) -> bool:
        """Return whether a hash, which comes first, is the one of these values.

        Upper case is refused, as by the server.
        """
        return self._holds(hash, values, None)

    def check(self, hash: Presented, *values: String | int) -> int:
        """As verify(), but gives the index of the matching secret (0: the current one) or raises VerificationFailed."""
        why = Int32()
        return checked(self._holds(hash, values, address(why)), why, why)

    @staticmethod
    def replay_id(hash: Presented) -> ReplayId:
        """Return what a ReplayGuard remembers of a verified request: its hash, as received.

        Equal requests have equal hashes: an honest repetition is refused as well.
        """
        return replay_id("mor", hash)

    def sign_request(self, method: str, parameters: Parameters) -> str:
        """Return the hash of a request, of the values that its method hashes.

        method: as in /billing/api/METHOD, such as "user_balance_get", or an older name of it. Case-sensitive.
        parameters: in any order. One that is missing or empty, or that the method does not hash, adds nothing.

        Returns the parameter ``hash``: 40 hex digits. Raises Error (Status.METHOD) if the method is not in the
        registry; InvalidArgument, which names the parameter, if the server would not hash a value as it is (the
        user_id 007, the balance ten), if a value is no text or integer, or if servers read the form in different ways:
        see verify_request().
        """
        return self._hash(method, _form(parameters))

    def request(self, method: str, parameters: Values, base: str) -> Request:
        """Make a request that is ready to be sent.

        It is a POST to {base}/billing/api/{method}, with all parameters and their hash in the body. A password among
        them stands there as it is: keep the body out of logs.

        method: as in sign_request().
        parameters: likewise, with those that are not hashed, such as ``u``.
        base: where the server is: https://mor.example.com.

        Raises Error (Status.METHOD) if the method is not in the registry; InvalidArgument as sign_request(), if there
        is a parameter ``hash``, which is made here, or if the base is no URL of http or https, has a query, or holds
        anything but visible ASCII.
        """
        if not re.fullmatch(r"https?://[^\x00-\x20\x7f-\U0010ffff?#\\]+", base):
            raise InvalidArgument("The base is no URL such as https://mor.example.com.", Status.ARGUMENT)
        if any(own(name) == b"hash" for name in parameters):
            raise InvalidArgument("The parameter hash is made here: leave it out.", Status.ARGUMENT)
        form = _form(parameters)
        signed = b"hash=" + self._hash(method, form).encode()
        return Request(
            "POST",
            f"{base.rstrip('/')}/billing/api/{method}",
            {"Content-Type": "application/x-www-form-urlencoded"},
            form + b"&" + signed if form else signed,
        )

    def verify_request(self, method: Presented, form: Presented) -> bool:
        """Return whether the ``hash`` in a request's form is the one of the values that its method hashes.

        A value of the wrong type adds nothing, as on the server. The hash does not cover the method: compare it with
        those that the sender may call. A form that servers read in different ways is refused: a parameter that is
        hashed, or ``hash``, twice; a name with other characters than letters, digits, _ and -, such as name[]; a ;
        that is not encoded; a line that starts with --; more than 1000 fields or 1 MiB; more than 4096 bytes in a
        value that is read by type.

        method: as in sign_request(); one that is not in the registry is refused.
        form: as received: the raw body, or the query without its "?". If your application reads both together, join
        them with &.
        """
        return self._request_holds(method, form, None)

    def check_request(self, method: Presented, form: Presented) -> int:
        """As verify_request(), but gives the index of the matching secret or raises VerificationFailed.

        Its ``status`` is METHOD if the method is not in the registry, MALFORMED for a form that servers read in
        different ways, else MISMATCH.
        """
        why = Int32()
        return checked(self._request_holds(method, form, address(why)), why, why)

    @staticmethod
    def parameters(method: str, parameters: Parameters) -> MorParameters:
        """Return which parameters of a request are hashed, in their order, and which are not.

        method, parameters: as in sign_request().

        Raises Error if the method is not in the registry (Status.METHOD), or servers read the form in different ways
        (Status.MALFORMED).
        """
        hashed, others = _native.text_of(_parameters, method, _form(parameters)).decode().split("\n")
        return MorParameters(*([*filter(None, names.split(","))] for names in (hashed, others)))

    @staticmethod
    def is_confirmed(method: str) -> bool:
        """Return whether public hashes confirm what a method hashes.

        True: requests whose hashes are public, of servers of four generations, or one example that the vendor
        published. False: only a list of the vendor or of a client library says so, or the method is not in the
        registry. core/src/mor/methods.tsv in the sources has the source of each method.
        """
        confirmed: bool = _is_confirmed(*flat(own(method)))
        return confirmed

    @staticmethod
    def diagnose(secret: String, method: str, parameters: Parameters, hash: Presented) -> Diagnosis:
        """Name what was done wrong when a request was hashed.

        It is for the owner of the secret, and never for an answer to the sender. A mistake is named only if it, made
        alone, gives just this hash.

            except VerificationFailed as failed:
                failed.diagnosis = Mor.diagnose(secret, method, parameters, hash)

        Every order of 8 values takes about 10 ms, if no mistake is found. At most 32 MiB are hashed.

        method: as in sign_request(); or "", if the values should have been hashed as they stand.
        parameters: as in sign_request(); a ``hash`` among them does not count.
        hash: as received.

        Raises Error if the method is not in the registry (Status.METHOD), or servers read the form in different ways
        (Status.MALFORMED); InvalidArgument if the secret is empty or too long, or a value is no text or integer.
        """
        return diagnosis(_diagnose(*flat(own(secret), own(method), _form(parameters), presented(hash))))

    @staticmethod
    def explain(secret: String, method: str, parameters: Parameters) -> str:
        """Explain how the hash of a request comes about, a fact a line, as the vendor's page Generate hash does.

        Which values are hashed in which order, which parameters are not, the hashed text; and warnings of what is
        seldom meant, such as white space around the secret. The secret is shown as its length and the first 8 hex
        digits of its SHA-256. The hashed values are shown, a password among them too, and the hash, which never
        expires: keep the text out of logs that others read.

        method, parameters: as in diagnose().

        Raises Error (Status.METHOD) if the method is not in the registry; InvalidArgument if the secret is empty or too
        long, a value is no text or integer, or servers read the form in different ways.
        """
        return _native.text_of(_explain, secret, method, _form(parameters)).decode()

    def _holds(self, presented_hash: Presented, values: tuple[String | int, ...], why: int | None) -> bool:
        # Without one of its values no hash is right.
        presented_hash = presented(None if None in values else presented_hash)
        joined = _join(values, presented)
        holds: bool = _verify(self._handle, joined, len(joined), presented_hash, len(presented_hash), why)
        return holds

    def _hash(self, method: str, form: bytes) -> str:
        why = Int32()
        made = _sign_request(self._handle, *flat(own(method), form), place.address, SIZE, address(why))
        if made:
            return bytes.decode(made)
        refusal = _native.text_of(_refusal, method, form).decode() if why.value == Status.ARGUMENT else ""
        if refusal:
            raise InvalidArgument(refusal, Status.ARGUMENT)
        fail(why.value)

    def _request_holds(self, method: Presented, form: Presented, why: int | None) -> bool:
        holds: bool = _verify_request(self._handle, *flat(presented(method), presented(form)), why)
        return holds


def _join(values: tuple[String | int, ...], take: Callable[[String], bytes]) -> bytes:
    return b"".join([b"%d" % value if type(value) is int else take(value) for value in values])  # type: ignore[arg-type]


def _form(parameters: Parameters) -> bytes:
    """Encode the caller's own parameters, once. What has no one text, such as True or 1.50, is not guessed."""
    if not isinstance(parameters, Mapping):
        return own(parameters)
    return "&".join(f"{_encoded(name)}={_encoded(_value(name, value))}" for name, value in parameters.items()).encode()


def _value(name: str, value: object) -> bytes:
    if isinstance(value, int) and not isinstance(value, bool):
        return b"%d" % value
    if isinstance(value, (str, bytes, bytearray, memoryview)):
        return own(value)
    raise InvalidArgument(f"The parameter {name} is {type(value).__name__}, not text or an integer.", Status.ARGUMENT)


def _encoded(text: String) -> str:
    # PHP encodes a ~ too: so both languages write the same bytes.
    return quote_plus(own(text)).replace("~", "%7E")
