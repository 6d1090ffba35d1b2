"""Write what is found now in the recorded projects into tests/rules/projects.txt, to be read line by line in the diff.

Run from the repository's root: `python tests/support/accept_projects.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "rules")]

from test_projects import EXPECTED, told  # noqa: E402

from support.recorded import folders  # noqa: E402 - the path is set above


def main() -> None:
    head = [line for line in EXPECTED.read_text("utf-8").splitlines() if line.startswith("#")]
    lines = [line for folder in folders() for line in (folder, *(f"  {said}" for said in told(folder)))]
    EXPECTED.write_text("\n".join([*head, *lines, ""]), "utf-8")


if __name__ == "__main__":
    main()
