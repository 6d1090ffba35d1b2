"""What functions and triggers draw in, and what is said where their bodies cannot be followed."""

from __future__ import annotations

from locks.predictions import predict, replay

TABLE = "CREATE TABLE t (id integer PRIMARY KEY, a integer)"
OTHER = "CREATE TABLE o (id integer)"
TRIGGER = "CREATE TRIGGER g AFTER {} ON t FOR EACH ROW EXECUTE FUNCTION f()"


def function(body: str, *, returns: str = "trigger", options: str = "") -> str:
    return f"CREATE FUNCTION f() RETURNS {returns} LANGUAGE plpgsql {options} AS $$ {body} $$"


def told(*setup: str, statement: str, version: int = 15):
    return predict(replay((TABLE, OTHER, *setup)), statement, version)


def test_a_function_that_calls_itself_ends():
    again = function("BEGIN DELETE FROM o; RETURN f(); END", returns="integer")
    assert told(again, statement="SELECT f()").locks == {"public.o": "RowExclusiveLock"}


def test_what_a_body_puts_together_is_not_known():
    dynamic = function("BEGIN EXECUTE 'DELETE FROM ' || TG_ARGV[0]; RETURN NEW; END")
    found = told(dynamic, TRIGGER.format("INSERT"), statement="INSERT INTO t VALUES (1, 1)")
    assert found.unknown == ("all that public.f() does: it runs SQL that it puts together itself",)


def test_a_function_that_no_migration_creates_is_not_known():
    found = told(TRIGGER.format("UPDATE"), statement="UPDATE t SET a = 2")
    assert found.unknown == ("what public.f() does: no migration creates it",)
    assert told(statement="SELECT create_hypertable('t', 'a')").unknown == (
        "what create_hypertable() does: no migration creates it",
    )
    assert told(statement="SELECT max(a), lower('x') FROM t").unknown == ()


def test_upkeep_runs_functions_with_an_empty_path_from_17_on():
    reading = function("BEGIN RETURN (SELECT max(id) FROM o); END", returns="integer", options="IMMUTABLE")
    index = "CREATE INDEX i ON t ((a + f()))"
    assert "public.o" in told(reading, statement=index, version=16).locks
    found = told(reading, statement=index, version=17)
    assert "public.o" not in found.locks
    assert "whether public.f() fails here" in found.unknown[0]


def test_overloads_count_together_and_a_new_definition_counts_alone():
    first = "CREATE FUNCTION f(integer) RETURNS void LANGUAGE sql AS 'DELETE FROM o'"
    second = "CREATE FUNCTION f(text) RETURNS void LANGUAGE sql AS 'DELETE FROM t'"
    assert told(first, second, statement="SELECT f(1)").locks.keys() >= {"public.o", "public.t"}
    again = "CREATE OR REPLACE FUNCTION f(integer) RETURNS void LANGUAGE sql AS 'SELECT 1'"
    assert told(first, again, statement="SELECT f(1)").locks == {}


def test_a_renamed_function_is_still_the_triggers():
    deleting = function("BEGIN DELETE FROM o; RETURN NULL; END")
    setup = (deleting, TRIGGER.format("DELETE"), "ALTER FUNCTION f() RENAME TO g")
    assert "public.o" in told(*setup, statement="DELETE FROM t").locks
