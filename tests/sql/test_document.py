from pathlib import Path

import pytest
from hypothesis import given

from raincheck.sql.document import read
from raincheck.sql.kinds import Kind
from raincheck.sql.parse import POSITIONS
from raincheck.text import Span
from support.sql_fragments import texts

BREAKPOINT = "--> statement-breakpoint"
PROJECTS = Path(__file__).parents[1] / "projects"


def check(text: str, *expected: str) -> None:
    """The statements of a text: its own text if it is sound, `RULE: text` if it is not, `! RULE: text` for the rest."""
    document = read(text)
    found = [f"{one.problem.rule}: {one.text}" if one.problem else one.text for one in document.statements]
    found += [f"! {one.rule}: {one.span.within(text)}" for one in document.problems]
    assert found == list(expected)


def hold(text: str) -> None:
    """What is true of the document of any text."""
    document = read(text)
    last = 0
    for index, statement in enumerate(document.statements):
        assert statement.index == index
        assert statement.text == statement.span.within(text) != ""
        assert last <= statement.span.start
        assert document.chunks[statement.chunk].span.touches(statement.span.start)
        assert statement.semicolon is None or (
            text[statement.semicolon] == ";" and statement.semicolon >= statement.span.end
        )
        assert (statement.node is None) <= (statement.problem is not None)
        assert bool(statement.actions) == (statement.node is not None)
        last = statement.span.end
    for allowance in document.allowances:
        assert allowance.span.within(text).startswith("--")
        assert (
            allowance.statement is None
            or document.statements[allowance.statement].span.end > allowance.span.start
        )


@given(texts)
def test_any_text_is_read(text):
    hold(text)


@pytest.mark.parametrize(
    "path", sorted(PROJECTS.rglob("*.sql")), ids=lambda path: str(path.relative_to(PROJECTS))
)
def test_what_drizzle_kit_writes_is_read(path):
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    hold(text)
    broken = [one.rule for one in read(text).problems] + [
        one.problem.rule for one in read(text).statements if one.problem
    ]
    known = {"quotes_in_names": ["syntax-error"], "pulled-v0": ["pulled-baseline-commented"]}
    assert broken == next((rules for name, rules in known.items() if name in path.parts and broken), [])


@pytest.mark.parametrize(
    "text", ["", " \n", "-- a comment", "/* a */", ";", BREAKPOINT, f"-- a\n{BREAKPOINT}\n"]
)
def test_nothing_is_no_problem(text):
    check(text)


@pytest.mark.parametrize(
    "broken",
    [
        "SELECT 'a",
        'SELECT "a',
        "SELECT $$a",
        "SELECT $x$a",
        "SELECT /* a",
        "SELECT (1",
        "SELECT 1)",
        "CREATE TABL a",
    ],
)
def test_a_broken_statement_is_one_problem_and_the_others_are_read(broken):
    check(
        f"DROP TABLE a;\n{broken};\nDROP TABLE b;\n\nDROP TABLE c;",
        *("DROP TABLE a", f"syntax-error: {broken}", "DROP TABLE b", "DROP TABLE c"),
    )
    chunk = (
        f"syntax-error: {broken}" if broken[-1] in ")1l" or "TABL" in broken else f"syntax-error: {broken};"
    )
    check(
        f"DROP TABLE a;{BREAKPOINT}\n{broken};{BREAKPOINT}\nDROP TABLE b;",
        "DROP TABLE a",
        chunk,
        "DROP TABLE b",
    )


def test_two_stray_quotes_break_two_statements():
    check(
        "INSERT INTO a VALUES ('x);\nINSERT INTO b VALUES ('y');\nINSERT INTO c VALUES ('z);\nINSERT INTO d VALUES (1);",
        "syntax-error: INSERT INTO a VALUES ('x)",
        "INSERT INTO b VALUES ('y')",
        "syntax-error: INSERT INTO c VALUES ('z)",
        "INSERT INTO d VALUES (1)",
    )


