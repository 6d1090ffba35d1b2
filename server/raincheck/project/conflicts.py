"""The markers that git leaves in a file it could not merge."""

from __future__ import annotations

import re

from raincheck.text import Span

_MARKER = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?\r?$", re.MULTILINE)
_OPENING = re.compile(r"^<{7}(?: |\r?$)", re.MULTILINE)


def conflict(text: str) -> Span | None:
    """From the first conflict marker to the end of the last one; None where nothing is in conflict."""
    if not _OPENING.search(text):
        return None
    markers = list(_MARKER.finditer(text))
    return Span(markers[0].start(), markers[-1].end())


def without_markers(text: str) -> str:
    """Both sides of every conflict, one after the other; offsets stay (markers become spaces)."""
    return _MARKER.sub(lambda marker: " " * len(marker[0]), text)
