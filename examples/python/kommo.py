"""Kommo: connects a channel to an account, sends a message into it, disconnects it, and checks a webhook.

KOMMO_SECRET=... python kommo.py CHANNEL_ID ACCOUNT_ID [HOST]
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

import apisig


def send(request: apisig.Request) -> tuple[int, bytes]:
    """Send a request unchanged. Return the answer's status and body."""
    method, url, headers, body = request
    try:
        ready = urllib.request.Request(url, body or None, headers, method=method)
        with urllib.request.urlopen(ready, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


def receive(kommo: apisig.Kommo, body: bytes, signature: str | None) -> int:
    """Handle a webhook, at the URL that receives them. Return the status of the answer."""
    if not kommo.verify_webhook(body, signature):
        return 401
    webhook = json.loads(body)
    print("received:", json.dumps(webhook.get("message", {}).get("message", {}).get("text")))
    return 200


channel_id, account_id = sys.argv[1:3]
host = sys.argv[3] if len(sys.argv) > 3 else apisig.Kommo.HOST
kommo = apisig.Kommo(os.environ["KOMMO_SECRET"])

try:
    connection = apisig.Kommo.connected(*send(kommo.connect(channel_id, account_id, "MyKommo", "v2", host)))
    print("connected:", connection.scope_id)

    message = {
        "event_type": "new_message",
        "payload": {
            "timestamp": int(time.time()),
            "msec_timestamp": int(time.time() * 1000),
            "msgid": uuid.uuid4().hex,
            "conversation_id": "conversation-1",
            "sender": {"id": "customer-1", "name": "Zoë"},
            "message": {"type": "text", "text": "Hello / здравствуйте"},
            "silent": False,
        },
    }
    request = kommo.request("POST", f"/v2/origin/custom/{connection.scope_id}", json.dumps(message), host)
    answer = json.loads(apisig.Kommo.accepted(*send(request)))
    print("sent:", answer["new_message"]["conversation_id"])

    apisig.Kommo.accepted(*send(kommo.disconnect(channel_id, account_id, host)))
    print("disconnected")
except apisig.RequestRefused as refused:
    print("refused:", refused.http_status, refused.error_type)
    sys.exit(1)

# In a WSGI application use environ["wsgi.input"].read(length) and environ.get("HTTP_X_SIGNATURE").
print("webhook:", receive(kommo, sys.stdin.buffer.read(), os.environ.get("HTTP_X_SIGNATURE")))
