"""A site in threads, as tests/packages/fpm/app.php: it checks the Kommo requests that it gets and signs a Kayako salt.

Usage: server.py PORT
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, Callable

import waitress

import apisig

kayako = apisig.Kayako("secretkey")
kommo = apisig.Kommo("channel secret")


def answer(environ: dict[str, Any]) -> tuple[str, str]:
    path = environ["PATH_INFO"]
    if path.startswith("/salt/"):
        return "200 OK", kayako.sign(path.removeprefix("/salt/"))
    body = environ["wsgi.input"].read()
    headers = {
        "Date": environ.get("HTTP_DATE", ""),
        "Content-Type": environ.get("CONTENT_TYPE", ""),
        "Content-MD5": environ.get("HTTP_CONTENT_MD5", ""),
        "X-Signature": environ.get("HTTP_X_SIGNATURE", ""),
    }
    is_valid = kommo.verify(environ["REQUEST_METHOD"], path, body, headers)
    return ("200 OK", "accepted") if is_valid else ("401 Unauthorized", "refused")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    status, text = answer(environ)
    start_response(status, [("Content-Type", "text/plain")])
    return [text.encode()]


waitress.serve(application, listen=f"127.0.0.1:{sys.argv[1]}", threads=8, _quiet=True)
