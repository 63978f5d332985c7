"""The headers of a request of Kommo's, as frameworks give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._native import String, presented

Headers = Mapping[Any, Any]
"""Names in any case to values, each a string or a list of one."""


def header(headers: Headers, name: bytes) -> String:
    """Find the header's only value; "" if it is missing.

    If it is there twice, or is no string, it becomes a character that no header can hold.
    """
    values: list[object] = []
    for key, value in headers.items():
        if isinstance(key, (str, bytes)) and presented(key).lower() == name:
            values.extend(value if isinstance(value, (list, tuple)) else [value])
    only = values[0] if len(values) == 1 else "\0" if values else ""
    return only if isinstance(only, (str, bytes)) else "\0"
