"""Which migrations are no longer what drizzle-kit writes for their snapshots, as far as that can be told.

The installed drizzle-kit need not be the one that wrote a file: older ones wrote IF NOT EXISTS and DO blocks. So a
difference counts only where the migrations around it come out byte for byte, and where more differs than what
drizzle-kit's releases are known to spell otherwise. drizzle-kit asks what was renamed, and 0.x does not write the
answer down; such a migration stays unknown, as does one that was written by hand (`generate --custom`).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from raincheck.project.journal import read_journal
from raincheck.sql.chunks import BREAKPOINT
from raincheck.sql.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from raincheck.project.project import Migration, Project

_BY_RELEASE = re.compile(
    r"\x00(?:IF\x00NOT\x00EXISTS|IF\x00EXISTS|USING\x00btree|CASCADE|\"public\"\x00\.)(?=\x00)", re.IGNORECASE
)
"""What one release writes and another leaves out, between the tokens of a statement."""
_DO = re.compile(r"\bDO \$\$")


def texts(project: Project, statements: Mapping[str, tuple[str, ...] | None]) -> dict[str, str]:
    """The text of each migration that drizzle-kit could write again; not of those that came out empty."""
    ends = _ends(project)
    return {
        migration.tag: ends.get(migration.tag, f"{BREAKPOINT}\n").join(of)
        for migration in project.migrations
        if (of := statements.get(migration.tag))
    }


def _ends(project: Project) -> dict[str, str]:
    """What stands between statements, where the journal says that there are no breakpoints."""
    journal = read_journal(project.journal_path, project.journal_text or "")
    return {entry.tag: "\n" for entry in journal.entries if not entry.breakpoints}


def vouched(project: Project, written: Mapping[str, str]) -> Iterator[tuple[Migration, str]]:
    """The migrations of which the text written again can be relied on, with that text: what they should be.

    Those that come out byte for byte, and those between such ones that differ in more than in spelling.
    """
    known = [migration for migration in project.migrations if migration.tag in written]
    same = [migration.document.text == written[migration.tag] for migration in known]
    around = list(pairwise((True, *same, True)))
    for place, migration in enumerate(known):
        text = written[migration.tag]
        neighbours = around[place][0] and same[place + 1 : place + 2] != [False]
        if same[place] or (len(known) > 1 and neighbours and _says_more(text, migration.document.text)):
            yield migration, text


def _says_more(written: str, found: str) -> bool:
    """Whether a text differs in more than releases of drizzle-kit do."""
    return not _DO.search(found) and _core(written) != _core(found)


def _core(text: str) -> str:
    joined = "\x00".join(text[token.start : token.end] for token in tokens(text))
    return _BY_RELEASE.sub("", f"\x00{joined}\x00")
