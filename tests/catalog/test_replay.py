"""The oracle: after every migration that drizzle-kit wrote, the replayed SQL gives the schema of its snapshot."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from raincheck.catalog.diff import diff
from raincheck.catalog.evolve import evolve
from raincheck.catalog.schema import EMPTY, Schema
from raincheck.project.snapshot import schema_of
from raincheck.sql.document import read
from support.schemas import loose_ends

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECTS = Path(__file__).parents[1] / "projects"
JOURNALS = sorted(path.parents[1] for path in PROJECTS.rglob("_journal.json"))
FOLDERS = sorted({path.parents[1] for path in PROJECTS.rglob("migration.sql")})


@dataclass(frozen=True)
class Defect:
    """What a snapshot says and its migration's SQL does not do, from one migration on."""

    migration: str
    reason: str
    differences: frozenset[str]


def defect(migration: str, reason: str, *differences: str) -> Defect:
    return Defect(migration, reason, frozenset(differences))


_OLD, _NEW = (f"""nextval('"public"."{name}_messages_id_seq"'::regclass)""" for name in ("chat", "session"))
_SEQUENCE_KEEPS_NAME = (
    "sequence public.chat_messages_id_seq: only left",
    "sequence public.session_messages_id_seq: only right",
    f"column public.session_messages.id: default {_OLD} | {_NEW}",
)
_KEY_KEEPS_NAME = (
    "index public.chat_messages_pkey: only left",
    "key public.session_messages.chat_messages_pkey: only left",
    "key public.session_messages.session_messages_pkey: only right",
    "index public.session_messages_pkey: only right",
)
_RENAMED = "a renamed table keeps the names of its sequence and key, of which snapshots of 0.x say nothing"
_KEY_STAYS = "0.x writes the DROP CONSTRAINT of an unnamed primary key as a comment, so the key stays"
_KEY_LEFT = ("key public.tags.tags_pkey: only left", "index public.tags_pkey: only left")
_QUOTE = "a quote in a name is not doubled, so the statement is broken SQL"

_ALWAYS = "column public.b.id: identity always yes, sequence public.{}_id_seq, options type integer"

DEFECTS = {
    "chain-v0/drizzle": (
        defect("0010_rename_table", _RENAMED, *_SEQUENCE_KEEPS_NAME, *_KEY_KEEPS_NAME),
        defect("0035_drop_pk", _KEY_STAYS, *_KEY_LEFT),
    ),
    "chain-v1/drizzle": (
        defect(
            "20261122132403_rename_table",
            "a renamed table keeps the name of its serial's sequence, of which snapshots say nothing",
            *_SEQUENCE_KEEPS_NAME,
        ),
    ),
    "config-variants/p_none/migrations": (
        defect(
            "_same",
            "with the prefix none 0.x does not find the snapshot before, and creates all tables again",
            "column public.b.w: only right",
            "column public.b.y: only right",
            "column public.b.z: only right",
        ),
    ),
    "scenarios/pulled-v0/drizzle": (
        defect(
            "0000_condemned_dracula",
            "drizzle-kit pull writes all its SQL inside a comment",
            "table public.a: only right",
            "column public.a.id: only right",
            "column public.a.n: only right",
            "key public.a.a_pkey: only right",
            "index public.a_pkey: only right",
            "index public.a_n_idx: only right",
        ),
    ),
    "scenarios/upgraded-v0-to-v1/drizzle": (
        defect("20260921142320_rename_table", _RENAMED, *_SEQUENCE_KEEPS_NAME, *_KEY_KEEPS_NAME),
        defect("20260921144820_drop_pk", _KEY_STAYS, *_KEY_LEFT),
    ),
    "scenarios/upgraded-v0-to-v1/drizzle_v0_before_up": (
        defect("0010_rename_table", _RENAMED, *_SEQUENCE_KEEPS_NAME, *_KEY_KEEPS_NAME),
        defect("0035_drop_pk", _KEY_STAYS, *_KEY_LEFT),
    ),
    "variants/v0/int_to_serial/drizzle": (
        defect(
            "0001_change",
            "SET DATA TYPE serial is refused: serial is no type",
            'column public.t.n: default none | nextval(\'"public"."t_n_seq"\'::regclass)',
            "sequence public.t_n_seq: only right",
        ),
    ),
    "variants/v0/serial_to_bigserial/drizzle": (
        defect(
            "0001_change",
            "SET DATA TYPE bigserial is refused: bigserial is no type",
            "column public.a.id: type integer | bigint",
            "sequence public.a_id_seq: options type integer | usual",
        ),
    ),
    "variants/v0/serial_to_identity/drizzle": (
        defect(
            "0001_change",
            "ADD GENERATED is refused: the serial's sequence has the name that the identity's is to get",
            'column public.a.id: default nextval(\'"public"."a_id_seq"\'::regclass) | none',
            "column public.a.id: identity none | always yes, sequence public.a_id_seq, options type integer",
            "sequence public.a_id_seq: identity no | yes",
        ),
    ),
    "variants/v0/type_default_notnull_together/drizzle": (
        defect(
            "0001_change",
            "where type, default and NOT NULL change together, 0.x leaves the default out",
            "column public.t.n: default none | 0",
        ),
    ),
    "variants/v0/quotes_in_names/drizzle": (
        defect("0001_change", _QUOTE, 'column public.t.we"ird: only right'),
    ),
    "variants/v1/quotes_in_names/drizzle": (
        defect("20261122133052_change", _QUOTE, 'column public.t.we"ird: only right'),
    ),
    "variants/v1/int_to_serial/drizzle": (
        defect(
            "20261122133005_change",
            "CREATE SEQUENCE makes one of bigint; that of a serial column is one of integer",
            "sequence public.t_n_seq: options usual | type integer",
        ),
    ),
    "variants/v1/serial_to_bigserial/drizzle": (
        defect(
            "20261122133003_change",
            "only the column becomes bigint: its sequence still ends at 2147483647",
            "sequence public.a_id_seq: options type integer | usual",
        ),
    ),
    "variants/v1/rename_table_with_identity/drizzle": (
        defect(
            "20261122132953_change",
            "a renamed table keeps the name of its identity's sequence",
            "sequence public.a_id_seq: only left",
            "sequence public.b_id_seq: only right",
            _ALWAYS.format("a") + " | " + _ALWAYS.format("b").removeprefix("column public.b.id: identity "),
        ),
    ),
}
"""Project → the known defects of drizzle-kit in it. Each must show, or it is to be struck out here."""


