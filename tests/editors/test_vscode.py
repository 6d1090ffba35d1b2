"""Raincheck in VS Code, as a person sees it: the packed extension in VS Code's own server and workbench, in Chromium.

The sitting itself is vscode/vscode.test.mjs. `RAINCHECK_IMAGES=1` makes the pictures of docs/images anew.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support.git_repository import Repository

HERE = Path(__file__).resolve().parent / "vscode"
ROOT = HERE.parents[2]
VSIX = ROOT / "clients" / "vscode" / "dist" / "raincheck.vsix"
FAILURE = ROOT / "build" / "vscode-failure"
"""Where a picture of what was shown when a step failed is left."""
IMAGES = ROOT / "docs" / "images"
THEMES = {"light": "Default Light Modern", "dark": "Default Dark Modern"}
PICTURED = "RAINCHECK_IMAGES" in os.environ


def bundled() -> bool:
    """Whether the package has the server in it, as it has where `make bundle` came before."""
    return "extension/server/raincheck" in zipfile.ZipFile(VSIX).namelist()


def program() -> dict[str, str]:
    """What is set where there is no server in the package, or another one is asked for."""
    path = os.environ.get("RAINCHECK_PATH") or Path(sys.executable).with_name("raincheck")
    return {} if bundled() and "RAINCHECK_PATH" not in os.environ else {"raincheck.path": str(path)}


@pytest.mark.parametrize("theme", THEMES if PICTURED else ["light"])
def test_a_sitting(tmp_path: Path, theme: str) -> None:
    project = tmp_path / "renovation"
    shutil.copytree(ROOT / "examples" / "renovation", project)
    repository = Repository.new(project)
    repository.commit()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    FAILURE.parent.mkdir(exist_ok=True)
    sitting = {
        "folder": str(project),
        "scratch": str(scratch),
        "failure": str(FAILURE),
        "vsix": str(VSIX),
        "bundled": bundled(),
        "settings": {"workbench.colorTheme": THEMES[theme], **program()},
        "images": str(IMAGES) if PICTURED else None,
        "theme": theme,
    }
    (tmp_path / "sitting.json").write_text(json.dumps(sitting))
    done = subprocess.run(
        ["node", "--test", "--test-reporter=spec", "vscode.test.mjs"],
        cwd=HERE, check=False, capture_output=True, text=True,
        env={**os.environ, "RAINCHECK_SITTING": str(tmp_path / "sitting.json"), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
