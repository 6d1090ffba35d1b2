"""Everything that a project's migrations say of one table, column, index, constraint or type, under all its names."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.ide.meaning import Meaning, creates, meaning
from raincheck.sql.kinds import Kind
from raincheck.sql.mention import Role
from raincheck.sql.mentions import mentions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raincheck.engine.analysis import Analysis
    from raincheck.engine.step import Step
    from raincheck.sql.mention import Mention
    from raincheck.sql.names import Name
    from raincheck.text import Span

_RENAMING = {
    Kind.RENAME_TABLE,
    Kind.RENAME_INDEX,
    Kind.RENAME_CONSTRAINT,
    Kind.RENAME_COLUMN,
    Kind.RENAME_TYPE,
}


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One token that names the thing. `created`: the thing is made there."""

    step: Step
    mention: Mention
    created: bool = False

    @property
    def path(self) -> str:
        return self.step.migration.path

    @property
    def span(self) -> Span:
        """The token's place in its file."""
        return self.mention.span.shifted(self.step.statement.span.start)

    @property
    def changes(self) -> bool:
        """Whether the statement makes, changes or drops the thing, and does not only speak of it."""
        return self.mention.role is not Role.USE


def occurrence_at(analysis: Analysis, path: str, offset: int) -> Occurrence | None:
    """What is named at a place; None where nothing is, or nobody can tell what."""
    step = step_at(analysis, path, offset)
    if step is None:
        return None
    at = offset - step.statement.span.start
    found = (one for one in mentions(step.statement.text) if one.span.touches(at))
    known = [Occurrence(step, one) for one in found if meaning(step, one) is not None]
    return next((one for one in known if one.mention.span.end > at), known[-1] if known else None)


def step_at(analysis: Analysis, path: str, offset: int) -> Step | None:
    """The step whose statement begins last at or before a place."""
    steps = analysis.steps_by_path.get(path, [])
    number = bisect_right(steps, offset, key=lambda step: step.statement.span.start) - 1
    return steps[number] if number >= 0 else None


def occurrences(analysis: Analysis, of: Occurrence) -> tuple[Occurrence, ...]:
    """All that name the same thing, in the order in which the migrations run."""
    wanted = meaning(of.step, of.mention)
    if wanted is None:
        return ()
    spelled = _spellings(analysis, {_spelled(of.mention)})
    found = [
        (Occurrence(step, mention, creates(step, mention, known)), known)
        for step in _naming(analysis, of, spelled)
        for mention in mentions(step.statement.text)
        if _spelled(mention) in spelled
        and (known := meaning(step, mention)) is not None
        and known.kin == wanted.kin
    ]
    if isinstance(wanted.owner, int) and wanted.sort == "relation":
        return tuple(one for one, _ in found)
    return _same_life(found, of)


def created_in(analysis: Analysis, of: Occurrence) -> Step | None:
    """The statement that makes a relation without naming it: the index of a key, the sequence of a serial."""
    match meaning(of.step, of.mention):
        case Meaning("relation", int(oid)):
            steps = analysis.timeline.steps
            makers = (s for s in steps if s.before.next_oid <= oid < s.after.next_oid)
            return next(makers, None)
    return None


def _spelled(mention: Mention) -> str:
    """The name that the token spells, folded and without quotes."""
    return mention.inner or (mention.name.name if mention.name else "")


def _owners(mention: Mention) -> set[str]:
    """What the relation may be called that a column or constraint is of."""
    if not mention.inner:
        return set()
    if mention.name is not None:
        return {mention.name.name}
    return {source.relation.name for scope in mention.scopes for source in scope if source.relation}


def _spellings(analysis: Analysis, names: set[str]) -> set[str]:
    """These names and those that they were changed from or to, of whatever thing: more than needed does no harm."""
    found, before = set(names), 0
    pairs = [
        {action.column or (action.relation.name if action.relation else ""), action.node.get("newname", "")}
        for step in analysis.timeline.steps
        for action in step.actions
        if action.kind in _RENAMING
    ]
    while len(found) > before:
        before = len(found)
        found = found.union(*(pair for pair in pairs if not found.isdisjoint(pair)))
    return found


def _naming(analysis: Analysis, of: Occurrence, spelled: set[str]) -> Iterator[Step]:
    """The steps whose text has the names: a look at the text is quick, and leaves few to be read closely."""
    wanted = [_word(names) for names in (spelled, _spellings(analysis, _owners(of.mention))) if names]
    steps = analysis.steps_by_path
    order = (migration for migration in analysis.project.migrations if migration.path in steps)
    texts = ((migration, migration.document.text.casefold()) for migration in order)
    paths = {m.path for m, text in texts if all(word.search(text) for word in wanted)}
    for step in analysis.timeline.steps:
        if step.migration.path in paths:
            text = step.statement.text.casefold()
            if all(word.search(text) for word in wanted):
                yield step


def _word(names: Iterable[str]) -> re.Pattern[str]:
    """Finds one of the names as a whole word, however it is written."""
    either = "|".join(re.escape(name.replace('"', '""').casefold()) for name in sorted(names))
    return re.compile(rf"(?<![\w$])(?:{either})(?![\w$])")


def _same_life(found: Iterable[tuple[Occurrence, Meaning]], of: Occurrence) -> tuple[Occurrence, ...]:
    """Of what goes by numberless names, those of one life: from where a name is made, over renames, to its drop."""
    lives: list[list[Occurrence]] = []
    living: dict[Name | str, list[Occurrence]] = {}
    renamed: list[Occurrence] | None = None
    for one, known in found:
        role = one.mention.role
        if role is Role.RENAMED and renamed is not None:
            life = living[known.label] = renamed
        elif one.created or known.label not in living:
            life = living[known.label] = []
            lives.append(life)
        else:
            life = living[known.label]
        life.append(one)
        renamed = None
        if role in {Role.DROP, Role.RENAME}:
            del living[known.label]
            renamed = life if role is Role.RENAME else None
    return next((tuple(life) for life in lives if any(_same(one, of) for one in life)), ())


def _same(one: Occurrence, other: Occurrence) -> bool:
    return one.step is other.step and one.mention.span == other.mention.span