@pytest.mark.parametrize(
    "first",
    [
        *("A", "CREATE INDEX", "DROP TABLE a", "ALTER TABLE a\n  ADD COLUMN b int", "UPDATE a SET b ="),
        *(
            'ALTER TABLE "a',
            "INSERT INTO a VALUES ('x",
            "CREATE TABLE a (\n  id int,",
            "-",
            "COMMENT ON TABLE a IS",
        ),
        "CREATE FUNCTION f() RETURNS int AS $$\nBEGIN\n  RETURN 1",
    ],
)
def test_a_statement_without_its_semicolon_does_not_take_the_next_one_with_it(first):
    check(f"{first}\nDROP TABLE b;", f"syntax-error: {first}", "DROP TABLE b")
    check(
        f"DROP TABLE c;{first}\nCREATE INDEX ON b (c);{BREAKPOINT}",
        *("DROP TABLE c", f"syntax-error: {first}", "CREATE INDEX ON b (c)"),
    )


def test_what_is_wrong_with_it_is_said_in_the_words_of_postgresql_at_its_own_end():
    document = read("DROP TABLE a -- no more\nDROP TABLE b;")
    problem = document.statements[0].problem
    assert problem.message == 'syntax error at or near "DROP"'
    assert problem.span.within(document.statements[0].text) == "a"
    assert problem.help == "End this statement with a semicolon."


@pytest.mark.parametrize(
    "one",
    [
        "WITH gone AS (SELEC 1)\nDELETE FROM a",
        "EXPLAIN (ANALYS\nUPDATE a SET b = 1",
        "CREATE RULE r AS ON INSERT TO a DO INSTED\nDELETE FROM b",
        "ALTER DEFAULT PRIVILEGE\nGRANT SELECT ON TABLES TO b",
        "CREATE SCHEMA a AUTHORISATION b\nCREATE TABLE c (d int)",
        "CREATE FUNCTION f() RETURN int AS $$\nDELETE FROM a;\nDELETE FROM b\n$$ LANGUAGE sql",
        "ALTER TABLE a ALTR c\n  DROP TABLE b",
        "ALTER TABLE a ALTR\nDROP COLUMN b",
    ],
)
def test_a_broken_statement_with_lines_like_beginnings_stays_one(one):
    check(f"{one};\nDROP TABLE d;", f"syntax-error: {one}", "DROP TABLE d")


def test_a_place_can_be_taken_for_a_breakpoint():
    text = f"DROP TABLE a;\n--> st\nDROP TABLE b;{BREAKPOINT}DROP TABLE c;"
    begun = read(text, Span(14, 20))
    assert [statement.chunk for statement in begun.statements] == [0, 1, 2]
    assert [statement.text for statement in begun.statements] == [one.text for one in read(text).statements]
    assert read("SELECT '\n--> st\n'", Span(9, 15)).statements


def test_an_unclosed_body_does_not_take_the_next_function_with_it():
    following = "CREATE FUNCTION g() RETURNS void AS $$\nBEGIN\nDELETE FROM a;\nEND $$ LANGUAGE plpgsql"
    broken = "CREATE FUNCTION f() RETURNS void AS $$\nBEGIN\nDELETE FROM a;\nEND LANGUAGE plpgsql"
    check(f"{broken};\n{following};", f"syntax-error: {broken}", following)


def test_a_sound_body_stays_whole_though_its_statement_is_broken():
    broken = "CREATE FUNCTION f() RETURNS void AS $$\nBEGIN\nDELETE FROM a;\nUPDATE b SET c = 1;\nEND $$ LANGUAG plpgsql"
    check(f"{broken};\nDROP TABLE a;", f"syntax-error: {broken}", "DROP TABLE a")


def test_a_text_with_line_ends_of_windows():
    check(
        "DROP TABLE a;\r\nSELECT 'x;\r\nDROP TABLE b;\r\n",
        "DROP TABLE a",
        "syntax-error: SELECT 'x",
        "DROP TABLE b",
    )


def test_a_byte_order_mark():
    check("\ufeffDROP TABLE a;", "DROP TABLE a", "! byte-order-mark: \ufeff")
    assert read("\ufeffDROP TABLE a;").statements[0].node
    check("\ufeff", "! byte-order-mark: \ufeff")


