"""Kolmisoft MOR API: the hash that goes with every request.

The hash covers no method, no names, and not where one value ends. A request that was seen can be sent again as another
one: devices_get?user_id=7 has the hash of user_delete?user_id=7, and a user_balance_update of user 12 to 345 that of
user 123 to 45. A hash never expires. Send requests over TLS only, give each key no more rights than it needs, and take
the hash as proof that the sender has the key, not of what the values are.

A method hashes the parameters of its own list, if it has one. Every other method hashes each parameter that is sent and
is in the one order of 209 names, read by type: a user_id of 007 is hashed as 7, a balance that is no number adds
nothing. ``parameters`` answers for a request, ``is_confirmed`` says how it is known. A server may differ: its page
Settings, Setup, Generate hash shows what it hashes. For a method that is not in the registry there is ``sign``.
Source: the vendor's page "MOR API hash construction", and requests whose hashes are public.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Callable, NamedTuple, NoReturn, Union, final

from . import _native
from ._abi import ARGUMENT_HANDLE
from ._errors import InvalidArgument, Status, shown
from ._handle import Handle
from ._messages import FORM, Request, encoded
from ._mistake import Diagnosis, diagnosis
from ._native import SIZE, Presented, String, checked, fail, flat, own, owned, place, presented, verified
from .replay import ReplayId, replay_id

_c = _native.functions("mor")

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


# It may hash for a while: other threads run meanwhile.
_diagnosis = _native.function("apisig_mor_diagnosis", gil=False)


@final
class Mor(Handle, functions=_c):
    """A MOR server, by its API secret key of at most 1024 bytes."""

    __slots__ = ()

    def sign(self, *values: String | int) -> str:
        """Return the parameter ``hash`` of a request, 40 hex digits, by its values.

        values: those of the hashed parameters in their right order, not URL-encoded.
        """
        joined = _join(values, own)
        made = _c.sign(self._handle, joined, len(joined), place.address, SIZE)
        return bytes.decode(made) if made else fail(ARGUMENT_HANDLE)

    def verify(self, hash: Presented, *values: String | int) -> bool:
        """Return whether a hash, which comes first, is the one of these values.

        Upper case is refused, as by the server.
        """
        strings = _presented(hash, values)
        return verified(_c.check(self._handle, *strings))

    def check(self, hash: Presented, *values: String | int) -> int:
        """Return the index of the secret that matched (0: the current one), or raise VerificationFailed.

        The arguments are those of verify().
        """
        strings = _presented(hash, values)
        return checked(_c.check(self._handle, *strings))

    @staticmethod
    def replay_id(hash: Presented) -> ReplayId:
        """Return what a ReplayGuard remembers of a verified request: its hash, as received.

        Equal requests have equal hashes: an honest repetition is refused as well.
        """
        return replay_id("mor", hash)

    def sign_request(self, method: str, parameters: Parameters) -> str:
        """Return the parameter ``hash`` of a request, 40 hex digits, of the values that its method hashes.

        method: as in /billing/api/METHOD, such as "user_balance_get", or an older name of it. Case-sensitive.
        parameters: in any order. One that is missing or empty, or that the method does not hash, adds nothing.

        Raises Error (Status.METHOD) if the method is not in the registry; InvalidArgument, which names the parameter,
        if the server would not hash a value as it is (the user_id 007, the balance ten), if a value is no text or
        integer, or if servers read the form in different ways: see verify_request().
        """
        form = _form(parameters)
        strings = flat(own(method), form)
        made = _c.sign_request(self._handle, *strings, place.address, SIZE)
        return bytes.decode(made) if made else self._refuse(method, form)

    def request(self, method: str, parameters: Values, base: str) -> Request:
        """Return a request that is ready to be sent.

        It is a POST to {base}/billing/api/{method}, with all parameters and their hash in the body. A password among
        them is there as it is: keep the body out of logs.

        method: as in sign_request().
        parameters: as in sign_request(), with those that are not hashed, such as ``u``.
        base: where the server is: https://mor.example.com.

        Raises Error (Status.METHOD) if the method is not in the registry; InvalidArgument as sign_request(), if there
        is a parameter ``hash``, which is made here, or if the base is no URL of http or https, has a user name or a
        query, or has anything but visible ASCII.
        """
        return Request("POST", self.url(base, method), {"Content-Type": FORM}, self.sign_form(method, parameters))

    def sign_form(self, method: str, parameters: Parameters) -> bytes:
        """Return the parameters as a form with their ``hash`` at its end: the body of a POST.

        method, parameters: as in sign_request(), with those that are not hashed.

        Raises Error and InvalidArgument as request().
        """
        form = _form(parameters)
        strings = flat(own(method), form)
        try:
            return _native.text(_c.sign_form, self._handle, *strings)
        except InvalidArgument as refused:
            self._refuse(method, form, refused)

    @staticmethod
    def url(base: str, method: str) -> str:
        """Return the URL of a request, such as https://mor.example.com/billing/api/user_balance_get

        base: where the server is: https://mor.example.com.
        method: lower-case letters, digits and _; it need not be in the registry.

        Raises InvalidArgument if the base is no URL of http or https, has a user name or a query, or has anything but
        visible ASCII; or for another method.
        """
        return _native.text(_c.url, *owned(base, method)).decode()

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
        strings = flat(presented(method), presented(form))
        return verified(_c.check_request(self._handle, *strings))

    def check_request(self, method: Presented, form: Presented) -> int:
        """Return the index of the secret that matched (0: the current one), or raise VerificationFailed.

        The arguments are those of verify_request(). The ``status`` is METHOD if the method is not in the registry,
        MALFORMED for a form that servers read in different ways, else MISMATCH.
        """
        strings = flat(presented(method), presented(form))
        return checked(_c.check_request(self._handle, *strings))

    @staticmethod
    def parameters(method: str, parameters: Parameters) -> MorParameters:
        """Return which parameters of a request are hashed, in their order, and which are not.

        method, parameters: as in sign_request().

        Raises Error if the method is not in the registry (Status.METHOD), or servers read the form in different ways
        (Status.MALFORMED).
        """
        hashed, others = _native.text(_c.parameters, *owned(method, _form(parameters))).decode().split("\n")
        return MorParameters(*([*filter(None, names.split(","))] for names in (hashed, others)))

    @staticmethod
    def is_confirmed(method: str) -> bool:
        """Return whether public hashes confirm what a method hashes.

        True: requests whose hashes are public, of servers of four generations, or one example that the vendor
        published. False: only a list of the vendor or of a client library says so, or the method is not in the
        registry. core/src/mor/methods.tsv in the sources has the source of each method.
        """
        confirmed: bool = _c.is_confirmed(*owned(method))
        return confirmed

    @staticmethod
    def diagnose(secret: String, method: str, parameters: Parameters, hash: Presented) -> Diagnosis:
        """Return what was done wrong when a request was hashed.

        It is for your log, never for the sender, who would learn how to sign. Mistakes are reported only if they
        reproduce the presented hash exactly.

            except VerificationFailed as failed:
                failed.diagnosis = Mor.diagnose(secret, method, parameters, hash)

        Every order of 8 values takes about 10 ms, if no mistake is found. At most 36 MiB are hashed.

        method: as in sign_request(); or "", if the values should have been hashed as they stand.
        parameters: as in sign_request(); a ``hash`` among them does not count.
        hash: as received.

        Raises Error if the method is not in the registry (Status.METHOD), or servers read the form in different ways
        (Status.MALFORMED); InvalidArgument if the secret is empty or too long, or a value is no text or integer.
        """
        return diagnosis(_diagnosis, *flat(own(secret), own(method), _form(parameters), presented(hash)))

    @staticmethod
    def explain(secret: String, method: str, parameters: Parameters) -> str:
        """Return how the hash of a request is made, a fact a line, as the vendor's page Generate hash does.

        Which values are hashed in which order, which parameters are not, the hashed text; and warnings, such as of
        white space around the secret. The secret is shown as its length and the first 8 hex digits of its SHA-256.
        The hashed values are shown, a password among them too, and the hash, which never expires: keep the text out of
        logs that others read.

        method, parameters: as in diagnose().

        Raises Error (Status.METHOD) if the method is not in the registry; InvalidArgument if the secret is empty or too
        long, a value is no text or integer, or servers read the form in different ways.
        """
        return _native.text(_c.explain, *owned(secret, method, _form(parameters))).decode()

    def _refuse(self, method: String, form: bytes, otherwise: InvalidArgument | None = None) -> NoReturn:
        """Raise the exception that names the parameter for which a form is not signed."""
        refusal = _native.text(_c.refusal, *owned(method, form)).decode()
        if refusal:
            raise InvalidArgument(refusal, Status.ARGUMENT) from None
        if otherwise is not None:
            raise otherwise
        fail(ARGUMENT_HANDLE)


def _join(values: tuple[String | int, ...], take: Callable[[String], bytes]) -> bytes:
    try:
        # Text alone, as most values are, is joined in one step.
        return take("".join(values))  # type: ignore[arg-type]
    except TypeError:
        return b"".join([b"%d" % value if type(value) is int else take(value) for value in values])  # type: ignore[arg-type]


def _presented(hash: Presented, values: tuple[String | int, ...]) -> tuple[bytes, int, bytes, int]:
    try:
        joined = presented("".join(values))  # type: ignore[arg-type]
    except TypeError:
        joined = _join(values, presented)
        # Without one of its values no hash is right, and what is neither text nor an integer is no value.
        if not all(type(value) is int or isinstance(value, _native.TEXT) for value in values):
            hash = None
    hash = presented(hash)
    return joined, len(joined), hash, len(hash)


def _form(parameters: Parameters) -> bytes:
    """Return the caller's own parameters, encoded once. What has no one text, such as True or 1.50, is not guessed."""
    if not isinstance(parameters, Mapping):
        return own(parameters)
    return encoded((own(name), _value(name, value)) for name, value in parameters.items())


def _value(name: str, value: object) -> bytes:
    if isinstance(value, int) and not isinstance(value, bool):
        return b"%d" % value
    if isinstance(value, _native.TEXT):
        return own(value)
    name, kind = shown(own(name).decode(errors="backslashreplace")), type(value).__name__
    raise InvalidArgument(f"The parameter {name} is {kind}, not text or an integer.", Status.ARGUMENT)
