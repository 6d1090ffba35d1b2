"""Everything that a project's migrations say of one table, column, index, constraint or type, under all its names."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raincheck.ide.meaning import Meaning, creates, meaning
from raincheck.ide.places import step_at
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


def occurrences(analysis: Analysis, of: Occurrence) -> tuple[Occurrence, ...]:
    """All that name the same thing, in the order in which the migrations run."""
    wanted = meaning(of.step, of.mention)
    if wanted is None:
        return ()
    spelled = _spellings(analysis, {_spelled(of.mention)})
    owners = set() if wanted.sort == "relation" else _owners(of.mention)
    found = [
        (Occurrence(step, mention, creates(step, mention, known)), known)
        for step in _naming(analysis, owners, spelled)
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
            return analysis.timeline.makers.relations.get(oid)
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
        for step in _having(analysis, {"rename"})
        for action in step.actions
        if action.kind in _RENAMING
    ]
    while len(found) > before:
        before = len(found)
        found = found.union(*(pair for pair in pairs if not found.isdisjoint(pair)))
    return found


def _naming(analysis: Analysis, owners: set[str], spelled: set[str]) -> list[Step]:
    """The steps whose text has the names, in their order: few are left to be read closely."""
    if owners:
        needles = [_as_text(name) for name in spelled]
        steps = [
            step
            for step in _having(analysis, _spellings(analysis, owners))
            if any(needle in step.statement.text.casefold() for needle in needles)
        ]
    else:
        steps = _having(analysis, spelled)
    return sorted(steps, key=lambda step: step.ordinal)


def _having(analysis: Analysis, words: Iterable[str]) -> list[Step]:
    """The steps whose text has one of the words, however it is written; looked for in whole files, which is quick."""
    needles = [_as_text(word) for word in words]
    by_path = analysis.steps_by_path
    found: list[Step] = []
    for migration in analysis.project.migrations:
        text = migration.document.text
        folded = text.lower() if text.isascii() else text.casefold()
        if migration.path in by_path and any(needle in folded for needle in needles):
            found += _touched(by_path[migration.path], folded, needles, same=len(folded) == len(text))
    return found


def _touched(steps: list[Step], folded: str, needles: list[str], *, same: bool) -> Iterable[Step]:
    """Those of a file's steps in whose text one of the needles is; `same`: places in it are those of the file."""
    if not same:
        return [step for step in steps if any(needle in step.statement.text.casefold() for needle in needles)]
    hits = (hit for needle in needles for hit in _hits(folded, needle))
    numbers = {bisect_right(steps, hit, key=lambda step: step.statement.span.start) - 1 for hit in hits}
    return [steps[number] for number in numbers if number >= 0]


def _hits(text: str, needle: str) -> Iterator[int]:
    """Where a word stands by itself; a part of a longer one is none."""
    at = text.find(needle)
    while at >= 0:
        end = at + len(needle)
        if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum() or text[end : end + 1] == "_"):
            yield at
        at = text.find(needle, end)


def _as_text(name: str) -> str:
    return name.replace('"', '""').casefold()


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
