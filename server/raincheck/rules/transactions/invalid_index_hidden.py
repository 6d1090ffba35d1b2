from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.engine.finding import Finding, Fix, Severity
from raincheck.fixes.writing import alone_in_chunk, in_chunks, line_end
from raincheck.rules.allowable import AllowableRule
from raincheck.rules.phrases import subject
from raincheck.sql.kinds import Kind
from raincheck.sql.names import Name, always_quoted, literal, quoted_name
from raincheck.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action


class InvalidIndexHidden(AllowableRule):
    """CREATE INDEX CONCURRENTLY IF NOT EXISTS takes an INVALID index of that name for a good one."""

    name = "invalid-index-hidden"
    severity = Severity.RISK
    kinds = frozenset({Kind.CREATE_INDEX})

    def check(self, step: Step, action: Action) -> Iterator[Finding]:
        if not self.looks_back(action) or step.barred:
            return
        index = _index(step, action)
        known = step.before.index(index)
        if (known is not None and known.valid) or not step.exists(subject(action)) or _dropped(step, index):
            return
        message = (
            f"A concurrent build that fails leaves an INVALID index {always_quoted(index.name)}: no query uses it, and every "
            "write pays for it. The next time, IF NOT EXISTS finds that name taken, skips the build, and the migration "
            "counts as applied."
        )
        yield Finding(self.name, self.severity, message, _help(index))

    def looks_back(self, action: Action) -> bool:
        return {"concurrent", "if_not_exists", "idxname"} <= action.node.keys()

    def cures(self, analysis: Analysis, step: Step, action: Action) -> Iterator[Fix]:  # noqa: ARG002
        document, statement = step.migration.document, step.statement
        if alone_in_chunk(document, statement):
            at = statement.span.start
            edit = Edit(Span(at, at), in_chunks((_drop(_index(step, action)), ""), line_end(document.text)))
            title = "Drop what a failed build has left first"
            yield Fix(title, "exact", {step.migration.path: (edit,)}, preferred=True)


def _index(step: Step, action: Action) -> Name:
    return Name(step.before.resolve(subject(action)).schema, action.node["idxname"])


def _drop(index: Name) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {quoted_name(index)};"


def _dropped(step: Step, index: Name) -> bool:
    """Whether an earlier statement of the file drops an index of that name."""
    return any(
        action.kind is Kind.DROP_INDEX
        and action.relation is not None
        and step.before.resolve(action.relation) == index
        for statement in step.migration.document.statements[: step.statement.index]
        for action in statement.actions
    )


def _help(index: Name) -> str:
    written = literal(quoted_name(index, omit_public=False))
    return (
        f"Drop first what an earlier try may have left:\n{_drop(index)}\n"
        "Where somebody has built the index by hand, and dropping it would be a waste, make the migration fail unless it is "
        f"valid:\nDO $$ BEGIN\n  IF NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass({written}) AND "
        f"indisvalid) THEN\n    RAISE EXCEPTION '% is not valid', {written};\n  END IF;\nEND $$;"
    )
