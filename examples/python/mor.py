"""Get a user's balance from a MOR server, and make a payment. The hash covers no method: send over TLS only.

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

# The library has the server's order of the hashed values: here username, currency.
page = send(mor.request("user_balance_get", {"u": user, "currency": "EUR", "username": "zoë & co"}, server))
print("Balance:", page.findtext("balance"), page.findtext("currency"))

payment = {
    "u": user,
    "user_id": 123,
    "p_currency": "EUR",
    "amount": "10.50",  # as text: a float can be written in several ways
    "paymenttype": "Bank transfer",
    "payer_email": "zoe+mor@example.com",
}
page = send(mor.request("payment_create", payment, server))
print(f"Payment {page.findtext('.//payment_id')}: {page.findtext('.//amount')}")
