"""What the real drizzle-kit writes for real snapshots: all of it again, and edits of applied migrations found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from raincheck.live.errors import LiveError
from raincheck.live.regeneration import regenerate
from raincheck.project.regenerated import texts
from raincheck.session.errors import SessionError
from raincheck.session.pending import Selection
from raincheck.session.session import Options, Session
from support.drizzle import HERE

PROJECTS = Path(__file__).parents[1] / "projects"
WITHOUT_ANSWER = {
    "0009_rename_column",
    "0010_rename_table",
    "0039_rename_schema",
}
"""What drizzle-kit 0.x asks about, in chain-v0."""


def copied(name: str, version: str, into: Path) -> Path:
    """A project with the packages of a version of Drizzle."""
    root = into / "app"
    shutil.copytree(PROJECTS / name, root)
    (root / "node_modules").symlink_to(HERE / version / "node_modules")
    return root


def found(root: Path) -> list[tuple[str, str]]:
    """The file and the message of each migration-edited, where all migrations are applied."""
    tags = [m.tag for a in Session(str(root)).analyses() for m in a.project.migrations]
    options = Options(Selection(since=tags[-1]), regenerate=True)
    return [
        (finding.path, finding.message)
        for analysis in Session(str(root), options).analyses()
        for finding in analysis.findings
        if finding.rule == "migration-edited"
    ]


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_a_real_history_comes_out_byte_for_byte(version: str, tmp_path: Path) -> None:
    root = copied(f"chain-{version}", version, tmp_path)
    (analysis,) = Session(str(root)).analyses()
    project = analysis.project
    snapshots = [(m.tag, (root / m.snapshot_path).read_text()) for m in project.migrations]
    told = regenerate(str(root), snapshots)
    installed = json.loads((root / "node_modules" / "drizzle-kit" / "package.json").read_text())["version"]
    assert told.version == installed
    written = texts(project, told.statements)
    assert {tag for tag, of in told.statements.items() if of is None} == (
        WITHOUT_ANSWER if version == "v0" else set()
    )
    assert len(written) > 35
    for migration in project.migrations:
        assert written.get(migration.tag, migration.document.text) == migration.document.text
    assert found(root) == []


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_an_edit_is_found_without_any_baseline(version: str, tmp_path: Path) -> None:
    root = copied(f"chain-{version}", version, tmp_path)
    (path,) = [p for p in root.rglob("*.sql") if "add_nullable_column" in str(p)]
    path.write_text(path.read_text().replace("text", "integer"))
    ((where, message),) = found(root)
    assert where == path.relative_to(root).as_posix()
    assert "not what it was in the snapshots, as drizzle-kit" in message
    assert "its statements differ" in message


@pytest.mark.parametrize("kit", sorted(path.name for path in (PROJECTS / "old-kits").iterdir()))
def test_what_older_releases_spell_otherwise_is_no_edit(kit: str, tmp_path: Path) -> None:
    version = "v1" if "1.0" in kit or "v1" in kit else "v0"
    assert found(copied(f"old-kits/{kit}", version, tmp_path)) == []


def test_what_was_written_by_hand_is_unknown(tmp_path: Path) -> None:
    root = copied("chain-v0", "v0", tmp_path)
    meta = root / "drizzle" / "meta"
    journal = json.loads((meta / "_journal.json").read_text())
    last = journal["entries"][-1]
    number = f"{last['idx'] + 1:04d}"
    journal["entries"].append(
        {**last, "idx": last["idx"] + 1, "when": last["when"] + 1, "tag": f"{number}_custom"}
    )
    (meta / "_journal.json").write_text(json.dumps(journal))
    newest = json.loads((meta / f"{last['tag'][:4]}_snapshot.json").read_text())
    (meta / f"{number}_snapshot.json").write_text(json.dumps({**newest, "id": "x", "prevId": newest["id"]}))
    (root / "drizzle" / f"{number}_custom.sql").write_text("UPDATE rooms SET name = 'x';")
    assert found(root) == []


def test_without_drizzle_kit(tmp_path: Path) -> None:
    with pytest.raises(LiveError, match="drizzle-kit is not installed"):
        regenerate(str(tmp_path), [("0000_a", "{}")])
    root = tmp_path / "app"
    shutil.copytree(PROJECTS / "chain-v0", root)
    with pytest.raises(SessionError, match="drizzle-kit is not installed"):
        found(root)


def test_without_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LiveError, match="Node is not installed"):
        regenerate(str(tmp_path), [])
