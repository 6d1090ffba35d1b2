"""Problems of a migration's text."""

from __future__ import annotations

from raincheck.engine.finding import Severity
from raincheck.engine.rule import Rule


class SyntaxError_(Rule):  # noqa: N801 - Python has the plain name
    """A statement that PostgreSQL's parser refuses."""

    name = "syntax-error"
    severity = Severity.DANGER


class StatementTooComplex(Rule):
    """A statement nested or chained so deeply that it was not read."""

    name = "statement-too-complex"
    severity = Severity.NOTE


class ByteOrderMark(Rule):
    """A byte order mark at the start of a file, which PostgreSQL refuses."""

    name = "byte-order-mark"
    severity = Severity.DANGER


class NotUtf8(Rule):
    """A file that is not UTF-8."""

    name = "not-utf-8"
    severity = Severity.DANGER


class PsqlOnlyCommand(Rule):
    """A command of psql, or data for COPY FROM STDIN, that PostgreSQL does not understand."""

    name = "psql-only-command"
    severity = Severity.DANGER


class BreakpointSplitsLiteral(Rule):
    """Drizzle's breakpoint inside a string, a dollar-quoted body or a comment."""

    name = "breakpoint-splits-literal"
    severity = Severity.DANGER


class PulledBaselineCommented(Rule):
    """The commented-out first migration of drizzle-kit pull, which fails when it is run."""

    name = "pulled-baseline-commented"
    severity = Severity.DANGER
