import json
import re
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pglast.parser import parse_sql_json

from raincheck.sql.chunks import BREAKPOINT
from raincheck.sql.expressions import fingerprint
from raincheck.sql.parse import parse
from raincheck.sql.split import Form, split
from raincheck.sql.tokens import BLANK
from support.sql_fragments import texts

PROJECTS = Path(__file__).parents[1] / "projects"
SOUND = [
    "SELECT 1;",
    "SELECT 'a;''b' , \"c;\"\"d\";",
    "SELECT E'\\';' AS e, $$;'$$, $a$ $$ ; $a$ -- ;\n;",
    "SELECT a$b$ , /* ; /* ' */ */ U&'d!0061;' UESCAPE '!';",
    "SELECT E'a' -- ;\n;",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;",
    "CREATE RULE r AS ON DELETE TO t DO INSTEAD (DELETE FROM a; DELETE FROM b);",
    "SELECT 1 +-- ;\n2 */* ; */ 3 - -4;",
]
TRIVIA = ["", "\n", "-- ' ;\n", '/* " ; /* ; */ */', " ;; ", "--> statement-breakpoint\n", "\f\r\n\t"]


def whole(text: str) -> list[str]:
    return [fingerprint(one["stmt"]) for one in json.loads(parse_sql_json(text))["stmts"]]


def statements(text: str) -> list[str]:
    pieces = [piece for piece in split(text) if piece.form in {Form.STATEMENT, Form.COPY}]
    assert all(text[piece.semicolon] == ";" for piece in pieces if piece.semicolon is not None)
    return [text[piece.start : piece.stop] for piece in pieces]


@pytest.mark.parametrize(
    "text", ["", " ", ";;\n ;", "-- only a comment", "/* a; /* b; */ c */", "\n-- a\n/* b */;\n"]
)
def test_trivia_holds_no_statement(text):
    assert statements(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 'a;b'",
        "SELECT 'it''s;'",
        r"SELECT E'a\';b'",
        r"SELECT E'\\', 'x;'",
        "SELECT E'a'\n'\\';b'",
        r"SELECT 'a\', ';'",
        r"SELECT note'a\', ';'",
        r"SELECT U&'\', ';'",
        "SELECT B'1;0', X';', N';'",
        'SELECT "a;b", "c"";"',
        "SELECT $$a;b$$",
        "SELECT $a$ ; $$ ; $b$ ; $a$",
        "SELECT $é$;$é$",
        "SELECT a -- ; b\n, c",
        "SELECT a /* ; /* ; */ ; */, b",
        "SELECT $1, a$b",
        "SELECT 1 - -1 / 2",
        'ALTER TABLE "é🦀" ADD COLUMN "🦀" text',
    ],
)
def test_a_semicolon_inside_is_no_end(text):
    assert statements(f"{text} ;SELECT 2") == [text, "SELECT 2"]
    assert statements(f"-- ;\n{text}") == [text]


def test_a_dollar_inside_an_identifier_opens_no_quote():
    assert statements("SELECT a$b$; SELECT $b$;$b$") == ["SELECT a$b$", "SELECT $b$;$b$"]


def test_a_statement_ends_with_its_last_token():
    text = "  /* a */ SELECT 1 -- b\n /* c */ ; -- d\nSELECT 2 -- e"
    assert statements(text) == ["SELECT 1", "SELECT 2"]
    assert [piece.semicolon for piece in split(text)] == [text.index(";"), None]


def test_an_unbalanced_parenthesis_breaks_one_statement_only():
    assert statements("SELECT (1; SELECT 2); SELECT 3") == ["SELECT (1", "SELECT 2)", "SELECT 3"]


def test_a_body_of_sql_is_one_statement():
    text = (
        "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END"
    )
    assert statements(f"{text}; SELECT 3") == [text, "SELECT 3"]
    assert statements(f"{text} -- c") == [text]


