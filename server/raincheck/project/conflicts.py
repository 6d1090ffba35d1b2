"""The markers that git leaves in a file it could not merge."""

from __future__ import annotations

import re
from dataclasses import dataclass

from raincheck.text import Span

_MARKER = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?\r?$", re.MULTILINE)
_NEXT = {"both": ("<" * 7,), "ours": ("|" * 7, "=" * 7), "base": ("=" * 7,), "theirs": (">" * 7,)}
"""Which markers can follow, by the part that one is in."""
_OPENING = re.compile(r"^<{7}(?: |\r?$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sides:
    """The two texts that git could not merge, each whole, and what git calls them: "HEAD", "main", "1a2b3c4 (Add x)"."""

    ours: str
    theirs: str
    ours_label: str
    theirs_label: str


def sides(text: str) -> Sides | None:
    """The texts on the two sides of a merge; None where nothing is in conflict, or a marker is missing."""
    parts: tuple[list[str], list[str]] = ([], [])
    labels = ["", ""]
    at = "both"
    for line in text.splitlines(keepends=True):
        marker = _MARKER.match(line.rstrip("\r\n"))
        if marker is None or line[:7] not in _NEXT.get(at, ()):
            for number, side in enumerate(("ours", "theirs")):
                if at in {"both", side}:
                    parts[number].append(line)
            continue
        at = {"<": "ours", "|": "base", "=": "theirs", ">": "both"}[line[0]]
        if line[0] in "<>":
            labels[line[0] == ">"] = line[7:].strip()
    if at != "both" or conflict(text) is None:
        return None
    return Sides("".join(parts[0]), "".join(parts[1]), labels[0], labels[1])


def conflict(text: str) -> Span | None:
    """From the first conflict marker to the end of the last one; None where nothing is in conflict."""
    if not _OPENING.search(text):
        return None
    markers = list(_MARKER.finditer(text))
    return Span(markers[0].start(), markers[-1].end())


def without_markers(text: str) -> str:
    """Both sides of every conflict, one after the other; offsets stay (markers become spaces)."""
    return _MARKER.sub(lambda marker: " " * len(marker[0]), text)
