"""An index built or dropped by a script that a person or CI runs before the migration, which then only checks it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from raincheck.catalog.expressions import columns_in
from raincheck.catalog.schema import Index
from raincheck.engine.finding import Fix
from raincheck.fixes.scripts import script_path
from raincheck.fixes.writing import line_end
from raincheck.sql.kinds import Kind
from raincheck.sql.names import literal, quoted_name
from raincheck.text import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.actions import Action
    from raincheck.sql.names import Name

SMALL = 1_048_576
"""Bytes up to which a table is indexed by the migration itself: one of a new database, with the rows that migrations
insert, has that in an instant."""

_HEAD = """\
-- {what} Run it before migration {tag}, with psql and outside a transaction:
--   psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f {path}
-- It can be run again, also after a failure.
"""

_BUILT = """\
DO {quote}
BEGIN
	IF NOT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = to_regclass({index}) AND indisvalid) THEN
		IF to_regclass({index}) IS NOT NULL OR pg_relation_size({table}) > {small} THEN
			RAISE EXCEPTION {message};
		END IF;
		{statement};
	END IF;
END
{quote};"""

_DROPPED = """\
DO {quote}
BEGIN
	IF to_regclass({index}) IS NOT NULL THEN
		IF pg_relation_size({table}) > {small} THEN
			RAISE EXCEPTION {message};
		END IF;
		{statement};
	END IF;
END
{quote};"""


def out_of_band(
    analysis: Analysis, step: Step, action: Action, index: Name, online: Iterable[str]
) -> Iterator[Fix]:
    """Put what is done online into a script, and a check that it was done in the statement's place.

    The check does the work itself where the table is small, as on a new database, so that schemas stay equal; on a
    table that is not, it takes no lock that others feel.
    """
    builds = action.kind is Kind.CREATE_INDEX
    table = _table(step, action, index)
    if table is None or not step.transaction.open or action.guard or not _there(analysis, step, index, table):
        return
    verb = "build" if builds else "drop"
    path = script_path(analysis.project, f"{verb}_{index.name}")
    what = f"{'Builds' if builds else 'Drops'} {quoted_name(index)} without blocking reads or writes."
    script = _HEAD.format(what=what, tag=step.migration.tag, path=path) + "\n".join(online) + "\n"
    document = step.migration.document
    text = _check(step, builds, index, table, path).replace("\n", line_end(document.text))
    edit = Edit(step.statement.whole, text)
    title = f"{verb.capitalize()} {quoted_name(index)} by a script to run first, and check that here"
    yield Fix(title, "needs-deploy", {step.migration.path: (edit,)}, {path: script}, first=(path,))


def _there(analysis: Analysis, step: Step, index: Name, table: Name) -> bool:
    """Whether a script that runs before the migrations finds what it needs: the index it drops, or the table and the
    columns of the one it builds.
    """
    run = [each for each in analysis.timeline.steps if each.pending]
    if analysis.project.pending_from == "unknown":
        run = [each for each in run if each.migration.path == step.migration.path]
    begin = (run[0] if run else step).before
    if (dropped := step.before.index(index)) is not None:
        earlier = begin.index(index)
        again = index in analysis.timeline.schema.relations
        return earlier is not None and earlier.oid == dropped.oid and not again
    now, then, built = step.before.table(table), begin.table(table), step.after.index(index)
    if now is None or built is None:
        return True
    same = then is not None and then.oid == now.oid and begin.index(index) is None
    return same and all(now.column(name) == then.column(name) for name in _columns(built) if then is not None)


def _columns(index: Index) -> Iterator[str]:
    """The columns that an index is made of."""
    yield from index.include
    for element in index.elements:
        yield from (element.column,) if element.column else ()
    computed = (index.where, *(element.expression for element in index.elements))
    for expression in computed:
        yield from columns_in(expression.node) if expression is not None else ()


def _check(step: Step, builds: bool, index: Name, table: Name, path: str) -> str:  # noqa: FBT001
    plain = re.sub(r"(\bINDEX)\s+CONCURRENTLY\b", r"\1", step.statement.text, count=1, flags=re.IGNORECASE)
    state = "is missing or INVALID" if builds else "is still there"
    message = literal(f"Index {quoted_name(index)} {state}: run {path} first.".replace("%", "%%"))
    number, quote = 1, "$$"
    while quote in plain + message:
        number, quote = number + 1, f"$check{number}$"
    return (_BUILT if builds else _DROPPED).format(
        quote=quote,
        index=literal(quoted_name(index, omit_public=False)),
        table=literal(quoted_name(table, omit_public=False)),
        small=SMALL,
        message=message,
        statement=plain,
    )


def _table(step: Step, action: Action, index: Name) -> Name | None:
    assert action.relation is not None
    if action.kind is Kind.CREATE_INDEX:
        return step.before.resolve(action.relation)
    found = step.before.index(index)
    return found.table if isinstance(found, Index) else None
