"""Foreign keys and checks in two transactions: NOT VALID in one, and in a later one VALIDATE, which lets others write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.catalog.schema import Check, ForeignKey
from raincheck.engine.finding import Fix
from raincheck.fixes.constraint_text import constraint_added, constraint_span, single, unnamed_text
from raincheck.fixes.new_migration import new_migration
from raincheck.fixes.reordering import same_table
from raincheck.fixes.settings import kept_lock_timeout
from raincheck.fixes.writing import in_chunks, line_end
from raincheck.locks.selectors import scans_for_null
from raincheck.sql.kinds import Kind
from raincheck.sql.names import always_quoted, quoted_name
from raincheck.text import Edit, Span, apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.catalog.schema import Constraint
    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

PARTITIONED_NOT_VALID_SINCE = 18
"""The major from which on a foreign key of a partitioned table may be NOT VALID (42809 before it), and VALIDATE reaches
what one to a partitioned table has for each partition (it stays marked as not validated before, as seen on 15 and 17).
"""


@dataclass(frozen=True, slots=True)
class Staged:
    """The parts of a constraint that is added NOT VALID: the edits of its statement, relative to its start, and what
    validates it.
    """

    constraint: Constraint
    edits: tuple[Edit, ...]
    validate: str

    def rewritten(self, step: Step) -> str:
        """The statement, or statements, as the edits leave them."""
        return apply_edits(step.statement.whole.within(step.migration.document.text), self.edits)


def staged(step: Step, action: Action) -> Staged | None:
    """A foreign key or check in two parts; None where PostgreSQL has no such form, or too little is known."""
    constraint, span = constraint_added(step, action), constraint_span(step, action)
    table = step.before.table(action.relation) if action.relation else None
    if constraint is None or table is None or span is None or action.relation is None:
        return None
    ends = (table, step.before.table(constraint.table)) if isinstance(constraint, ForeignKey) else ()
    partitioned = any(end is not None and end.partition_key is not None for end in ends)
    if partitioned and step.target < PARTITIONED_NOT_VALID_SINCE:
        return None
    alter = f"ALTER TABLE {quoted_name(action.relation, omit_public=False)}"
    validate = f"{alter} VALIDATE CONSTRAINT {always_quoted(constraint.name)};"
    if not action.inline:
        return Staged(constraint, (Edit(Span(span.end, span.end), " NOT VALID"),), validate)
    if not single(action) or action.guard:
        return None
    written = unnamed_text(step, action)
    if isinstance(constraint, ForeignKey):
        written = f"FOREIGN KEY ({always_quoted(action.column)}) {written}"
    added = f"{alter} ADD CONSTRAINT {always_quoted(constraint.name)} {written} NOT VALID;"
    return Staged(constraint, _taken_out(step, span, added), validate)


def not_valid(analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:
    """Split a foreign key or check over its own file and a new one, which reads the rows in its own transaction."""
    parts = staged(step, action)
    if parts is None or not can_wait(analysis, step, action, parts.constraint):
        return
    document, path = step.migration.document, step.migration.path
    text = in_chunks((*own_transaction(step), parts.validate), line_end(document.text))
    new = new_migration(analysis.project, f"validate_{parts.constraint.name}", text)
    if new is not None:
        start = step.statement.span.start
        ends = line_end(document.text)
        edits = tuple(Edit(one.span.shifted(start), one.text.replace("\n", ends)) for one in parts.edits)
        title = "Add it NOT VALID here, and VALIDATE it in a new migration"
        yield Fix(title, "needs-deploy", {path: edits, **new.edits}, new.creates, preferred=True)


def own_transaction(step: Step) -> tuple[str, ...]:
    """What a migration begins with that must not hold the locks of those before it; nothing where none are held."""
    return ("COMMIT;", "BEGIN;", *kept_lock_timeout(step)) if step.transaction.open else ()


def _taken_out(step: Step, span: Span, added: str) -> tuple[Edit, ...]:
    """Take an inline constraint out of its column, and put a statement behind the column's."""
    text = step.statement.text
    removed = Edit(Span(len(text[: span.start].rstrip()), span.end), "")
    at = step.statement.whole.end - step.statement.span.start
    return (removed, Edit(Span(at, at), in_chunks(("", added))))


def can_wait(analysis: Analysis, step: Step, action: Action, constraint: Constraint) -> bool:
    """Whether the constraint is still there, as it is, behind the run, and nothing before then needs it to be valid."""
    last = analysis.timeline.schema
    assert action.relation is not None
    name = step.after.resolve(action.relation)
    table = last.table(name)
    if table is None or not same_table(step.after, last, name):
        return False
    later = (after for after in analysis.timeline.steps[step.ordinal + 1 :] if after.pending)
    needed = any(name in after.locks and _rests_on(after, name, constraint) for after in later)
    return table.constraint(constraint.name) == constraint and not needed


def _rests_on(step: Step, name: Name, constraint: Constraint) -> bool:
    """Whether a step takes the constraint for a proof: of a partition's bounds, or that a column holds no NULL."""
    if any(action.kind is Kind.ATTACH_PARTITION for action in step.actions):
        return True
    before, after = step.before.table(name), step.after.table(name)
    if before is None or after is None or not isinstance(constraint, Check):
        return False
    nullable = {column.name for column in before.columns if not column.not_null}
    required = (column.name for column in after.columns if column.not_null and column.name in nullable)
    without = frozenset({constraint.name})
    return any(
        scans_for_null(step.before, before, column, without)
        and not scans_for_null(step.before, before, column, frozenset())
        for column in required
    )
