"""What is wrong by what the files say, and the next run with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.project.status.facts import MOST, Diagnosis, Facts, listed
from raincheck.project.status.lines import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raincheck.project.baseline import Kind
    from raincheck.project.runner.refusals import Stage
    from raincheck.project.status.lines import Edit

_HELP: dict[Stage, str] = {
    "upgrade": "Restore those migrations, or delete their rows where they were never meant for this database.",
    "check": "Restore the folder that it names from git.",
    "read": "Restore it from git; `raincheck check` shows the place.",
}
_HARMLESS: frozenset[Kind | None] = frozenset({"same", "line-endings", "comments"})
_KINDS: dict[Kind | None, str] = {
    "same": "only bytes that are not UTF-8 differ",
    "line-endings": "only its line ends differ",
    "comments": "only comments and spacing differ",
    "breakpoints": "the same statements, cut at other breakpoints",
    "concurrently": "CONCURRENTLY, IF EXISTS or IF NOT EXISTS were added",
    "statements": "its statements differ",
    None: "its SHA-256 differs",
}


def refused(facts: Facts) -> Iterator[Diagnosis]:
    """What stops the migrator before it runs anything."""
    refusal = facts.run.refusal
    if refusal is not None:
        silent = "" if facts.by_name else " drizzle-kit's `migrate` prints nothing of it, and exits with 1."
        said = refusal.said.rstrip(".")
        yield Diagnosis(
            "refused",
            f"The next run does nothing. Drizzle stops with: {said}.{silent}",
            _HELP[refusal.stage],
        )


def fails(facts: Facts) -> Iterator[Diagnosis]:
    """A failure that is certain by the values alone."""
    failure = facts.run.failure
    if failure is not None:
        yield Diagnosis(
            "fails",
            f"The next run fails in {failure.tag}: {failure.message} ({failure.sqlstate}).",
            "Mend that file or its entry; no database has run it so.",
        )


def missing(facts: Facts) -> Iterator[Diagnosis]:
    """Of the entries without a file, those that `refused` does not name already."""
    said = facts.run.refusal.said if facts.run.refusal else ""
    tags = [line.tag for line in facts.standing(Standing.MISSING) if f"/{line.tag}.sql" not in said]
    if tags:
        yield Diagnosis(
            "file-missing",
            f"The journal names {listed(tags)}, and there is no such file.",
            "Restore from git what was applied; delete the entries of what never was.",
        )


def skipped(facts: Facts) -> Iterator[Diagnosis]:
    """What is not applied, and never will be."""
    tags = [line.tag for line in facts.standing(Standing.SKIPPED)]
    if not tags or facts.by_name or facts.future_row is not None:
        return
    times = [migration.when for migration in facts.project.migrations if migration.when is not None]
    newest = max([*times, facts.run.after or 0])
    one = len(tags) == 1
    yield Diagnosis(
        "skipped",
        f"{listed(tags)} {'is' if one else 'are'} not applied and never will be: {'its' if one else 'their'} `when` in "
        "the journal is not above that of the newest migration applied, and Drizzle 0.x looks at nothing else. It "
        "reports success, and queries fail on what is missing: relation (42P01) or column (42703) does not exist.",
        "Where no database has run it, move its entry to the end of the journal, with a later time:\n"
        + "\n".join(f'  {tag}: "when": {newest + 1 + n}' for n, tag in enumerate(tags[:MOST])),
    )


def edited(facts: Facts) -> Iterator[Diagnosis]:
    """Applied migrations that are not what was applied."""
    for line in facts.lines:
        told = _told(line.edits)
        if line.edited and any(edit.kind not in _HARMLESS for edit in line.edits):
            yield Diagnosis(
                "edited",
                f"{line.tag} was edited after it was applied ({told}). Drizzle never compares: databases that have run "
                "it keep what it did then, and new ones get what it says now.",
                "Restore the file from git, and put the change into a new migration. Where every database has run "
                "today's text, accept it with `raincheck seal`.",
            )
        elif line.edited:
            yield Diagnosis(
                "edited-harmlessly",
                f"{line.tag} is not the text that was applied, but does the same ({told}).",
                "Restore it, or accept it with `raincheck seal`.",
                wrong=False,
            )


def _told(edits: Sequence[Edit]) -> str:
    """How the text differs from what others have, and who they are."""
    alike: dict[str, list[str]] = {}
    for edit in edits:
        since = f", edited {edit.since}" if edit.since else ""
        alike.setdefault(f"{_KINDS[edit.kind]}{since}", []).append(edit.said_by)
    return "; ".join(f"{how}, by {listed(who)}" for how, who in alike.items())