def test_a_nul_byte():
    check("DROP TABLE a\0;\nDROP TABLE b;", "syntax-error: DROP TABLE a\0", "DROP TABLE b")


def test_what_only_psql_understands():
    check(
        "\\connect app\nDROP TABLE a;\nCOPY b FROM STDIN;\n1\tit's\n\\.\nDROP TABLE c;",
        *("DROP TABLE a", "COPY b FROM STDIN", "DROP TABLE c"),
        *("! psql-only-command: \\connect app", "! psql-only-command: COPY b FROM STDIN"),
    )


def test_places_beyond_the_basic_plane():
    text = 'ALTER TABLE "🦀𐍈" ALTER "é" SET DEFAULT \'🦀\', ADD COLUMN 🦀; DROP TABLE "🦀";'
    document = read(text)
    assert [one.span.within(text) for one in document.statements] == [
        text[: text.index(";")],
        'DROP TABLE "🦀"',
    ]
    problem = document.statements[0].problem
    assert problem.span.within(document.statements[0].text) == "🦀"


@pytest.mark.parametrize(
    "whole",
    [
        f"CREATE FUNCTION f() RETURNS int AS $$\nSELECT 1;\n{BREAKPOINT}\nSELECT 2;\n{BREAKPOINT}\n$$ LANGUAGE sql",
        f"INSERT INTO a VALUES ('x {BREAKPOINT} y')",
        f"INSERT INTO a VALUES (E'\\'x {BREAKPOINT} y')",
        f'DROP TABLE "x {BREAKPOINT} y"',
        f"DROP TABLE /* x {BREAKPOINT} y */ a",
    ],
)
def test_a_breakpoint_inside_a_literal_is_one_problem(whole):
    text = f"DROP TABLE b;{BREAKPOINT}\n{whole};{BREAKPOINT}\nDROP TABLE c;"
    check(text, "DROP TABLE b", f"breakpoint-splits-literal: {whole}", "DROP TABLE c")
    [_, split, after] = read(text).statements
    assert split.problem.span.within(split.text) == BREAKPOINT
    assert split.node
    assert after.chunk == whole.count(BREAKPOINT) + 2


def test_a_breakpoint_inside_a_comment_between_statements():
    check(
        f"DROP TABLE a; /* b; {BREAKPOINT} c; */ DROP TABLE d;{BREAKPOINT} DROP TABLE e",
        *("DROP TABLE a", "DROP TABLE d", "DROP TABLE e", f"! breakpoint-splits-literal: {BREAKPOINT}"),
    )


def test_quotes_in_several_chunks_that_are_broken_each_on_its_own():
    check(
        f"ALTER TABLE a ADD b text DEFAULT 'x;{BREAKPOINT}\nALTER TABLE c ADD d text DEFAULT 'y';",
        *("syntax-error: ALTER TABLE a ADD b text DEFAULT 'x;", "ALTER TABLE c ADD d text DEFAULT 'y'"),
    )


def test_a_pulled_migration_in_a_comment():
    check(
        f"-- Current sql file\n/*\nCREATE TABLE a ();\n{BREAKPOINT}\nCREATE TABLE b ();\n*/",
        "! pulled-baseline-commented: /*",
    )
    check("-- Current sql file\n/*\nCREATE TABLE a ();\n*/")


def kinds(text: str) -> list[tuple[Kind, str, str]]:
    return [(one.kind, one.guard, one.node.get("opaque", "")) for one in read(text).statements[0].actions]


def test_what_the_queries_of_a_with_change_are_actions_behind_it():
    moved = "WITH gone AS (DELETE FROM a RETURNING *), few AS (SELECT 1) INSERT INTO b SELECT * FROM gone"
    assert kinds(moved) == [(Kind.INSERT, "", ""), (Kind.DELETE, "", "")]
    assert kinds("WITH x AS (UPDATE a SET b = 1 RETURNING 1) SELECT * FROM x") == [
        (Kind.SELECT, "", ""),
        (Kind.UPDATE, "", ""),
    ]


