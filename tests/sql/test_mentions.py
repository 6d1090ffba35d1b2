"""Each name at its token, whatever it is called and however it is written, and nothing that is no name."""

from __future__ import annotations

from pathlib import Path

import pytest

from raincheck.sql.document import read
from raincheck.sql.marks import folded, mark
from raincheck.sql.mention_statements import _reading
from raincheck.sql.mentions import mentions

PROJECTS = Path(__file__).parents[1]


def told(sql: str) -> list[str]:
    """`role sort text-of-the-token relation.inner` for each mention, in the order of the text."""
    found = sorted(mentions(sql), key=lambda one: one.span)
    return [f"{one.role} {one.sort} {one.span.within(sql)} {_of(one)}".rstrip() for one in found]


def _of(one) -> str:
    if one.name is None:
        return "?" + "|".join(str(source.relation) for scope in one.scopes for source in scope)
    return f"{one.name}{'.' + one.inner if one.inner else ''}"


CASES = {
    'ALTER TABLE "rooms" DROP COLUMN "rooms"': [
        'alter relation "rooms" rooms',
        'drop column "rooms" rooms.rooms',
    ],
    'ALTER TABLE "a"."b""c" ADD "x y" "st"': [
        'alter relation "b""c" a.b"c',
        'create column "x y" a.b"c.x y',
        'use type "st" st',
    ],
    "ALTER TABLE T ALTER type TYPE text, DROP CONSTRAINT IF EXISTS name": [
        "alter relation T t",
        "alter column type t.type",
        "use type text text",
        "drop constraint name t.name",
    ],
    "CREATE INDEX concurrently ON t (name)": ["use relation t t", "use column name t.name"],
    'CREATE INDEX "i" ON s.t USING btree (a DESC, lower("b")) INCLUDE (c) WHERE t.d > 0': [
        'create relation "i" i',
        "use relation t s.t",
        "use column a s.t.a",
        'use column "b" ?s.t',
        "use column c s.t.c",
        "use relation t s.t",
        "use column d s.t.d",
    ],
    "CREATE TABLE t (id int CHECK (id > 0), r int REFERENCES other (id), CONSTRAINT u UNIQUE (id, r))": [
        "create relation t t",
        "create column id t.id",
        "use column id ?t",
        "create column r t.r",
        "use relation other other",
        "use column id other.id",
        "create constraint u t.u",
        "use column id t.id",
        "use column r t.r",
    ],
    "ALTER TABLE t RENAME COLUMN a TO name": [
        "alter relation t t",
        "rename column a t.a",
        "renamed column name t.name",
    ],
    "ALTER TYPE s.kind SET SCHEMA u": ["rename type kind s.kind", "renamed type kind u.kind"],
    "DROP TABLE IF EXISTS a, s.b": ["drop relation a a", "drop relation b s.b"],
    "DROP TYPE s.kind": ["drop type kind s.kind"],
    "UPDATE t AS u SET a = u.b FROM v WHERE v.id = c": [
        "use relation t t",
        "use column a t.a",
        "use column b t.b",
        "use relation v v",
        "use relation v v",
        "use column id v.id",
        "use column c ?t|v",
    ],
    "INSERT INTO t (a) SELECT b FROM x ON CONFLICT (a) DO UPDATE SET a = excluded.b": [
        "use relation t t",
        "use column a t.a",
        "use column b ?x",
        "use relation x x",
        "use column a t.a",
        "use column a t.a",
        "use column b t.b",
    ],
    "WITH t AS (SELECT 1 AS a) SELECT a FROM t": ["use column a ?None"],
    "SELECT a AS b FROM t ORDER BY b": ["use column a ?t", "use relation t t"],
    "CREATE TRIGGER x BEFORE UPDATE OF a ON t WHEN (NEW.a > OLD.b) EXECUTE FUNCTION f()": [
        "use column a t.a",
        "use relation t t",
        "use column a t.a",
        "use column b t.b",
    ],
    "COMMENT ON COLUMN s.t.c IS 'x'": ["use relation t s.t", "use column c s.t.c"],
    "ALTER SEQUENCE q OWNED BY t.c": ["alter relation q q", "use relation t t", "use column c t.c"],
    "GRANT SELECT (a) ON t TO r": ["use column a t.a", "use relation t t"],
    "CREATE TABLE p (a int) PARTITION BY list (a)": [
        "create relation p p",
        "create column a p.a",
        "use column a p.a",
    ],
    'DO $$ BEGIN ALTER TABLE "t" ADD CONSTRAINT "f" FOREIGN KEY ("a") REFERENCES "b"("id"); END $$': [
        'alter relation "t" t',
        'create constraint "f" t.f',
        'use column "a" t.a',
        'use relation "b" b',
        'use column "id" b.id',
    ],
    "ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i": [
        "alter relation t t",
        "create constraint k t.k",
        "use relation i i",
    ],
    'CREATE VIEW v AS SELECT u."é" FROM t u': [
        "create relation v v",
        'use column "é" t.é',
        "use relation t t",
    ],
    "SELECT 't.a' FROM \"T\"": ['use relation "T" T'],
    "CREATE ROLE r NOSUPERUSER LOGIN": [],
    "ALTER TABLE": [],
    "": [],
}


@pytest.mark.parametrize("sql", CASES)
def test_what_is_named(sql):
    assert told(sql) == CASES[sql]


def test_a_name_is_cut_where_postgres_cuts_it():
    long = "é" * 40
    (only,) = mentions(f'DROP TABLE "{long}"')
    assert only.name.name == "é" * 31
    assert folded("ÄRGER_Case") == "Ärger_case"


def test_a_drop_comes_before_what_is_added():
    roles = [one.role for one in mentions("ALTER TABLE t ADD a int, DROP a") if one.sort == "column"]
    assert roles == ["drop", "create"]


def test_a_name_in_unicode_escapes_is_left_alone():
    assert told('DROP TABLE U&"d\\0061ta"') == []


def test_no_statement_of_the_recorded_projects_is_too_odd():
    """Below the net that keeps a tree of an unforeseen shape from doing harm."""
    texts = [
        statement.text
        for path in sorted(PROJECTS.rglob("*.sql"))
        for statement in read(path.read_text(errors="replace")).statements
        if statement.node is not None
    ]
    assert len(texts) > 500
    marked = [text for text in texts if _reading(text, frozenset()) is not None]
    assert len(marked) == len(texts)


def test_a_mark_in_the_text_gets_no_marks():
    assert mark('DROP TABLE "a\x01"') is None
