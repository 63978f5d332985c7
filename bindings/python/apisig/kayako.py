"""Kayako REST API: a salt and its signature go with every request.

The signature covers the salt alone: neither the API key nor the rest of the request, and it never expires.
Source: the vendor's page on generating an API signature.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional, Union, final
from urllib.parse import parse_qsl

from . import _native
from ._abi import ARGUMENT_HANDLE, ARGUMENT_SALT
from ._errors import InvalidArgument, Status, without_frames
from ._handle import Handle
from ._messages import FORM, Request, encoded
from ._mistake import Diagnosis, diagnosis
from ._native import SIZE, Presented, String, checked, fail, flat, own, owned, place, presented, verified
from .replay import ReplayId, replay_id

Fields = Mapping[Any, Any]
"""Names to values: text, bytes, int, bool; None, which is left out; lists and mappings of these."""

Form = Optional[Union[String, Mapping[Any, Any]]]
"""A query or a body, raw and still encoded; or what a framework read of it: a value a string or a list of them."""

_c = _native.functions("kayako")


@final
class Kayako(Handle, functions=_c):
    """A helpdesk, by its secret key: text, not decoded although it looks like base64."""

    __slots__ = ()

    @staticmethod
    def salt() -> str:
        """Return a fresh salt: 16 random bytes as 32 hex digits. Use each one once."""
        salt = _c.salt(place.address, SIZE)
        return bytes.decode(salt) if salt else fail(Status.RANDOM)

    def sign(self, salt: String) -> str:
        """Return the parameter ``signature`` of a salt: base64, 44 characters, not URL-encoded.

        Encode it once, together with the other parameters: urllib.parse.urlencode() does. See parameters().

        salt: what is sent as ``salt``, not URL-encoded; not empty and not "0".

        Raises InvalidArgument.
        """
        salt = own(salt)
        signature = _c.sign(self._handle, salt, len(salt), place.address, SIZE)
        return bytes.decode(signature) if signature else fail(ARGUMENT_SALT if self._handle else ARGUMENT_HANDLE)

    def verify(self, salt: Presented, signature: Presented) -> bool:
        """Return whether a signature is the salt's. Both as received, URL-decoded once."""
        salt, signature = presented(salt), presented(signature)
        found: int = _c.check(self._handle, salt, len(salt), signature, len(signature))
        return found >= 0 or verified(found)

    def check(self, salt: Presented, signature: Presented) -> int:
        """Return the index of the secret that matched (0: the current one), or raise VerificationFailed.

        The arguments are those of verify().
        """
        salt, signature = presented(salt), presented(signature)
        return checked(_c.check(self._handle, salt, len(salt), signature, len(signature)))

    @staticmethod
    def replay_id(signature: Presented) -> ReplayId:
        """Return what a ReplayGuard remembers of a verified request: its signature, URL-decoded once, as for verify().

        The salt is not enough: helpdesks with other secrets may choose the same. All spellings that verify_request()
        accepts have one id.
        """
        signature = presented(signature)
        spelled = _c.spelled(signature, len(signature), place.address, SIZE)
        return replay_id("kayako", spelled or signature)

    @staticmethod
    def diagnose(secret: String, api_key: String, salt: Presented, signature: Presented) -> Diagnosis:
        """Return what was done wrong when a salt was signed.

        It is for your log, never for the sender, who would learn how to sign. Mistakes are reported only if they
        reproduce the presented signature exactly.

            except VerificationFailed as failed:
                failed.diagnosis = Kayako.diagnose(secret, api_key, salt, signature)

        api_key: the helpdesk's API key, to find out whether it was signed; or empty.
        salt, signature: as received, URL-decoded once.

        Raises InvalidArgument if the secret is empty; never for what was presented.
        """
        return diagnosis(_c.diagnosis, *flat(own(secret), own(api_key), presented(salt), presented(signature)))

    @staticmethod
    def explain(secret: String, salt: String) -> str:
        """Return how the signature of a salt is made, a fact a line, to compare with what your own code does.

        Warnings follow, such as of white space around the secret. The secret is shown as its length and the first 8
        hex digits of its SHA-256. The signature is shown: it never expires, so keep the text out of logs that others
        read.

        salt: as it is sent, not URL-encoded; any, also one that sign() refuses.
        """
        return _native.text(_c.explain, *owned(secret, salt)).decode()

    @without_frames
    def parameters(self, api_key: String, salt: String | None = None) -> dict[str, str]:
        """Return the parameters of a request, raw: for urllib.parse.urlencode(), or an HTTP client's params and data.

        The vendor's page calls urlencode() on the signature. Here that would be one time too many: encoded again, a +
        is %252B, and the vendor's server answers "FAILED TO AUTHENTICATE".

        api_key: the helpdesk's API key; white space around it is ignored.
        salt: a fresh one if None; not empty and not "0".

        The values are those of apikey, salt and signature, not encoded. Raises InvalidArgument if the API key is white
        space, for such a salt, or if one is not UTF-8.
        """
        encoded = self.encoded_parameters(api_key, salt)
        try:
            return dict(parse_qsl(encoded, errors="strict"))
        except UnicodeDecodeError:
            pass
        # Raised out here, since that exception has the value.
        raise InvalidArgument("API key or salt is not UTF-8.", Status.ARGUMENT)

    @without_frames
    def encoded_parameters(self, api_key: String, salt: String | None = None) -> str:
        """Return the same as a query string that is encoded once, for a URL or a body that you put together yourself.

        It is ``apikey=...&salt=...&signature=...``, with %2B, %2F and %3D in the signature. Nothing may encode it
        again; for what does, take parameters().

        api_key: the helpdesk's API key; white space around it is ignored.
        salt: a fresh one if None; not empty and not "0".

        Raises InvalidArgument if the API key is white space, or for such a salt.
        """
        return self.sign_form(api_key, b"", salt).decode()

    @without_frames
    def sign_form(self, api_key: String, form: String, salt: String | None = None) -> bytes:
        """Return a form or query with these parameters added at its end.

        api_key: the helpdesk's API key; white space around it is ignored.
        form: encoded once, as by urllib.parse.urlencode(); a query may start with a route.
        salt: a fresh one if None; not empty and not "0".

        Raises InvalidArgument as encoded_parameters(), and if the vendor's PHP would read a field as apikey, salt or
        signature, or there are more than 997 fields.
        """
        strings = owned(api_key, self.salt() if salt is None else salt, form)
        return _native.text(_c.sign_form, self._handle, *strings)

    @staticmethod
    def url(base: String, route: String, query: String = b"", standard_url: bool = False) -> str:
        """Return the URL of a request, such as https://help.example.com/api/index.php?e=/Base/User&...

        base: where the helpdesk is: https://help.example.com, with or without a slash, /api, /api/ or /api/index.php
        behind it.
        route: app, controller and what is behind them, such as "/Base/User/1"; encoded here.
        query: encoded once, as encoded_parameters() makes it, with other fields behind it; or empty.
        standard_url: index.php?/Base/User, which the vendor calls the standard URL, in place of
        index.php?e=/Base/User.

        Raises InvalidArgument if the base is no URL of http or https, or has a query; the route does not start with a
        slash; base or query have a # or anything but visible ASCII.
        """
        return _native.text(_c.url, *owned(base, route), bool(standard_url), *owned(query)).decode()

    @without_frames
    def request(
        self,
        method: str,
        base: String,
        route: String,
        api_key: String,
        fields: Fields | None = None,
        standard_url: bool = False,
        salt: String | None = None,
    ) -> Request:
        """Return a signed request that is ready to be sent.

        The parameters are where the vendor's server reads them: in the query (GET and DELETE), in the body (POST), in
        both (PUT, of which it may read either). The signature never expires: keep URL and body out of logs.

        method: GET, POST, PUT or DELETE, in any case.
        base, route, standard_url: as in url().
        api_key, salt: as in encoded_parameters().
        fields: raw, written as PHP's http_build_query() does (a list as name[0], name[1]; True as 1), into the query
        of GET and DELETE, into the body of POST and PUT. The field ``signature`` of a staff user is sent as
        ``staffsignature``.

        Raises InvalidArgument if the method is another; the vendor's PHP would read a field as one that the request has
        itself: apikey, salt, signature, or e in a query; or as encoded_parameters() and url(). Raises TypeError for a
        value of another type.
        """
        method = method.upper()
        form = encoded(pair for name, value in (fields or {}).items() for pair in _flat(_value(name), value))
        places = (form, b"") if method in ("GET", "DELETE") else (b"", form)
        query, body = self._placed(method, api_key, salt, *places)
        headers = {"Content-Type": FORM} if body else {}
        return Request(method, self.url(base, route, query, standard_url), headers, body)

    @without_frames
    def verify_request(self, api_key: String, form: Form) -> bool:
        """Return whether a request has the API key and a signature of its salt, as the vendor's server reads it.

        It is for a server in tests, a gateway, a proxy. White space around the API key and the signature does not
        matter, and spaces in the signature are + that nobody encoded; in the salt they are spaces. Two fields of one
        name are refused.

        api_key: the helpdesk's own; white space around it is ignored.
        form: the raw query (GET, DELETE) or body (POST); of PUT the query if there is one, else the body. A mapping is
        taken too, as of parse_qs() or a JSON body. Of a body of multipart/form-data pass the mapping of its fields,
        such as request.form: the raw body is refused as malformed.

        Raises InvalidArgument if the own API key is white space; never for what was presented.
        """
        return verified(self._request(api_key, form))

    @without_frames
    def check_request(self, api_key: String, form: Form) -> int:
        """Return the index of the secret that matched (0: the current one), or raise VerificationFailed.

        The arguments are those of verify_request(). The vendor's server answers with the HTTP status 401 and "NO SALT
        PROVIDED!" (Status.MALFORMED: the salt is missing, empty or "0"; but a repeated parameter is malformed too) or
        "FAILED TO AUTHENTICATE" (Status.MISMATCH).
        """
        return checked(self._request(api_key, form))

    def _request(self, api_key: String, form: Form) -> int:
        # First the arguments: a mapping may be code that frees this object.
        arguments = flat(own(api_key), _presented_form(form))
        return int(_c.check_request(self._handle, *arguments))

    def _placed(
        self, method: str, api_key: String, salt: String | None, query: bytes, form: bytes
    ) -> tuple[str, bytes]:
        """Return query and form with the parameters where the vendor's server reads them, behind what is there."""
        if method not in ("GET", "POST", "PUT", "DELETE"):
            raise InvalidArgument("The method is not GET, POST, PUT or DELETE. Pass one of them.", Status.ARGUMENT)
        salt = self.salt() if salt is None else salt
        if method != "POST":
            query = self.sign_form(api_key, query, salt)
        if method in ("POST", "PUT"):
            form = self.sign_form(api_key, form, salt)
        return query.decode(), form


def _flat(name: bytes, value: Any) -> Iterator[tuple[bytes, bytes]]:
    """Return a field of the caller's as http_build_query() names it: that of a list or mapping is several."""
    if isinstance(value, (list, tuple)):
        value = dict(enumerate(value))
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(b"%b[%b]" % (name, _value(key)), part)
    elif value is not None:
        yield name, _value(value)


def _value(value: Any) -> bytes:
    return b"%d" % value if isinstance(value, int) else own(value)


def _presented_form(form: Form) -> bytes:
    """Return the form of a request, raw or as it was read."""
    if not isinstance(form, Mapping):
        return presented(form)
    names = ("apikey", "salt", "signature")
    values = ((name, form.get(name) if name in form else form.get(name.encode())) for name in names)
    return encoded((name.encode(), text) for name, value in values for text in _presented_values(value))


def _presented_values(value: Any) -> list[bytes]:
    """Return the values of a name, which may be any of JSON's: what is neither text nor a number is left out."""
    values = value if isinstance(value, (list, tuple)) else [value]
    return [
        _value(one) if isinstance(one, int) else presented(one)
        for one in values
        if isinstance(one, (str, bytes, int)) and not isinstance(one, bool)
    ]
