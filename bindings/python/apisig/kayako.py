"""Kayako REST API: a salt and its signature go with every request.

The signature covers the salt alone: neither the API key nor the rest of the request, and it never expires.
Source: the vendor's page on generating an API signature.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Optional, Union, cast, final
from urllib.parse import parse_qsl, quote_plus, urlencode

from . import _native
from ._errors import InvalidArgument, Status
from ._handle import Handle
from ._messages import Request
from ._mistake import Diagnosis, diagnosis
from ._native import SIZE, Int32, Presented, String, address, checked, fail, flat, own, place, presented, verdict
from .replay import ReplayId, replay_id

Fields = Mapping[Any, Any]
"""Names to values: text, bytes, int, bool; None, which is left out; lists and mappings of these."""

Form = Optional[Union[String, Mapping[Any, Any]]]
"""A query or a body, raw and still encoded; or what a framework read of it: a value a string or a list of them."""

_salt = _native.function("apisig_kayako_salt")
_sign = _native.function("apisig_kayako_sign")
_verify = _native.function("apisig_kayako_verify")
_sign_parameters = _native.function("apisig_kayako_sign_parameters")
_url = _native.function("apisig_kayako_url")
_verify_request = _native.function("apisig_kayako_verify_request")
_diagnose = _native.function("apisig_kayako_diagnose")
_explain = _native.function("apisig_kayako_explain")


@final
class Kayako(Handle, vendor="kayako"):
    """A helpdesk, by its secret key: text, not decoded although it looks like base64."""

    __slots__ = ()

    @staticmethod
    def salt() -> str:
        """Make a fresh salt: 16 random bytes as 32 hex digits. Use each one once."""
        salt = _salt(place.address, SIZE)
        return bytes.decode(salt) if salt else fail(Status.RANDOM)

    def sign(self, salt: String) -> str:
        """Sign a salt.

        salt: what is sent as ``salt``, not URL-encoded; not empty and not "0".

        Returns the parameter ``signature``: base64, 44 characters, not URL-encoded. Encode it once, together with the
        other parameters: urllib.parse.urlencode() does. See parameters(). Raises InvalidArgument.
        """
        salt = own(salt)
        signature = _sign(self._handle, salt, len(salt), place.address, SIZE)
        return bytes.decode(signature) if signature else fail(Status.ARGUMENT)

    def verify(self, salt: Presented, signature: Presented) -> bool:
        """Answer whether a signature is the salt's. Both as received, URL-decoded once."""
        salt, signature = presented(salt), presented(signature)
        holds: bool = _verify(self._handle, salt, len(salt), signature, len(signature), None)
        return holds

    def check(self, salt: Presented, signature: Presented) -> int:
        """As verify(), but gives the index of the matching secret (0: the current one) or raises VerificationFailed."""
        salt, signature = presented(salt), presented(signature)
        why = Int32()
        return checked(_verify(self._handle, salt, len(salt), signature, len(signature), address(why)), why, why)

    @staticmethod
    def replay_id(signature: Presented) -> ReplayId:
        """Return what a ReplayGuard remembers of a verified request: its signature, URL-decoded once, as for verify().

        The salt is not enough: helpdesks with other secrets may choose the same. verify() accepts one spelling only.
        """
        return replay_id("kayako", signature)

    @staticmethod
    def diagnose(secret: String, api_key: String, salt: Presented, signature: Presented) -> Diagnosis:
        """Name what was done wrong when a salt was signed.

        It is for whoever holds the secret, and never for an answer to the sender. A mistake is named only if it, made
        alone, gives just this signature.

            except VerificationFailed as failed:
                failed.diagnosis = Kayako.diagnose(secret, api_key, salt, signature)

        api_key: the helpdesk's API key, which is perhaps what was signed; if it is empty, that is not seen.
        salt, signature: as received, URL-decoded once.

        Raises InvalidArgument if the secret is empty; never for what was presented.
        """
        return diagnosis(_diagnose(*flat(own(secret), own(api_key), presented(salt), presented(signature))))

    @staticmethod
    def explain(secret: String, salt: String) -> str:
        """Explain how the signature of a salt comes about, a fact a line, to compare with what your own code does.

        Warnings follow of what is seldom meant, such as white space around the secret. The secret is shown as its
        length and the first 8 hex digits of its SHA-256. The signature is shown: it never expires, so keep the text
        out of logs that others read.

        salt: as it is sent, not URL-encoded; any, also one that sign() refuses.
        """
        return _native.text_of(_explain, secret, salt).decode()

    def parameters(self, api_key: String, salt: String | None = None) -> dict[str, str]:
        """Make the parameters of a request, raw: for urllib.parse.urlencode(), or an HTTP client's params and data.

        The vendor's page calls urlencode() on the signature. Here that would be one time too many: encoded again, a +
        is %252B, and the vendor's server answers "FAILED TO AUTHENTICATE".

        api_key: the helpdesk's API key; white space around it is left out.
        salt: a fresh one if None; not empty and not "0".

        Returns the values of apikey, salt and signature, not encoded. Raises InvalidArgument if the API key is white
        space, for such a salt, or if one is not UTF-8.
        """
        encoded = self.encoded_parameters(api_key, salt)
        try:
            return dict(parse_qsl(encoded, errors="strict"))
        except UnicodeDecodeError:
            # That exception holds the value.
            raise InvalidArgument("API key or salt is not UTF-8.", Status.ARGUMENT) from None

    def encoded_parameters(self, api_key: String, salt: String | None = None) -> str:
        """Make the same as a query string that is encoded once, for a URL or a body that you put together yourself.

        It is ``apikey=...&salt=...&signature=...``, with %2B, %2F and %3D in the signature. Nothing may encode it
        again; for what does, take parameters().

        api_key: the helpdesk's API key; white space around it is left out.
        salt: a fresh one if None; not empty and not "0".

        Raises InvalidArgument if the API key is white space, or for such a salt.
        """
        strings = flat(own(api_key), own(self.salt() if salt is None else salt))
        write = _sign_parameters
        return _native.text(lambda out, size: cast(int, write(self._handle, *strings, out, size))).decode()

    @staticmethod
    def url(base: String, route: String, query: String = b"", standard_url: bool = False) -> str:
        """Make the URL of a request, such as https://help.example.com/api/index.php?e=/Base/User&...

        base: where the helpdesk is: https://help.example.com, with or without a slash, /api, /api/ or /api/index.php
        behind it.
        route: app, controller and what is behind them, such as "/Base/User/1"; encoded here.
        query: encoded once, as encoded_parameters() makes it, with other fields behind it; or empty.
        standard_url: index.php?/Base/User, which the vendor calls the standard URL, in place of
        index.php?e=/Base/User.

        Raises InvalidArgument if the base is no URL of http or https, or has a query; the route does not start with a
        slash; base or query hold a # or anything but visible ASCII.
        """
        before, behind = flat(own(base), own(route)), flat(own(query))
        standard_url = bool(standard_url)
        return _native.text(lambda out, size: cast(int, _url(*before, standard_url, *behind, out, size))).decode()

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
        """Make a signed request that is ready to be sent.

        The parameters are where the vendor's server reads them: in the query (GET and DELETE), in the body (POST), in
        both (PUT, of which it may read either). The signature never expires: keep URL and body out of logs.

        method: GET, POST, PUT or DELETE, in any case.
        base, route, standard_url: as in url().
        api_key, salt: as in encoded_parameters().
        fields: raw, written as PHP's http_build_query() does (a list as name[0], name[1]; True as 1), into the query
        of GET and DELETE, into the body of POST and PUT. The field ``signature`` of a staff user is sent as
        ``staffsignature``.

        Raises InvalidArgument if the method is another; a field is named apikey, salt, signature or e, which the
        request has itself; or as encoded_parameters() and url(). Raises TypeError for a value of another type.
        """
        method = method.upper()
        parameters = self.encoded_parameters(api_key, salt)
        everything = "&".join([parameters, *_encoded(fields or {})])
        if method in ("GET", "DELETE"):
            query, body = everything, ""
        elif method == "POST":
            query, body = "", everything
        elif method == "PUT":
            query, body = parameters, everything
        else:
            raise InvalidArgument("The method is none of GET, POST, PUT, DELETE.", Status.ARGUMENT)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        return Request(method, self.url(base, route, query, standard_url), headers, body.encode())

    def verify_request(self, api_key: String, form: Form) -> bool:
        """Answer whether a request has the API key and a signature of its salt, as the vendor's server reads it.

        It is for a server in tests, a gateway, a proxy. White space around the API key and the signature does not
        matter, and spaces in the signature are + that nobody encoded; in the salt they are spaces. Two fields of one
        name do not hold.

        api_key: the helpdesk's own; white space around it is left out.
        form: the raw query (GET, DELETE) or body (POST); of PUT the query if there is one, else the body. A mapping is
        taken too, as of parse_qs() or a JSON body. Of a body of multipart/form-data pass the mapping of its fields,
        such as request.form: the raw body is refused as malformed.

        Raises InvalidArgument if the own API key is white space; never for what was presented.
        """
        why = Int32()
        return verdict(self._request_holds(api_key, form, address(why)), why)

    def check_request(self, api_key: String, form: Form) -> int:
        """As verify_request(), but gives the index of the matching secret or raises VerificationFailed.

        The vendor's server answers with the HTTP status 401 and "NO SALT PROVIDED!" (Status.MALFORMED: the salt is
        missing, empty or "0"; but a doubled field is malformed too) or "FAILED TO AUTHENTICATE" (Status.MISMATCH).
        """
        why = Int32()
        return checked(self._request_holds(api_key, form, address(why)), why, why)

    def _request_holds(self, api_key: String, form: Form, why: int) -> bool:
        strings = flat(own(api_key), _presented_form(form))
        holds: bool = _verify_request(self._handle, *strings, why)
        return holds


