"""A session in a real editor: what docs/editors.md says to configure, a copy of the example, and what is seen there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from support.editor_binaries import Program

CHECKOUT = Path(__file__).resolve().parents[2]
PAGE = (CHECKOUT / "docs" / "editors.md").read_text("utf-8")
ODD = "/* é \U0001f600 */"
"""A comment whose length differs between the encodings of places."""
PATIENCE = 120
"""Seconds until a session that does not end fails the test."""


def configured(heading: str, language: str) -> str:
    """The first block of that language under a heading of docs/editors.md."""
    (section,) = re.findall(rf"^#+ {re.escape(heading)}$(.*?)(?=^#+ |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return re.findall(rf"^```{language}\n(.*?)^```", section, re.DOTALL | re.MULTILINE)[0]


@dataclass(frozen=True)
class Desk:
    """A home of its own for an editor, and the example project in it, with an odd comment in one statement."""

    home: Path

    @classmethod
    def at(cls, folder: Path) -> Desk:
        shutil.copytree(CHECKOUT / "examples" / "renovation", folder / "renovation")
        required = folder / "renovation" / "drizzle" / "0006_require_locale.sql"
        required.write_text(
            required.read_text("utf-8").replace("ALTER TABLE", f"ALTER TABLE {ODD}", 1), "utf-8"
        )
        subprocess.run(["git", "init", "--quiet", folder / "renovation"], check=True)
        return cls(folder)

    @property
    def project(self) -> Path:
        return self.home / "renovation"

    @property
    def environment(self) -> dict[str, str]:
        here = {"HOME": str(self.home), "LANG": "C.UTF-8", "XDG_CONFIG_HOME": str(self.home / "config")}
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
            here[name] = str(self.home / name.lower())
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**here, "PATH": path, "SEEN": str(self.home / "seen.json")}

    def write(self, name: str, text: str) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def run(self, program: Program, *arguments: str | Path, **environment: str) -> dict[str, Any]:
        """What the editor's script has seen, which it leaves in the file that SEEN names."""
        done = subprocess.run(
            [*program.command, *arguments],
            cwd=self.project,
            env={**self.environment, **program.environment, **environment},
            stdin=subprocess.DEVNULL,
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        seen = Path(self.environment["SEEN"])
        assert seen.exists(), done.stderr + done.stdout
        return json.loads(seen.read_text())

    def migrations(self) -> list[str]:
        return sorted(path.name for path in (self.project / "drizzle").glob("*.sql"))

    def tags(self) -> list[str]:
        journal = json.loads((self.project / "drizzle" / "meta" / "_journal.json").read_text())
        return [entry["tag"] for entry in journal["entries"]]