def test_the_statements_in_a_block_are_actions_behind_it():
    text = "DO $$ BEGIN\n CREATE TYPE \"a\" AS ENUM('🦀');\n DROP TABLE b;\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND $$;"
    assert kinds(text) == [
        (Kind.DO, "", ""),
        (Kind.CREATE_ENUM, "duplicate_object", ""),
        (Kind.DROP_TABLE, "duplicate_object", ""),
    ]


def test_places_in_a_block_count_from_its_start():
    text = "SELECT '🦀'; DO $$ BEGIN SELECT '🦀'; UPDATE a SET b = '🦀'; END $$"
    block = read(text).statements[1]
    relation = block.actions[2].node["relation"]
    assert block.text[relation["location"] :].startswith("a SET")
    assert "location" in POSITIONS


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("DO $$ nonsense $$", "its body cannot be read as PL/pgSQL"),
        ("DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'a'; END $$", "it runs SQL that it puts together itself"),
        (
            "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'a'); END $$",
            "it runs SQL that it puts together itself",
        ),
        (
            "DO $$ BEGIN EXECUTE 'DROP TABLE a; DROP TABLE b'; END $$",
            "it holds a statement that cannot be read",
        ),
        ("DO LANGUAGE plv8 $$ plv8.execute('DROP TABLE a') $$", "it is written in plv8"),
        ("DO $$ import plpy $$ LANGUAGE plpython3u", "it is written in plpython3u"),
        ("DO $$ BEGIN IF true THEN FROB; END IF; END $$", "its body cannot be read as PL/pgSQL"),
    ],
)
def test_a_block_that_cannot_be_read_is_opaque(text, why):
    assert kinds(text)[0] == (Kind.DO, "", why)


def test_a_block_inside_a_block_is_read():
    text = "DO $a$ BEGIN IF true THEN DO $b$ BEGIN DROP TABLE x; EXECUTE 'a' || 'b'; END $b$; END IF; END $a$"
    assert kinds(text) == [
        (Kind.DO, "", ""),
        (Kind.DO, "conditional", "it runs SQL that it puts together itself"),
        (Kind.DROP_TABLE, "conditional", ""),
    ]


def test_sql_that_is_constant_is_read_where_it_is_executed():
    text = (
        "DO $$ BEGIN EXECUTE 'ALTER TABLE a ADD COLUMN b text DEFAULT ''x'''; EXECUTE ' TRUNCATE c '; END $$"
    )
    assert kinds(text) == [(Kind.DO, "", ""), (Kind.ADD_COLUMN, "", ""), (Kind.TRUNCATE, "", "")]


def test_cursors_are_read():
    text = (
        "DO $$ DECLARE c refcursor; BEGIN OPEN c FOR SELECT 1 FROM a; OPEN c FOR EXECUTE 'x' || 'y'; END $$"
    )
    assert kinds(text) == [(Kind.DO, "", "it runs SQL that it puts together itself"), (Kind.SELECT, "", "")]


def test_allowances_go_to_the_statement_they_stand_before_or_in():
    text = (
        "-- raincheck: allow table-dropped because nobody reads it\nDROP TABLE a; -- raincheck: allow a, b-c\n"
        "CREATE TABLE b (\n  -- raincheck:allow d because e, f  \n  c int);\n"
        "SELECT '\n-- raincheck: allow no because it is a string\n';\n-- raincheck: allow z because nothing follows"
    )
    assert [(one.rules, one.reason, one.statement) for one in read(text).allowances] == [
        (("table-dropped",), "nobody reads it", 0),
        (("a", "b-c"), "", 1),
        (("d",), "e, f", 1),
        (("z",), "nothing follows", None),
    ]
    assert read(text).allowances[2].span.within(text) == "-- raincheck:allow d because e, f"


def test_what_did_not_change_is_not_read_again():
    text = f"DROP TABLE a;{BREAKPOINT}\nCREATE TABLE b (c int);{BREAKPOINT}\nDROP TABLE d"
    before, after = read(text), read(text.replace("TABLE a", "TABLE aa"))
    for one, other in zip(before.statements[1:], after.statements[1:], strict=True):
        assert one.node is other.node
        assert one.actions is other.actions
        assert one.span.shifted(1) == other.span