def _encoded(fields: Fields) -> Iterator[str]:
    """Write the caller's fields, each encoded once."""
    for key, value in fields.items():
        name = _value(key)
        # As PHP at the other end names it.
        if re.sub(rb"^ +|[\0\[].*", b"", name, flags=re.DOTALL) in (b"apikey", b"salt", b"signature", b"e"):
            raise InvalidArgument(
                "A field is named apikey, salt, signature or e, which the request has itself. "
                "The signature of a staff user is sent as staffsignature.",
                Status.ARGUMENT,
            )
        yield from _encoded_field(name, value)


def _encoded_field(name: bytes, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        inner = iter(value.items())
    elif isinstance(value, (list, tuple)):
        inner = iter(enumerate(value))
    else:
        if value is not None:
            # PHP encodes a ~ too: so both languages write the same bytes.
            yield "=".join(quote_plus(part).replace("~", "%7E") for part in (name, _value(value)))
        return
    for key, part in inner:
        yield from _encoded_field(b"%b[%b]" % (name, _value(key)), part)


def _value(value: Any) -> bytes:
    return b"%d" % value if isinstance(value, int) else own(value)


def _presented_form(form: Form) -> bytes:
    """Take the three parameters of a request, raw or as they were read."""
    if not isinstance(form, Mapping):
        return presented(form)
    values = ((name, form.get(name, form.get(name.encode()))) for name in ("apikey", "salt", "signature"))
    return urlencode([(name, text) for name, value in values for text in _presented_values(value)]).encode()


def _presented_values(value: Any) -> list[bytes]:
    """Take the values of a name, which may be any of JSON's: what is neither text nor a number is as good as none."""
    values = value if isinstance(value, (list, tuple)) else [value]
    return [
        _value(one) if isinstance(one, int) else presented(one) for one in values if isinstance(one, (str, bytes, int))
    ]
