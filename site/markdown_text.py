"""What the pages of C and of Python share."""

from __future__ import annotations

import re


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return re.sub(r"([\\*_<>\[\]])", r"\\\1", text)
