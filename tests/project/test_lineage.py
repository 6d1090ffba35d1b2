"""Snapshots know their parents: collisions, branches that clash, and what stands in the wrong place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from raincheck.project.conflicts import sides
from raincheck.project.lineage import problems_of, read_ancestry

PROJECTS = Path(__file__).parent.parent / "projects"
NOBODY = "00000000-0000-0000-0000-000000000000"


def snapshot(id_: str, *parents: str, writes: str = "", reads: str = "", sql: str | None = None) -> bytes:
    footprint = {"statementType": "alter_column", "statementTarget": ["column", "public", "t", writes]}
    footprint |= {"writes": [writes], "reads": [reads], "sqlHash": sql}
    value = {"id": id_, "prevIds": parents or [NOBODY], "footprints": [footprint] if writes else []}
    return json.dumps(value).encode()


def check(expected: list[tuple[str, str]], *snapshots: bytes, branches: bool = True) -> None:
    """Each problem's rule and snapshot; snapshots are named by their place, from 0."""
    read = [read_ancestry(f"tag{n}", str(n), content) for n, content in enumerate(snapshots)]
    found = list(problems_of(read, branches=branches))
    assert [(problem.rule, problem.path) for problem in found] == expected


def test_real_snapshots_say_what_they_hold() -> None:
    paths = list(PROJECTS.rglob("*snapshot.json"))
    assert len(paths) > 300
    for path in paths:
        content = path.read_bytes()
        value, found = json.loads(content), read_ancestry("", str(path), content)
        assert found is not None
        assert (found.id, list(found.parents)) == (
            value["id"],
            value.get("prevIds") or [value["prevId"]],
        )
        assert found.span.within(content.decode()).startswith('"prevId')


def test_a_line_is_in_order() -> None:
    check([], snapshot("a"), snapshot("b", "a"), snapshot("c", "b"))
    check([], snapshot("a"), snapshot("b", "a"), snapshot("c", "b"), branches=False)


def test_two_children_collide_under_0_x_alone() -> None:
    three = (snapshot("a"), snapshot("b", "a"), snapshot("c", "a"))
    check([("snapshot-collision", "2")], *three, branches=False)
    check([], *three)


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ({"writes": "x"}, {"writes": "x"}, True),
        ({"writes": "x"}, {"writes": "y"}, False),
        ({"writes": "x"}, {"writes": "y", "reads": "x"}, True),
        ({"writes": "y", "reads": "x"}, {"writes": "z", "reads": "x"}, False),
        ({"writes": "x", "sql": "1"}, {"writes": "x", "sql": "1"}, False),
        ({"writes": "x", "sql": "1"}, {"writes": "x", "sql": "2"}, True),
    ],
)
def test_branches_clash_where_one_writes_what_the_other_touches(
    one: dict, other: dict, *, clash: bool
) -> None:
    check(
        [("branches-conflict", "2")] if clash else [],
        snapshot("a"),
        snapshot("b", "a", **one),
        snapshot("c", "a", **other),
    )


def test_a_merge_ends_the_branches() -> None:
    merged = snapshot("d", "b", "c")
    check([], snapshot("a"), snapshot("b", "a", writes="x"), snapshot("c", "a", writes="x"), merged)


def test_a_clash_further_up_a_branch() -> None:
    check(
        [("branches-conflict", "3")],
        snapshot("a"),
        snapshot("b", "a", writes="x"),
        snapshot("c", "b", writes="y"),
        snapshot("d", "a", writes="x"),
    )


def test_a_parent_that_is_gone_or_comes_later() -> None:
    check([("snapshot-missing", "1")], snapshot("a"), snapshot("c", "b"))
    check([("folder-before-parent", "0")], snapshot("b", "a"), snapshot("a"))


def test_conflict_markers_and_what_is_no_snapshot() -> None:
    marked = b'{\n<<<<<<< HEAD\n"id": "a",\n=======\n"id": "b",\n>>>>>>> x\n"prevId": "c"}'
    check([("snapshot-unreadable", "1")], snapshot("a"), marked, b"{}", b"\xff", b'{"x": "<<<<<<<"}')


def test_sides_of_a_merge() -> None:
    found = sides("a\n<<<<<<< HEAD\nb\n||||||| base\nc\n=======\nd\n>>>>>>> main\ne\n")
    assert found is not None
    assert (found.ours, found.theirs) == ("a\nb\ne\n", "a\nd\ne\n")
    assert (found.ours_label, found.theirs_label) == ("HEAD", "main")
    assert sides("<<<<<<< HEAD\nb\n=======\nd\n") is None
    assert sides("nothing") is None
