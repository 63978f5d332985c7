"""A small site with ImbaChat: the chat and a "Write message" button on a page, and the Users info URL, where ImbaChat
asks about users. Set the widget's settings in the environment:

    export IMBACHAT_DEV_ID=15 IMBACHAT_SECRET=… IMBACHAT_LOGIN=… IMBACHAT_PASSWORD=…
    python3 examples/python/imbachat.py 8000
"""

import os
import sys
from http import HTTPStatus
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server

from apisig import ImbaChat, ImbaChatUser, Response, VerificationFailed

URL = "https://www.example.com"

# A real site uses a database.
USERS = {
    1: ImbaChatUser(
        1,
        "John",
        f"{URL}/contents/avatars/1.jpg",
        f"{URL}/members/1/",
        1590488400,
        "VIP",
    ),
    2: ImbaChatUser(2, "Jané", False, f"{URL}/members/2/", False, ""),
}

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<title>Jane</title>
<body>
<button onclick="{write_message}">Write message</button>
{widget}
</body>
</html>
"""


def users_info(environ):
    """Return the answer to ImbaChat's GET /users?user_ids=1,2."""
    authorization = environ.get("HTTP_AUTHORIZATION")
    if not ImbaChat.verify_authorization(os.environ["IMBACHAT_LOGIN"], os.environ["IMBACHAT_PASSWORD"], authorization):
        return ImbaChat.unauthorized()
    try:
        ids = ImbaChat.user_ids(parse_qs(environ["QUERY_STRING"]).get("user_ids", [""])[-1])
    except VerificationFailed:
        return Response(400, {}, b"")
    return ImbaChat.users(user for user_id, user in USERS.items() if user_id in ids)


def page():
    """Return Jane's page for John, who is logged in."""
    me = 1
    token = ImbaChat(os.environ["IMBACHAT_SECRET"]).sign(me, ttl=3600)
    widget = ImbaChat.widget(os.environ["IMBACHAT_DEV_ID"], me, token, os.environ.get("IMBACHAT_ORIGIN", ""))
    html = PAGE.format(write_message=ImbaChat.open_dialog(2), widget=widget)
    return Response(200, {"Content-Type": "text/html; charset=utf-8"}, html.encode())


def site(environ, start_response):
    """Answer a WSGI request."""
    if environ["PATH_INFO"] == "/":
        status, headers, body = page()
    elif environ["PATH_INFO"] == "/users":
        status, headers, body = users_info(environ)
    else:
        status, headers, body = Response(404, {}, b"")
    start_response(f"{status} {HTTPStatus(status).phrase}", list(headers.items()))
    return [body]


if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), site).serve_forever()
