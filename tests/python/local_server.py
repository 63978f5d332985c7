"""Servers on loopback: in a thread, which remembers the requests that it received, and programs."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any, Callable, NamedTuple


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
            # A length that is too large would block: the clients' tests have a timeout.
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


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def program(command: list[str], port: int, **options: Any) -> Iterator[None]:
    """Run a program that listens on this port."""
    with subprocess.Popen(command, **{"stdout": subprocess.DEVNULL, **options}) as running:
        try:
            for _ in range(400):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert running.poll() is None, f"{command} has ended"
                sleep(0.05)
            yield
        finally:
            running.terminate()
