"""The executable that `make bundle` made, and a project to run it in."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = ROOT / "build" / "bundle"


@pytest.fixture(scope="session")
def folder_form() -> Path:
    """The executable that has its libraries in a folder beside it."""
    return _made(BUNDLE / "raincheck" / "raincheck")


@pytest.fixture(scope="session")
def file_form() -> Path:
    """The executable that is one file."""
    return _made(BUNDLE / "raincheck-one")


def _made(program: Path) -> Path:
    assert program.is_file(), "run `make bundle` first"
    return program


@pytest.fixture(scope="session")
def installed() -> Path:
    """The program as pip installs it, which all other forms must be equal to."""
    return Path(sys.executable).with_name("raincheck")


@pytest.fixture
def project(tmp_path):
    """A copy of the example; nothing beside it says what is applied."""
    folder = tmp_path / "renovation"
    shutil.copytree(ROOT / "examples" / "renovation", folder)
    return folder
