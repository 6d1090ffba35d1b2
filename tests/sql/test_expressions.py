import pytest
from hypothesis import given

from raincheck.sql.expressions import (
    default_source,
    find_keyword,
    fingerprint,
    parenthesised,
    parse_expression,
    parse_type,
    rest_after,
    walk,
)
from raincheck.sql.parse import parse
from support.sql_fragments import texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a+1", "a  + /* x */ 1"),
        ("lower( 'X' )", "LOWER('X')"),
        ("a in (1,2)", "a IN ( 1, 2 )"),
        ("array[1]", "ARRAY[ 1]"),
    ],
)
def test_layout_is_not_part_of_a_fingerprint(one, other):
    assert fingerprint(parse_expression(one)) == fingerprint(parse_expression(other))


@pytest.mark.parametrize(
    ("one", "other"), [("a", '"A"'), ("1", "'1'"), ("a - b", "b - a"), ("f(a)", "f(a, a)"), ("true", "1")]
)
def test_everything_else_is(one, other):
    assert fingerprint(parse_expression(one)) != fingerprint(parse_expression(other))


def test_a_fingerprint_of_a_deep_tree_is_made():
    assert fingerprint(parse("SELECT " + "(SELECT " * 80 + "1" + ")" * 80).node).count("SelectStmt") == 81


@pytest.mark.parametrize(
    "sql", ["a", "a + 1 -- c", "now()", "'x'::text", "(a, b)", "x IS NULL AND y > 0", "(SELECT 1)"]
)
def test_an_expression_is_read(sql):
    assert parse_expression(sql)


@pytest.mark.parametrize(
    "sql", ["", "a b", "1) FROM (SELECT 2", "a), (b", "1); DROP TABLE a; SELECT (1", "a /*", "(", "\0"]
)
def test_what_is_not_one_expression_is_none(sql):
    assert parse_expression(sql) is None


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("integer", "int4"),
        ("varchar(20)[]", "varchar"),
        ('"public"."role"', "role"),
        ("timestamp (3) with time zone", "timestamptz"),
    ],
)
def test_a_type_is_read(sql, name):
    node = parse_type(sql)
    assert node is not None
    assert node["names"][-1]["String"]["sval"] == name


@pytest.mark.parametrize("sql", ["", "int) + (1", "int, int", "1", "int COLLATE x"])
def test_what_is_not_one_type_is_none(sql):
    assert parse_type(sql) is None


def test_a_walk_yields_every_node_in_order():
    node = parse("SELECT f(a), g(h(b)) FROM c").node
    names = [inner["funcname"][0]["String"]["sval"] for tag, inner in walk(node) if tag == "FuncCall"]
    assert names == ["f", "g", "h"]
    assert [tag for tag, _ in walk(parse("ALTER TABLE a DROP COLUMN b").node)] == [
        "AlterTableStmt",
        "relation",
        "AlterTableCmd",
    ]


TABLE = """CREATE TABLE "t" (
  "a" text DEFAULT 'x, y' || ')' NOT NULL,
  "b" int DEFAULT (1 + (2)) CHECK ("b" > 0 /* ) */) PRIMARY KEY,
  "c" text DEFAULT NULL NULL,
  "d" timestamp DEFAULT now()::timestamp -- today
    CONSTRAINT "x" UNIQUE,
  "e" text DEFAULT $$a, b$$ COLLATE "C",
  "f" boolean DEFAULT a IS NOT DISTINCT FROM b REFERENCES z,
  "g" int GENERATED ALWAYS AS (length("a" || ')')) STORED,
  "h" int[] DEFAULT ARRAY[1, 2]
)"""


@pytest.mark.parametrize(
    ("column", "source"),
    [
        ("a", "'x, y' || ')'"),
        ("b", "(1 + (2))"),
        ("c", "NULL"),
        ("d", "now()::timestamp"),
        ("e", "$$a, b$$"),
        ("f", "a IS NOT DISTINCT FROM b"),
        ("h", "ARRAY[1, 2]"),
    ],
)
def test_a_default_is_cut_out_as_written(column, source):
    assert default_source(TABLE, TABLE.index("DEFAULT", TABLE.index(f'"{column}" '))) == source


def test_the_places_of_constraints_lead_to_their_sources():
    found = {}
    for tag, node in walk(parse(TABLE).node):
        if tag == "Constraint" and "raw_expr" in node:
            cut = default_source if node["contype"] == "CONSTR_DEFAULT" else parenthesised
            found[node["location"]] = cut(TABLE, node["location"])
            assert fingerprint(parse_expression(found[node["location"]])) == fingerprint(node["raw_expr"])
    assert list(found.values())[2] == '"b" > 0 /* ) */'
    assert len(found) == 9


def test_a_set_default_is_cut_out():
    text = "ALTER TABLE a ALTER COLUMN b SET DEFAULT f(1, 2), ALTER c DROP DEFAULT"
    at = find_keyword(text, "default")
    assert at == text.index("DEFAULT")
    assert default_source(text, at) == "f(1, 2)"


def test_the_rest_after_a_keyword_is_cut_out():
    text = """CREATE INDEX i ON t USING gin ((a || ' WHERE ')) WHERE a > 0 AND (b IN (1)) -- c"""
    assert rest_after(text, "where") == "a > 0 AND (b IN (1))"
    assert rest_after("CREATE VIEW v AS SELECT a, b AS c FROM d;", "AS") == "SELECT a, b AS c FROM d"
    assert rest_after("SELECT 1", "WHERE") == ""


def test_a_policy_is_cut_out():
    text = "CREATE POLICY p ON t FOR ALL TO public USING ((a = 'using)')) WITH CHECK (true)"
    assert parenthesised(text, find_keyword(text, "USING")) == "(a = 'using)')"
    assert parenthesised(text, find_keyword(text, "CHECK")) == "true"
    assert find_keyword(text, "nowhere") is None
    assert parenthesised("SELECT 1", 0) == ""


@given(texts)
def test_slicing_never_raises(text):
    for at in (0, len(text) // 2, len(text)):
        assert default_source(text, at) in text
        assert parenthesised(text, at) in text
        assert rest_after(text, "AS", at) in text
    parse_expression(text)
    parse_type(text)
