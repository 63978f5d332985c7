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


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    is_valid, path = True, environ["PATH_INFO"]
    if path.startswith("/salt/"):
        text = kayako.sign(path.removeprefix("/salt/"))
    else:
        headers = {name.removeprefix("HTTP_").replace("_", "-"): value for name, value in environ.items()}
        is_valid = kommo.verify(environ["REQUEST_METHOD"], path, environ["wsgi.input"].read(), headers)
        text = "accepted" if is_valid else "refused"
    start_response("200 OK" if is_valid else "401 Unauthorized", [("Content-Type", "text/plain")])
    return [text.encode()]


waitress.serve(application, listen=f"127.0.0.1:{sys.argv[1]}", threads=8, _quiet=True)
