"""What to do about SQL that the parser refuses, told from its answer and from where it stopped."""

from __future__ import annotations

import re

from pglast.keywords import RESERVED_KEYWORDS

_DEFAULT = (
    "PostgreSQL refuses it in the same words. Correct it here; where drizzle-kit has written it so, correct the schema file "
    "and generate the migration anew."
)
_BY_BEGINNING = {
    "unterminated quoted string": "A string has no end. A single quote inside a string is written twice: 'it''s'.",
    "unterminated /* comment": (
        "Close the comment with */. Drizzle splits at each breakpoint, also inside a comment: remove it there."
    ),
    "unterminated dollar-quoted": (
        "The body ends with the same $tag$ as it begins with. Drizzle splits at each breakpoint, also inside a body: remove it there."
    ),
    "syntax error at end of input": (
        "The statement is not complete: its end is missing, a closing parenthesis say, or a breakpoint parts it."
    ),
}
_NAME = (
    'A double quote inside a name is written twice: "a""b". drizzle-kit does not do that: give the thing another name in the '
    "schema file, or correct the migration by hand."
)
_NEXT = (
    "If a new statement begins here, the one before it has no end: write `;` behind it, and `--> statement-breakpoint` on the "
    "next line."
)
_VERBS = re.compile(
    r"(?:ALTER|COMMENT|COMMIT|CREATE|DELETE|DO|DROP|GRANT|INSERT|REVOKE|SELECT|UPDATE)\b", re.IGNORECASE
)
_NOT_THERE = re.compile(
    r"\A\s*(?:CREATE\s+(?:TYPE|POLICY)|ALTER\s+TABLE\s.*?\bADD\s+CONSTRAINT)\s+(?P<extra>IF\s+NOT\s+EXISTS\s+)",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"[A-Za-z_]\w*")


def advice(message: str, text: str, at: int) -> str:
    """What to do. `at`: where the parser stopped, in code points from the statement's start."""
    for beginning, told in _BY_BEGINNING.items():
        if message.startswith(beginning):
            return told
    if message.startswith("unterminated quoted identifier") or _goes_on_behind_a_name(text, at):
        return _NAME
    found = _NOT_THERE.match(text)
    if found is not None and found.start("extra") <= at < found.end("extra"):
        return _guarded(text[: found.start("extra")] + text[found.end("extra") :])
    if at and text[:at].rpartition("\n")[2].strip() == "" and _VERBS.match(text, at):
        return _NEXT
    word = _WORD.match(text, at)
    if word is not None and word.group().lower() in RESERVED_KEYWORDS:
        return f'{word.group()} is a reserved word: where it is meant as a name, it is written in double quotes: "{word.group()}".'
    return _DEFAULT


def _goes_on_behind_a_name(text: str, at: int) -> bool:
    return at > 0 and text[at - 1] == '"' and _WORD.match(text, at) is not None


def _guarded(statement: str) -> str:
    body = statement.strip().rstrip(";").replace("\n", "\n  ")
    return (
        "PostgreSQL has no IF NOT EXISTS here. A block that goes on where it is there already:\n"
        f"DO $$ BEGIN\n  {body};\nEXCEPTION WHEN duplicate_object OR duplicate_table THEN NULL;\nEND $$;"
    )
