"""What the body of a function does, from its CREATE FUNCTION statement."""

from __future__ import annotations

import pytest

from raincheck.sql.functions import body_of


def create(body: str, language: str = "plpgsql", options: str = "") -> str:
    return f"CREATE FUNCTION f(i integer) RETURNS integer LANGUAGE {language} {options} AS $f$ {body} $f$"


def kinds(definition: str) -> list[str]:
    return [action.kind.value for action in body_of(definition).actions]


def test_statements_queries_and_expressions_that_read_are_followed():
    body = """
    DECLARE many integer := (SELECT count(*) FROM a); c CURSOR FOR SELECT * FROM b;
    BEGIN
      IF EXISTS (SELECT FROM c) THEN UPDATE d SET e = 1; END IF;
      many := other(many);
      DELETE FROM g WHERE h = i;
      RETURN (SELECT max(j) FROM k);
    END
    """
    assert kinds(create(body)) == ["select", "select", "select", "update", "select", "delete", "select"]


@pytest.mark.parametrize(
    "definition",
    [
        create("SELECT 1; UPDATE t SET a = i", "sql"),
        "CREATE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC SELECT 1; UPDATE t SET a = 1; END",
    ],
)
def test_sql_is_read_as_it_is(definition: str):
    assert kinds(definition) == ["select", "update"]
    assert body_of(definition).opaque == ""


def test_return_is_a_query():
    assert kinds("CREATE FUNCTION f() RETURNS bigint RETURN (SELECT count(*) FROM t)") == ["select"]


@pytest.mark.parametrize(
    ("definition", "why"),
    [
        (create("BEGIN EXECUTE 'DELETE FROM ' || i; END"), "it runs SQL that it puts together itself"),
        (create("return 1", "plpython3u"), "it is written in plpython3u"),
        (create("BEGIN broken"), "its body cannot be read"),
        (create("SELEKT 1", "sql"), "its body cannot be read"),
        ("SELECT 1", "its body cannot be read"),
    ],
)
def test_what_cannot_be_told_is_said(definition: str, why: str):
    assert body_of(definition).opaque == why


def test_it_may_have_a_search_path_of_its_own():
    assert body_of(create("SELECT 1", "sql", "SET search_path = a, b")).search_path == ("a", "b")
    assert body_of(create("SELECT 1", "sql", "SET search_path = ''")).search_path == ()
    assert body_of(create("SELECT 1", "sql")).search_path is None
