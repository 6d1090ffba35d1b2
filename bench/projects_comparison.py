"""Drizzle's own migrations put to Raincheck, squawk and pgfence: who tells what the server does.

    python bench/projects_comparison.py [--write] [--differences FILE] [--pgfence PACKAGE]

Each migration of tests/projects as the only pending one, judged by what a server did with it (bench/projects.json, by
projects_measured.py). Prints the table of docs/comparison.md, or writes it there.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from locks_asked import PGFENCE, answers, asked_json, program, version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from raincheck.engine.analysis import Analysis

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from support.recorded import analyses, folders, path_of  # noqa: E402 - the path is set above

PROJECTS = ROOT / "tests" / "projects"
MEASURED = ROOT / "bench" / "projects.json"
PAGE = ROOT / "docs" / "comparison.md"
TABLE = re.compile(r"(?<=<!-- table: bench/projects_comparison\.py -->\n).*(?=<!-- /table -->)", re.DOTALL)

QUESTIONS = {
    "fails": "fails",
    "fails_on_rows": "fails where there are rows",
    "works_long": "long work under a lock that is felt",
    "takes_away": "takes something away, or its name",
    "waits": "waits for such a lock, with no lock_timeout",
}
"""What is asked of each migration, as projects.json has it and as the page says it."""

RAINCHECK = {
    "fails": "syntax-error pulled-baseline-commented extension-missing",
    "fails_on_rows": "required-column-added set-not-null-scans column-type-narrows:fails enum-recreated:22P02",
    "works_long": (
        "index-blocks-writes set-not-null-scans foreign-key-scans check-scans unique-builds-index "
        "primary-key-builds-index exclusion-builds-index domain-constraint-scans attach-partition-scans "
        "index-on-partitioned-parent column-type-rewrites default-volatile-rewrites generated-column-rewrites "
        "serial-or-identity-rewrites enum-recreated table-rewritten work-under-exclusive-lock reindex-blocks "
        "refresh-blocks-reads"
    ),
    "takes_away": (
        "table-dropped column-dropped schema-dropped type-dropped sequence-dropped view-dropped extension-dropped "
        "drop-and-add-looks-like-rename column-renamed table-renamed enum-value-renamed schema-changed "
        "enum-recreated:22P02"
    ),
    "waits": "lock-timeout-missing",
}
SQUAWK = {
    "fails": "ban-concurrent-index-creation-in-transaction syntax-error",
    "fails_on_rows": "adding-required-field adding-not-nullable-field",
    "works_long": (
        "changing-column-type constraint-missing-not-valid require-concurrent-index-creation "
        "adding-foreign-key-constraint disallowed-unique-constraint adding-serial-primary-key-field "
        "adding-not-nullable-field adding-field-with-default"
    ),
    "takes_away": (
        "ban-drop-column ban-drop-table ban-drop-type ban-drop-view ban-drop-sequence renaming-column renaming-table "
        "renaming-object ban-set-schema"
    ),
    "waits": "require-lock-timeout",
}
PGFENCE_RULES = {
    "fails_on_rows": "add-column-not-null-no-default",
    "works_long": (
        "alter-column-type create-index-not-concurrent add-constraint-fk-no-not-valid add-constraint-unique "
        "add-pk-without-using-index add-constraint-check-no-not-valid alter-column-set-not-null "
        "add-column-stored-generated add-column-non-constant-default add-column-serial"
    ),
    "takes_away": "drop-column drop-table rename-column rename-table",
    "waits": "missing-lock-timeout",
}
"""Question → the rules that answer it with yes; behind a colon what their message has to hold for that."""


class Asked(NamedTuple):
    """A migration, and what a server says of it."""

    path: str
    truth: Mapping[str, bool]


Claims = dict[str, set[str]]
"""A migration's path → the questions that a program answers with yes."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write the table into docs/comparison.md")
    parser.add_argument("--differences", type=Path, help="write each wrong or missing answer to this file")
    parser.add_argument("--pgfence", default=PGFENCE, metavar="PACKAGE", help="what `npm install` fetches")
    options = parser.parse_args()
    put = asked()
    with tempfile.TemporaryDirectory() as folder:
        said = installed(put)
        name = f"pgfence {options.pgfence.rpartition('@')[2]}"
        said[name] = pgfence(put, Path(folder), options.pgfence)
    text = table(put, {name: figures(put, claims) for name, claims in said.items()})
    if options.write:
        PAGE.write_text(TABLE.sub(lambda _: text, PAGE.read_text("utf-8")), "utf-8")
    else:
        print(text)
    if options.differences:
        options.differences.write_text("".join(differences(put, said)), "utf-8")


