from __future__ import annotations

import json

import pytest

from raincheck.engine.settings import Settings
from raincheck.report import formats
from raincheck.report.json import Report, schema
from support.changes import changing
from support.projects import analysis, chunked


def statement(sql: str, **options) -> dict:
    """The report of one statement on the tables users and posts."""
    (project,) = json.loads(formats.render("json", [changing(sql, **options)]))["projects"]
    (found,) = project["migrations"][1]["statements"]
    return found


def test_a_report_has_the_shape_that_was_promised():
    sql = 'CREATE INDEX "i" ON "users" ("name");'
    report = json.loads(formats.render("json", [changing(sql, settings=Settings(postgres=16))]))
    assert report["schema"] == 1
    assert report["postgres"] == 16
    (project,) = report["projects"]
    assert (project["root"], project["layout"], project["pending_from"]) == ("/app", "journal", "since")
    applied, pending = project["migrations"]
    assert applied["statements"] == []
    assert (applied["state"], applied["gate"]) == ("applied", None)
    assert (pending["tag"], pending["path"]) == ("0001_change", "drizzle/0001_change.sql")
    assert (pending["state"], pending["gate"]) == ("pending", "yellow")
    assert pending["statements"] == [
        {
            "index": 0,
            "range": {"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 37}},
            "sql": sql[:-1],
            "actions": ["create_index"],
            "transaction": 0,
            "reversible": "exact",
            "locks": [
                {
                    "relation": "public.users",
                    "mode": "ShareLock",
                    "working": None,
                    "says": "blocks writes; reads and row locks go on",
                    "blocks": ["write", "vacuum", "ddl"],
                    "work": ["index_build"],
                    "size": None,
                    "duration": "",
                }
            ],
            "queue": "While it waits for this lock, every later write to the table waits behind it.",
            "rewrites": [],
            "scans": [],
            "index_builds": ["public.users"],
            "unknown": [],
            "fails": None,
        }
    ]
    found = next(one for one in pending["findings"] if one["rule"] == "index-blocks-writes")
    assert found["severity"] == "risk"
    assert found["range"] == {"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 37}}
    assert found["statement"] == 0
    assert {"title", "safety"} == set().union(*found["fixes"])
    assert found["docs"] == "raincheck explain index-blocks-writes"
    assert report["summary"]["risk"] >= 1
    assert report["summary"]["gate"] == "yellow"


def test_relations_are_in_true_case_and_without_quotes():
    tables = 'CREATE TABLE "analytics"."Events" ("id" integer);'
    found = statement('DROP TABLE "analytics"."Events";', tables=tables)
    assert [lock["relation"] for lock in found["locks"]] == ["analytics.Events"]
    assert found["reversible"] == "loses-data"


def test_a_rewrite_names_the_table_and_the_indexes_that_are_built_anew():
    found = statement('ALTER TABLE "users" ALTER COLUMN "id" SET DATA TYPE bigint;')
    assert found["rewrites"] == ["public.users"]
    assert found["index_builds"] == ["public.users_pkey"]
    assert {lock["relation"]: lock["mode"] for lock in found["locks"]} == {
        "public.users": "AccessExclusiveLock",
        "public.users_pkey": "AccessExclusiveLock",
    }


def test_a_scan_names_the_table():
    assert statement('ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;')["scans"] == ["public.users"]


def test_a_statement_that_must_fail_says_so():
    found = statement('CREATE INDEX CONCURRENTLY "i" ON "users" ("name");')
    assert found["fails"] == {
        "sqlstate": "25001",
        "message": "CREATE INDEX CONCURRENTLY cannot run inside a transaction block",
    }


def test_each_statement_names_its_transaction():
    texts = {
        "0": "CREATE TABLE a (b int);",
        "1": chunked("COMMIT;", "SELECT 2;", "SELECT 3;"),
        "2": "SELECT 4;",
    }
    (project,) = json.loads(formats.render("json", [analysis(texts, everything=True)]))["projects"]
    first, same, then, after, last = (
        one["transaction"] for m in project["migrations"] for one in m["statements"]
    )
    assert first == same == 0 < then < after < last


def test_columns_count_code_points():
    found = statement("/* 🐘 */ SELECT 1;")
    assert found["range"] == {"start": {"line": 1, "column": 9}, "end": {"line": 1, "column": 17}}


def test_what_cannot_be_told_is_said():
    assert statement('ALTER TABLE "elsewhere" ALTER COLUMN "a" TYPE bigint;')["unknown"]


def test_a_broken_statement_is_listed():
    found = statement("SELEC 1;")
    assert (found["actions"], found["locks"], found["reversible"]) == ([], [], "unknown")


def test_related_places_are_given():
    (project,) = json.loads(
        formats.render(
            "json",
            [
                changing(
                    'ALTER TABLE "posts" DROP COLUMN "author";', 'DROP INDEX "users_pkey"; TRUNCATE "users";'
                )
            ],
        )
    )["projects"]
    related = [place for one in project["migrations"][1]["findings"] for place in one["related"]]
    assert {place["path"] for place in related} <= {"drizzle/0001_change.sql"}


@pytest.mark.parametrize("pending", [True, False])
def test_the_output_is_valid(pending):
    sql = chunked('DROP TABLE "users";', "SELEC", "VACUUM;")
    found = analysis({"0": 'CREATE TABLE "users" ("id" integer);', "1": sql}, since="0" if pending else "1")
    text = formats.render("json", [found, found], ["a note"])
    assert Report.model_validate_json(text).model_dump_json(by_alias=True, indent=2) + "\n" == text


def test_the_published_schema_tells_about_every_field():
    published = json.loads(schema())
    assert published["properties"]["schema"]["const"] == 1
    assert "schema" in published["required"]
    assert published["$defs"]["StatementReport"]["properties"].keys() == statement("SELECT 1;").keys()