def test_a_body_of_sql_that_never_ends_breaks_one_statement_only():
    text = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;\nCREATE TABLE a ();\nCREATE TABLE b ();"
    assert statements(text)[1:] == ["CREATE TABLE a ()", "CREATE TABLE b ()"]


def test_a_rule_holds_statements_in_parentheses():
    text = "CREATE RULE r AS ON INSERT TO a DO ALSO (INSERT INTO b VALUES (1); DELETE FROM c)"
    assert statements(f"{text}; SELECT 3") == [text, "SELECT 3"]
    assert statements(f"{text[:-1]}; SELECT 3")[-1] == "SELECT 3"


def test_the_parser_sees_the_same_statements():
    """Oracle: libpg_query reads a text as a whole and finds the same trees in it."""
    for path in sorted(PROJECTS.rglob("*.sql")):
        text = path.read_text(encoding="utf-8").replace(BREAKPOINT, ";")
        if not {"quotes_in_names", "pulled-v0"} & set(path.parts):
            assert [fingerprint(parse(one).node) for one in statements(text)] == whole(text)


@given(st.lists(st.sampled_from(SOUND), min_size=1), st.lists(st.sampled_from(TRIVIA), min_size=1))
def test_the_parser_sees_the_same_statements_in_sound_text(sound, trivia):
    text = "".join(before + one for before, one in zip(cycle(trivia), sound, strict=False))
    assert [fingerprint(parse(one).node) for one in statements(text)] == whole(text)


def test_a_command_of_psql_reaches_to_the_end_of_its_line():
    pieces = list(split("\\c a; b\r\nSELECT 1; \\echo x"))
    assert [piece.form for piece in pieces] == [Form.COMMAND, Form.STATEMENT, Form.COMMAND]
    assert statements("SELECT 1 \\g\nSELECT 2") == ["SELECT 1 \\g\nSELECT 2"]


def test_lines_of_data_belong_to_the_copy_before_them():
    copy = "COPY a (b, c) FROM STDIN WITH (FORMAT text)"
    assert statements(f"{copy};\n1\tit's;\n2\t\\N\n\\.\nSELECT 1;") == [copy, "SELECT 1"]
    assert statements("COPY a FROM stdin;\nSELECT 1;") == ["COPY a FROM stdin", "SELECT 1"]
    assert statements("COPY a FROM '/x';\n1\n\\.\n")[1:] == ["1\n\\."]


@pytest.mark.parametrize("opening", ["'", '"', "E'", "$$", "$a$", "/*"])
def test_what_is_never_closed_ends_before_the_next_statement(opening):
    broken = f"ALTER TABLE a ADD b text DEFAULT {opening}x"
    assert statements(f"SELECT 1;\n{broken};\n\n-- c\nCREATE TABLE c ();\n DROP TABLE d;") == [
        *("SELECT 1", broken, "CREATE TABLE c ()", "DROP TABLE d"),
    ]
    [*_, last] = split(f"{broken}; SELECT 2")
    assert last.unclosed == broken.index(opening.lstrip("E"))


@given(texts)
def test_the_pieces_are_the_text(text):
    pieces = list(split(text))
    assert "".join(text[piece.begin : piece.end] for piece in pieces) == text
    for piece in pieces:
        assert piece.begin <= piece.start <= piece.stop <= piece.end
        statement = text[piece.start : piece.stop]
        assert statement.strip(BLANK) == statement
        assert bool(statement) == (piece.form is not Form.TRIVIA)


@given(texts)
def test_what_is_left_out_is_trivia(text):
    for piece in split(text):
        left_out = text[piece.begin : piece.start]
        if piece.form is not Form.COPY:
            left_out += "\n" + text[piece.stop : piece.end]
        without_lines = re.sub(r"--[^\r\n]*|[ \t\r\n\f\v;]", "", left_out)
        assert without_lines == "" or without_lines.startswith("/*")
