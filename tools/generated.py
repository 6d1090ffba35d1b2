"""The committed files that are printed from the code: what each should hold, and how they are written anew.

    make generated

`tests/test_generated.py` tells which of them is not current.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from raincheck.engine import known_file, settings_file, stats_file
from raincheck.locks.page import page as locks_page
from raincheck.report.drift_json import schema as drift_schema
from raincheck.report.gate_json import schema as gate_schema
from raincheck.report.json import schema
from raincheck.report.plan_json import schema as plan_schema
from raincheck.report.review_json import schema as review_schema
from raincheck.report.rollback_json import schema as rollback_schema
from raincheck.report.status_json import schema as status_schema
from raincheck.report.trace_json import schema as trace_schema
from raincheck.rules.index import index

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT / "tests"), str(ROOT / "tools")]
from examples import files as examples  # noqa: E402 - it lies beside this
from examples import printed  # noqa: E402

CAPTURE = re.compile(
    r"(<!-- capture: raincheck (?P<arguments>[^>]*?) -->\n```text\n).*?(```\n<!-- /capture -->)", re.DOTALL
)


def captured(text: str) -> str:
    """A page with each of its captures as the command prints it now, in a terminal of 100 columns."""
    return CAPTURE.sub(lambda found: found[1] + printed(found["arguments"].split()) + found[3], text)


def _compared() -> str:
    """See bench/locks_comparison.py and its neighbour, whose modules import each other by name."""
    sys.path.insert(0, str(ROOT / "bench"))
    import locks_comparison
    import projects_comparison

    sys.path.remove(str(ROOT / "bench"))
    return projects_comparison.current(locks_comparison.current(locks_comparison.PAGE.read_text("utf-8")))


def runner_page() -> str:
    """The truth table of Drizzle's migrators, which the tests keep."""
    from support.truth_page import page

    return page()


def fixes_page() -> str:
    """What is proven of each fix, by the tests' cases."""
    from support.fixes_page import page

    return page()


def vscode_manifest() -> str:
    """The VS Code client's settings, as the server reads them."""
    from vscode_settings import manifest

    return manifest()


def vscode_readme() -> str:
    """The same, in the client's README."""
    from vscode_settings import readme

    return readme()


FILES: dict[str, Callable[[], str]] = {
    **examples(),
    "README.md": lambda: captured((ROOT / "README.md").read_text("utf-8")),
    "clients/vscode/README.md": vscode_readme,
    "clients/vscode/package.json": vscode_manifest,
    "docs/baseline.schema.json": known_file.schema,
    "docs/comparison.md": _compared,
    "docs/drift.schema.json": drift_schema,
    "docs/fixes.md": fixes_page,
    "docs/gate.schema.json": gate_schema,
    "docs/locks.md": locks_page,
    "docs/report.schema.json": schema,
    "docs/plan.schema.json": plan_schema,
    "docs/review.schema.json": review_schema,
    "docs/rollback.schema.json": rollback_schema,
    "docs/settings.schema.json": settings_file.schema,
    "docs/stats.schema.json": stats_file.schema,
    "docs/status.schema.json": status_schema,
    "docs/rules/README.md": index,
    "docs/trace.schema.json": trace_schema,
    "docs/runner.md": runner_page,
}
"""Path → what it should hold."""


if __name__ == "__main__":
    for path, text in FILES.items():
        (ROOT / path).write_text(text(), "utf-8")
        print(path)
