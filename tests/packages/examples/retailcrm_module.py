"""The example of RetailCRM in Python, its requests sent to the CRM of the test. The test alone does this: a system URL
has https and no port, and the library accepts no other.
"""

from __future__ import annotations

import os
import sys
from http.server import HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "examples" / "python"))
import retailcrm


def send(request: retailcrm.Request) -> bytes:
    url = urlsplit(request.url)
    return retailcrm.send(
        request._replace(url=os.environ["CRM_ORIGIN"] + url.path, headers={"Host": url.netloc, **request.headers})
    )


class Module(retailcrm.Module):
    send = staticmethod(send)


HTTPServer(("127.0.0.1", int(sys.argv[1])), Module).serve_forever()
