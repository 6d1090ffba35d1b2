from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Severity
from raincheck.rules.allowable import AllowableRule
from raincheck.sql.kinds import Kind
from raincheck.sql.names import LONGEST, cut
from raincheck.sql.tokens import Shape, tokens
from raincheck.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action

_LONG, _MAYBE = re.compile(r'"[^"]{64,}"|[^\W\d]\w{63,}'), re.compile(r'"[^"]{16,}"|[^\W\d]\w{15,}')
"""Names of as many characters as take, or with four bytes each can take, more than 63 bytes."""


class IdentifierTruncated(AllowableRule):
    """A name is longer than 63 bytes, and PostgreSQL cuts it."""

    name = "identifier-truncated"
    severity = Severity.RISK
    kinds = frozenset(
        {Kind.CREATE_TABLE, Kind.CREATE_INDEX, Kind.CREATE_VIEW, Kind.CREATE_MATERIALIZED_VIEW}
        | {Kind.CREATE_ENUM, Kind.CREATE_SEQUENCE, Kind.CREATE_SCHEMA, Kind.CREATE_POLICY, Kind.ADD_COLUMN}
        | {Kind.RENAME_TABLE, Kind.RENAME_COLUMN, Kind.RENAME_CONSTRAINT, Kind.RENAME_INDEX}
        | {Kind.ADD_CHECK, Kind.ADD_FOREIGN_KEY, Kind.ADD_UNIQUE, Kind.ADD_PRIMARY_KEY}
    )

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        text = step.statement.text
        if action is not step.actions[0] or not (_LONG if text.isascii() else _MAYBE).search(text):
            return
        for token in tokens(text):
            written = text[token.start : token.end]
            is_name = token.shape is Shape.WORD or written.startswith('"')
            if is_name and _bytes(written) > LONGEST:
                name = written.strip('"')
                message = (
                    f'"{name}" has {_bytes(written)} bytes: PostgreSQL cuts it to "{cut(name)}", without an error. Two names that '
                    "begin alike become one, and drizzle-kit looks for the long one when it reads a database."
                )
                yield Finding(self.name, self.severity, message, _HELP, Span(token.start, token.end))
                return


_HELP = "Give it a shorter name in the schema in TypeScript, and generate the migration again."


def _bytes(written: str) -> int:
    return len(written.strip('"').replace('""', '"').encode())
