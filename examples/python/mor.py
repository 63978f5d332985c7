"""Ask a MOR server for a user's balance, and enter a payment. The hash covers no method: send over TLS only.

MOR_USER=... MOR_SECRET=... python mor.py https://mor.example.com
"""

import os
import sys
import urllib.request
from xml.etree import ElementTree

import apisig


def send(request: apisig.Request) -> ElementTree.Element:
    sent = urllib.request.Request(request.url, request.body, request.headers, method=request.method)
    with urllib.request.urlopen(sent) as answer:
        page = ElementTree.fromstring(answer.read())
    # Older servers answer <error>, newer ones <page><status><error>.
    for error in page.iter("error"):
        sys.exit(f"Refused: {error.text}")
    return page


server = sys.argv[1]
user = os.environ["MOR_USER"]
mor = apisig.Mor(os.environ["MOR_SECRET"])

# Which values are hashed, and in which order, the library knows: here username, currency.
page = send(mor.request("user_balance_get", {"u": user, "currency": "EUR", "username": "zoë & co"}, server))
print("Balance:", page.findtext("balance"), page.findtext("currency"))

payment = {
    "u": user,
    "user_id": 123,
    "p_currency": "EUR",
    "amount": "10.50",  # as text: a float has no one way to be written
    "paymenttype": "Bank transfer",
    "payer_email": "zoe+mor@example.com",
}
page = send(mor.request("payment_create", payment, server))
print(f"Payment {page.findtext('.//payment_id')}: {page.findtext('.//amount')}")
