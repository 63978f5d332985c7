"""A request as it reaches an application."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    import flask
    from starlette.requests import Request as StarletteRequest


class FakeRequest(NamedTuple):
    """A request as it reaches your application, for your own tests: in the form that your framework takes."""

    method: str
    """Such as "POST"."""
    url: str
    """A path or a whole URL, with its query."""
    headers: dict[str, str]
    """Values by name."""
    body: bytes
    """The raw bytes."""

    def to(self, url: str) -> FakeRequest:
        """Return the same request to another URL, such as that of your route. It keeps its query."""
        query = urlsplit(self.url).query
        return self._replace(url=url + (("&" if "?" in url else "?") + query if query else ""))

    def send(self, client: Any) -> Any:
        """Return the response of a test client: Django's, Flask's, Starlette's, FastAPI's; or one of httpx.

        What an asynchronous client returns is awaited.
        """
        if hasattr(client, "generic"):
            return client.generic(**self._of_django())
        if hasattr(client, "open"):
            return client.open(self.flask())
        return client.request(**self.arguments())

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of httpx: ``client.request(**arguments)``; Starlette's TestClient has the same."""
        return {"method": self.method, "url": self.url, "headers": self.headers, "content": self.body}

    def django(self) -> Any:
        """Return a request of Django, for a sync view."""
        from django.test import RequestFactory

        return RequestFactory().generic(**self._of_django())

    def async_django(self) -> Any:
        """Return a request of Django, for an async view."""
        from django.test import AsyncRequestFactory

        return AsyncRequestFactory().generic(**self._of_django())

    def flask(self) -> flask.Request:
        """Return a request of Flask: for ``client.open()``, or ``app.request_context(request.environ)``."""
        from flask import Request
        from werkzeug.test import EnvironBuilder

        url = urlsplit(self.url)
        builder = EnvironBuilder(
            path=url.path, query_string=url.query, method=self.method, headers=self.headers.items(), data=self.body
        )
        return Request(builder.get_environ())

    def starlette(self) -> StarletteRequest:
        """Return a request of Starlette and FastAPI."""
        from starlette.requests import Request

        url, sent = urlsplit(self.url), BytesIO(self.body)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": sent.read(), "more_body": False}

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": self.method,
            "scheme": url.scheme or "http",
            "server": (url.hostname or "testserver", url.port or 80),
            "path": unquote(url.path),
            "raw_path": url.path.encode(),
            "query_string": url.query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in self.headers.items()],
        }
        return Request(scope, receive)

    def _of_django(self) -> dict[str, Any]:
        headers = {name: value for name, value in self.headers.items() if name != "Content-Type"}
        kind = self.headers.get("Content-Type", "")
        return {"method": self.method, "path": self.url, "data": self.body, "content_type": kind, "headers": headers}