@pytest.mark.parametrize("folder", JOURNALS, ids=lambda path: path.relative_to(PROJECTS).as_posix())
def test_the_sql_of_0_x_gives_the_schema_of_its_snapshots(folder: Path) -> None:
    schema = EMPTY
    for tag, snapshot in journal(folder):
        schema = after(schema, folder / f"{tag}.sql")
        if snapshot is not None:
            compare(folder, tag, schema, snapshot_schema([snapshot]))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.relative_to(PROJECTS).as_posix())
def test_the_sql_of_1_0_gives_the_schema_of_its_snapshots(folder: Path) -> None:
    """Each migration is replayed on its own ancestors: of two branches, neither snapshot knows the other's."""
    by_id: dict[str, Schema] = {}
    texts: list[str] = []
    for migration in sorted(path for path in folder.iterdir() if (path / "migration.sql").exists()):
        texts.append((migration / "snapshot.json").read_text())
        header = json.loads(texts[-1])
        schema = after(by_id.get(header["prevIds"][0], EMPTY), migration / "migration.sql")
        by_id[header["id"]] = schema
        compare(folder, migration.name, schema, snapshot_schema(texts))


def test_every_defect_is_of_a_project_that_is_there() -> None:
    known = {path.relative_to(PROJECTS).as_posix() for path in (*JOURNALS, *FOLDERS)}
    assert known >= DEFECTS.keys()


def after(schema: Schema, path: Path) -> Schema:
    for statement in read(path.read_text()).statements:
        for action in statement.actions:
            schema = evolve(schema, action, statement.text)
    return schema


def snapshot_schema(texts: list[str]) -> Schema:
    schema = schema_of(texts)
    assert isinstance(schema, Schema), schema
    return schema


def compare(folder: Path, tag: str, replayed: Schema, expected: Schema) -> None:
    """The differences are those of the defects listed up to this migration, and no others."""
    listed = DEFECTS.get(folder.relative_to(PROJECTS).as_posix(), ())
    known = {line for each in listed if each.migration <= tag for line in each.differences}
    assert {str(difference) for difference in diff(replayed, expected)} == known
    assert loose_ends(replayed) == []
    assert loose_ends(expected) == []
    assert replayed.opaque == ()


def journal(folder: Path) -> Iterator[tuple[str, str | None]]:
    """The migrations in the journal's order, each with its snapshot.

    Where several share the name of one, each overwrote the snapshot of the one before it: it is the last one's.
    """
    tags = [entry["tag"] for entry in json.loads((folder / "meta" / "_journal.json").read_text())["entries"]]
    for place, tag in enumerate(tags):
        prefix = tag.split("_")[0]
        shared = any(later.split("_")[0] == prefix for later in tags[place + 1 :])
        merged = any(earlier.split("_")[0] == prefix for earlier in tags[:place]) and tag != tags[-1]
        path = folder / "meta" / f"{prefix}_snapshot.json"
        yield tag, None if shared or merged else path.read_text()
