"""A server on loopback in a thread, which remembers the requests that it received."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable, NamedTuple


class Received(NamedTuple):
    method: str
    target: str
    """As it was sent, with its query."""
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


class Answer(NamedTuple):
    status: int = 200
    headers: dict[str, str] = {}  # noqa: RUF012
    body: bytes = b""


class Server(NamedTuple):
    url: str
    received: list[Received]


@contextmanager
def server(answer: Callable[[Received], Answer], host: str = "127.0.0.1") -> Iterator[Server]:
    received: list[Received] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            # self.path has lost a slash of two.
            target = self.requestline.split()[1]
            request = Received(self.command, target, headers, self.body())
            received.append(request)
            status, answer_headers, body = answer(request)
            self.send_response(status)
            for name, value in {**answer_headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815

        def body(self) -> bytes:
            # A length that is too large would wait for ever: the clients' tests have a timeout.
            assert "Transfer-Encoding" not in self.headers
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer((host, 0), Handler) as http:
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield Server(f"http://{host}:{http.server_port}", received)
        finally:
            http.shutdown()
            thread.join()
