"""Texts that crash, hang or fill the memory of what does not guard against them. Each is read in a second or so."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from raincheck.sql.document import read

TOO_COMPLEX = {
    "parentheses": "SELECT " + "(" * 10_000 + "1" + ")" * 10_000,
    "open parentheses": "SELECT " + "(" * 10_000,
    "plus": "SELECT " + "+".join("1" * 30_000),
    "plus, within the parser's limit": "SELECT " + "+".join("1" * 3_000),
    "case": "SELECT " + "CASE WHEN " * 10_000 + "1" + " THEN 1 END" * 10_000,
    "arrays": "SELECT " + "ARRAY[" * 10_000 + "1" + "]" * 10_000,
    "casts": "SELECT 1" + "::int" * 100_000,
    "unions": " UNION ".join(["SELECT 1"] * 30_000),
    "opened comments": "SELECT 1 " + "/*" * 100_000,
    "operators": "SELECT 1 " + "+" * 200_000 + "1",
    "a huge tree": "INSERT INTO a VALUES " + ",".join(["(1)"] * 300_000),
    "longer than is parsed": "SELECT '" + "a" * 17_000_000 + "'",
}


def read_in_a_thread(text: str):
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(read, text).result()


@pytest.mark.parametrize("name", TOO_COMPLEX)
def test_a_statement_that_is_too_complex_is_left_out_and_the_next_one_is_read(name):
    [broken, following] = read_in_a_thread(f"{TOO_COMPLEX[name]};\nDROP TABLE a;").statements
    assert broken.problem.rule == "statement-too-complex"
    assert broken.problem.message.startswith("this statement was not read: ")
    assert (following.text, following.problem) == ("DROP TABLE a", None)


def test_thirty_thousand_conditions_are_read():
    [statement] = read_in_a_thread("SELECT " + " OR ".join("a" * 30_000)).statements
    assert statement.node


def test_ten_megabytes_are_read():
    insert = "INSERT INTO a (b) VALUES ('" + "x" * 10_000 + "');\n"
    document = read_in_a_thread(insert * 1000)
    assert len(document.text) > 10_000_000
    assert [statement.problem for statement in document.statements] == [None] * 1000


@pytest.mark.parametrize(
    "text",
    [
        "/*" * 100_000,
        "/* " * 300_000,
        "/**/" * 100_000,
        "'" * 100_001,
        "$a$ " * 100_000,
        "".join(f"SELECT $a{n}$;\nCREATE " for n in range(20_000)),
        "CREATE RULE r AS ON INSERT TO a DO (SELECT 1;\n" * 5_000,
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;\n" * 5_000,
        "COPY a FROM STDIN;\n" * 5_000,
        "SELECT 'a;--> statement-breakpoint\n" * 5_000,
        "".join(f"SELECT $a{n}$;--> statement-breakpoint\n" for n in range(5_000)),
        "/* --> statement-breakpoint\n" * 5_000,
        "SELECT 1\n" + "-- raincheck: allow a because b\n" * 10_000 + ", 2",
        "foo 'a;\nSELECT '1';\n" * 2_000,
        ";\n\n\n" * 100_000 + "'",
    ],
    ids=lambda text: text[:20].strip(),
)
def test_repeating_what_is_broken_takes_linear_time(text):
    assert all(statement.span.within(text) == statement.text for statement in read(text).statements)


@pytest.mark.parametrize("end", [";\n", "--> statement-breakpoint\n"], ids=["one chunk", "chunks"])
def test_of_a_file_with_very_many_statements_the_rest_is_left_out(end):
    text = "SELECT 1;--> statement-breakpoint\n" + f"SELECT 1{end}" * 60_000
    first, *_, rest = read_in_a_thread(text).statements
    assert first.problem is None
    assert rest.problem.rule == "statement-too-complex"
    assert rest.problem.message.startswith("the rest of this file was not read")
    assert text.endswith(rest.text + text[len(text.rstrip()) :])