def current(page: str) -> str:
    """The page with the figures of what is installed counted anew; pgfence's stay."""
    put = asked()
    found = {name: figures(put, claims) for name, claims in installed(put).items()}
    kept = {name: row for name, row in read_figures(page).items() if name.startswith("pgfence")}
    return TABLE.sub(lambda _: table(put, found | kept), page)


def asked() -> list[Asked]:
    measured = json.loads(MEASURED.read_text("utf-8"))
    return [Asked(one["path"], {question: one[question] for question in QUESTIONS}) for one in measured]


def installed(put: Sequence[Asked]) -> dict[str, Claims]:
    return {"raincheck": raincheck(put), f"squawk {version_of('squawk')}": squawk(put)}


def raincheck(put: Sequence[Asked]) -> Claims:
    """What `raincheck check` says where everything before a migration is applied, and nothing stands behind it."""
    paths = {one.path for one in put}
    found = ((path_of(one), one) for folder in folders() for one in analyses(folder))
    return {path: set(_answered(one)) for path, one in found if path in paths}


def _answered(found: Analysis) -> Iterable[str]:
    said = [one for finding in found.findings for one in finding.all]
    rules = {one.rule for one in said}
    rules |= {f"{one.rule}:{word}" for one in said for word in ("fails", "22P02") if word in one.message}
    if any(step.fails for step in found.timeline.steps if step.pending):
        yield "fails"
    yield from _by_rules(rules, RAINCHECK)


def _by_rules(rules: set[str], answers: Mapping[str, str]) -> Iterable[str]:
    return (question for question, yes in answers.items() if rules & {*yes.split()})


def squawk(put: Sequence[Asked]) -> Claims:
    options = [
        "--assume-in-transaction",
        "--reporter=json",
        "--pg-version=15",
        "--include=require-lock-timeout",
    ]
    rules: dict[str, set[str]] = defaultdict(set)
    for finding in asked_json([program("squawk"), *options, *(PROJECTS / one.path for one in put)]):
        rules[Path(finding["file"]).relative_to(PROJECTS).as_posix()].add(finding["rule_name"])
    return {one.path: set(_by_rules(rules[one.path], SQUAWK)) for one in put}


def pgfence(put: Sequence[Asked], folder: Path, package: str = PGFENCE) -> Claims:
    installed = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, package]
    subprocess.run(installed, check=True)
    command = [
        folder / "node_modules" / ".bin" / "pgfence",
        "analyze",
        "--format=sql",
        "--output=json",
        "--min-pg-version=15",
    ]
    said: Claims = {}
    for path, answer in answers(command, [PROJECTS / one.path for one in put]).items():
        checks = answer["checks"] if answer else ()
        # It calls a change of type LOW where it says that no row is rewritten.
        rules = {
            one["ruleId"] for one in checks if (one["ruleId"], one["risk"]) != ("alter-column-type", "LOW")
        }
        rules |= {one["ruleId"] for one in (answer["policyViolations"] if answer else ())}
        said[path.relative_to(PROJECTS).as_posix()] = set(_by_rules(rules, PGFENCE_RULES))
    return said


def figures(put: Sequence[Asked], claims: Claims) -> tuple[str, ...]:
    """For each question: `right / wrong / missing`."""
    cells = []
    for question in QUESTIONS:
        judged = _judged(put, question)
        found = Counter((one.truth[question], question in claims[one.path]) for one in judged)
        cells.append(f"{found[True, True]} / {found[False, True]} / {found[True, False]}")
    return tuple(cells)


def _judged(put: Sequence[Asked], question: str) -> list[Asked]:
    """What fails does nothing else that could be judged."""
    return [one for one in put if question == "fails" or not one.truth["fails"]]


def table(put: Sequence[Asked], found: Mapping[str, Sequence[str]]) -> str:
    yes = [f"{words}: {sum(one.truth[key] for one in _judged(put, key))}" for key, words in QUESTIONS.items()]
    head = [f"of {len(put)} migrations", *found]
    rows = [[words, *(cells[at] for cells in found.values())] for at, words in enumerate(yes)]
    lines = [head, ["---", *("---:" for _ in found)], *rows]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"


def read_figures(page: str) -> dict[str, tuple[str, ...]]:
    """What the page's table says of each program: `table` backwards."""
    printed = TABLE.search(page)
    if printed is None:
        raise ValueError("the page has no place for the table")
    head, _, *rows = [line.strip("| ").split(" | ") for line in printed[0].strip().splitlines()]
    return {name: tuple(row[at] for row in rows) for at, name in enumerate(head) if at}


def differences(put: Sequence[Asked], said: Mapping[str, Claims]) -> list[str]:
    return [
        f"{name}\t{'missing' if one.truth[question] else 'wrong'}\t{question}\t{one.path}\n"
        for name, claims in said.items()
        for question in QUESTIONS
        for one in _judged(put, question)
        if one.truth[question] != (question in claims[one.path])
    ]


if __name__ == "__main__":
    main()
