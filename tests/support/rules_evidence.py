"""What is known of each rule from what it did: docs/rules/evidence.md.

Run from the repository's root: `python tests/support/rules_evidence.py`. It carries out every case of every page, which
takes half a minute.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.engine.analysis import Analysis

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from raincheck.rules import ALL  # noqa: E402 - the path is set above
from raincheck.rules.pages import family  # noqa: E402
from support.pages import all_analyses, cases  # noqa: E402
from support.recorded import analyses, folders  # noqa: E402

PAGE = ROOT / "docs" / "rules" / "evidence.md"
HEAD = """# What the rules say of real migrations, and what they can mend

*Told* counts the findings in the {migrations} migrations of [tests/projects](../../tests/projects/README.md) that drizzle-kit wrote, each as the only pending one; *joined* those for which a stronger finding of the same change speaks. [tests/rules/projects.txt](../../tests/rules/projects.txt) has them migration by migration. A rule that says nothing there is shown by the cases of its page alone. *Fixes* are those that are offered somewhere on the rules' pages or in these projects, but for "allow it here"; [fixes.md](../fixes.md) has what is proven of them. This page is printed by `python tests/support/rules_evidence.py`.

| rule | severity | told | joined | fixes, or why there is none |
|---|---|---:|---:|---|
"""
WHY = {
    "locking": "it depends on when the lock may be taken; the help says how",
    "rewriting": "PostgreSQL has no form that does it online; the help has the way round",
    "data_loss": "whether the data may go, only its author knows",
    "compatibility": "the code has to change first; the help says in which order",
    "transactions": "what the file is to commit, only its author knows",
    "replay": "which of the statements is wrong, only their author knows",
    "history": "which of the two versions is right, only their author knows",
    "reading": "the text has to be written anew by its author",
    "design": "a change of the schema file, not of a migration",
}
"""Why a rule of a family has no fix."""
OWN = {
    **dict.fromkeys(
        ("work-under-exclusive-lock", "vector-index-in-transaction"),
        "it carries those of the rule that it speaks for",
    ),
    **dict.fromkeys(("byte-order-mark", "not-utf-8"), "the editor has to save the file in another encoding"),
    **dict.fromkeys(
        ("allowance-unused", "allowance-without-reason", "allowance-expired"),
        "whether it is still right, only its author knows",
    ),
    **dict.fromkeys(
        ("baseline-outdated", "sizes-outdated"), "a command writes the file anew; the help names it"
    ),
    **dict.fromkeys(
        ("search-cut-short", "statement-too-complex", "other-database", "no-migrations"), "nothing is wrong"
    ),
    **dict.fromkeys(
        (
            "column-used-by-view",
            "column-used-by-policy",
            "column-used-by-trigger",
            "column-used-by-generated",
            "comparison-impossible",
        ),
        "the help has what drops it and makes it again",
    ),
    "column-type-narrows": "it carries that of column-type-rewrites; rows that do not fit are their owner's",
    "concurrent-build-corrupts": "the server has to be updated",
    "domain-constraint-scans": "NOT VALID and a later VALIDATE, as the help has them, by hand",
    "enum-value-used-in-run": "the value has to be deployed first",
    "exclusion-builds-index": "PostgreSQL has no form that does it online",
    "exclusive-locks-pile-up": "where to part a run is a decision about deployments",
    "explicit-table-lock": "why it is taken, only its author knows",
    "extension-missing": "which role may create it is the database's business",
    "foreign-key-locks-parent": "no form of it locks less; a lock_timeout has its own fix",
    "generated-column-rewrites": "each way round makes another column for Drizzle; the help has them",
    "identifier-truncated": "the name comes from the schema file",
    "index-drop-uncovers-constraint": "whether the index may go, only its author knows",
    "internal-error": "a mistake of Raincheck's own",
    "lock-timeout-weak": "how long is too long, only its author knows",
    "migration-removed": "git has it: the help names the commit",
    "numbers-run-out": "Drizzle knows of no sequence of a serial; the help has the statement",
    "pending-unknown": "--since, --all or a database tells",
    "primary-key-drop-unwritten": "the name of the constraint is the database's; the help has the query for it",
    "snapshot-differs": "whether the SQL or the snapshot is right, only their author knows",
    "trigger-blocks-writes": "no form of it locks less; a lock_timeout has its own fix",
    "type-is-not-a-type": "which integer and which sequence are meant; the help has the SQL",
}
"""The same for single rules."""


def page() -> str:
    told: Counter[str] = Counter()
    joined: Counter[str] = Counter()
    offered: dict[str, Counter[str]] = defaultdict(Counter)
    migrations = 0
    for found in _recorded():
        migrations += 1
        told.update(one.rule for one in found.findings)
        joined.update(one.rule for finding in found.findings for one in finding.joined)
        _offers(found, offered)
    for found in _pages():
        _offers(found, offered)
    rows = (
        f"| [{rule.name}](../../server/raincheck/rules/{family(rule.name)}/{rule.name.replace('-', '_')}.md) "
        f"| {rule.severity}{'' if rule.on else ' (off)'} | {told[rule.name] or ''} | {joined[rule.name] or ''} "
        f"| {_fixes(rule.name, offered[rule.name])} |"
        for rule in ALL
    )
    return HEAD.format(migrations=migrations) + "\n".join(rows) + "\n"


def _recorded() -> Iterator[Analysis]:
    for folder in folders():
        yield from analyses(folder)


def _pages() -> Iterator[Analysis]:
    for number, case in enumerate(case for rule in ALL for case in cases(rule.name)):
        with tempfile.TemporaryDirectory() as folder:
            yield from all_analyses(case, Path(folder, str(number)))


def _offers(found: Analysis, offered: dict[str, Counter[str]]) -> None:
    for finding in found.findings:
        for one, fix in found.fixes(finding):
            if not fix.title.startswith("Allow "):
                offered[one.rule][fix.safety] += 1


def _fixes(rule: str, offered: Counter[str]) -> str:
    kinds = [kind for kind in ("exact", "needs-deploy", "manual") if offered[kind]]
    return ", ".join(kinds) or f"none: {OWN.get(rule, WHY[family(rule)])}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
