"""Create, find, change and delete a user of a Kayako helpdesk.

KAYAKO_API_KEY=... KAYAKO_SECRET=... python kayako.py https://help.example.com
"""

import os
import sys
import urllib.error
import urllib.request

import apisig


def send(request: apisig.Request) -> str:
    sent = urllib.request.Request(request.url, request.body or None, request.headers, method=request.method)
    try:
        with urllib.request.urlopen(sent) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.read().decode()


helpdesk = sys.argv[1]
api_key = os.environ["KAYAKO_API_KEY"]
kayako = apisig.Kayako(os.environ["KAYAKO_SECRET"])

user = {"fullname": "Zoë Smith & Sons", "usergroupid": 2, "password": "a+b=c%", "email": ["zoe@example.com"]}
print(send(kayako.request("POST", helpdesk, "/Base/User", api_key, user)))
print(send(kayako.request("GET", helpdesk, "/Base/User/Filter", api_key, {"marker": 0, "maxitems": 10})))
print(send(kayako.request("PUT", helpdesk, "/Base/User/1", api_key, {"fullname": "Zoë Jones"})))
print(send(kayako.request("DELETE", helpdesk, "/Base/User/1", api_key)))
