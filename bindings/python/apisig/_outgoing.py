"""What the signature of Kommo, Kayako and MOR changes in a request: for requests.py and httpx.py."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qs

from ._errors import InvalidArgument, Status
from ._native import String
from .kayako import Kayako
from .kommo import Kommo
from .mor import Mor

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class Outgoing(NamedTuple):
    """A request as it would be sent."""

    method: str
    """In upper case."""
    path: str
    query: str
    """Without its "?"."""
    content_type: str
    """Empty if there is none."""
    body: bytes


class Signed(NamedTuple):
    """What is sent in place of it."""

    query: str
    headers: dict[str, str]
    """Those to be set."""
    body: bytes


def kommo(kommo: Kommo, request: Outgoing) -> Signed:
    """Put the signature into the headers."""
    _has_type(request, JSON)
    return Signed(request.query, kommo.sign(request.method, request.path, request.body), request.body)


def kayako(kayako: Kayako, api_key: String, request: Outgoing) -> Signed:
    """Put the parameters where the vendor's server reads them, behind what is there."""
    method, _, query, _, body = request
    if method not in ("GET", "POST", "PUT", "DELETE"):
        raise InvalidArgument("The method is none of GET, POST, PUT, DELETE.", Status.ARGUMENT)
    parameters = kayako.encoded_parameters(api_key)
    if method != "POST":
        query = _with(query.encode(), parameters).decode()
    if method in ("GET", "DELETE"):
        return Signed(query, {}, body)
    _has_type(request, FORM)
    return Signed(query, {"Content-Type": FORM}, _with(body, parameters))


def mor(mor: Mor, allow_get: bool, request: Outgoing) -> Signed:
    """Put the hash behind the form: the body of a POST, or the query of a GET if that is allowed."""
    method, path, query, _, body = request
    called = re.search(r"/billing/api/([^/]+)\Z", path)
    if called is None:
        raise InvalidArgument("The path does not end in /billing/api/ and a method of MOR.", Status.ARGUMENT)
    is_get = method == "GET" and allow_get and not body
    if not is_get and (method != "POST" or query):
        raise InvalidArgument(
            "The request is no POST without a query. Send the parameters as its form.", Status.ARGUMENT
        )
    form = query.encode() if is_get else body
    signed = _with(form, "hash=" + mor.sign_request(called[1], form))
    if is_get:
        return Signed(signed.decode(), {}, body)
    _has_type(request, FORM)
    return Signed(query, {"Content-Type": FORM}, signed)


def _has_type(request: Outgoing, expected: str) -> None:
    if request.content_type.split(";")[0].strip().lower() not in ("", expected):
        raise InvalidArgument(f"The Content-Type is not {expected}.", Status.ARGUMENT)


def _with(form: bytes, parameters: str) -> bytes:
    """Put parameters behind the fields of a form."""
    _lacks(form, set(parse_qs(parameters)))
    return b"&".join(filter(None, [form, parameters.encode()]))


def _lacks(form: bytes, names: set[str]) -> None:
    there = names & parse_qs(form.decode("latin-1"), keep_blank_values=True, encoding="latin-1").keys()
    if there:
        raise InvalidArgument(f"The request has {', '.join(sorted(there))} already.", Status.ARGUMENT)
