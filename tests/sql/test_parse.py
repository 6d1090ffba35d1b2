import pytest
from hypothesis import given

from raincheck.sql.expressions import walk
from raincheck.sql.parse import POSITIONS, parse, parse_at
from support.sql_fragments import texts


def problem(text: str) -> tuple[str, str, str]:
    """Rule, message and the place of what is wrong with a text."""
    parsed = parse(text)
    assert parsed.node is None
    assert parsed.problem is not None
    return parsed.problem.rule, parsed.problem.message, parsed.problem.span.within(text)


def test_a_statement_becomes_libpg_querys_node():
    match parse('DROP TABLE "a"').node:
        case {"DropStmt": {"removeType": "OBJECT_TABLE"}}:
            return
    pytest.fail("no DROP TABLE")


def test_equal_texts_share_one_answer():
    assert parse("SELECT 1, 2") is parse("SELECT " + "1, 2")


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("CREATE TABL a ()", 'syntax error at or near "TABL"', "TABL"),
        ('SELECT "é🦀" FROM FROM', 'syntax error at or near "FROM"', "FROM"),
        ("SELECT (1", "syntax error at end of input", "1"),
        ("SELECT 1 +", "syntax error at end of input", "+"),
        ("SELECT 'a b", 'unterminated quoted string at or near "\'a b"', "'a b"),
        ("SELECT $$a b", 'unterminated dollar-quoted string at or near "$$a b"', "$$a b"),
        ("SELECT /* a", 'unterminated /* comment at or near "/* a"', "/"),
        ('SELECT ""', 'zero-length delimited identifier at or near """"', '""'),
        (r"SELECT U&'\zz'", "invalid Unicode escape", "\\"),
        ("SELECT 1\0", 'invalid byte sequence for encoding "UTF8": 0x00', "\0"),
        ("SELECT '\ud800'", "invalid character: half of a surrogate pair", "\ud800"),
        ("SELECT 1; SELECT 2", "more than one statement", "SELECT 1; SELECT 2"),
        ("-- nothing", "there is no statement here", "-- nothing"),
    ],
)
def test_what_is_wrong_comes_back_with_its_place(text, message, place):
    assert problem(text) == ("syntax-error", message, place)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<<<<<<< HEAD\nSELECT 1", True),
        ("=======\nSELECT 1", True),
        (">>>>>>> feature\nSELECT 1", True),
        ("||||||| 1a2b3c4\nSELECT 1", True),
        ("SELECT 1 ======== FROM", False),
        ("SELECT FROM FROM", False),
    ],
)
def test_conflict_markers_are_told_as_what_they_are(text, told):
    help_ = parse(text).problem.help
    assert help_.startswith("A merge left git's conflict markers in this file") == told


def test_a_long_message_is_cut():
    rule, message, _ = problem("SELECT 'a\n" + "b" * 100_000)
    assert (rule, message) == ("syntax-error", 'unterminated quoted string at or near "\'a…"')


@pytest.mark.parametrize("prefix", ["", "é", "🦀", "é🦀𐍈\u2028"])
def test_places_are_code_points(prefix):
    text = (
        f"""SELECT '{prefix}', "{prefix}a", b FROM "{prefix}c" WHERE d IN (1, '{prefix}') AND ARRAY[e] = f"""
    )
    placed = {
        tag: node["location"] for tag, node in walk(parse(text).node) if "location" in node and tag != "List"
    }
    assert text[placed["RangeVar"] :].startswith(f'"{prefix}c"')
    assert text[placed["A_ArrayExpr"] :].startswith("ARRAY[e]")
    assert text[placed["ColumnRef"] :] == "f"


def test_every_field_that_holds_a_place_is_turned_into_code_points():
    narrow, wide = (
        "SELECT 'e', a IN (b, c), ARRAY[d], f(x => 1) FROM g",
        "SELECT '🦀', a IN (b, c), ARRAY[d], f(x => 1) FROM g",
    )

    def places(text: str) -> list[tuple[str, str, int]]:
        nodes = walk(parse(text).node)
        return [(tag, key, at) for tag, node in nodes for key, at in node.items() if key in POSITIONS]

    assert places(narrow) == places(wide)
    assert {"location", "rexpr_list_start", "list_end"} <= {key for _, key, _ in places(wide)}


def test_the_location_of_a_tablespace_is_a_path():
    match parse("CREATE TABLESPACE \"é\" LOCATION '/é'").node:
        case {"CreateTableSpaceStmt": {"location": location}}:
            assert location == "/é"


def test_a_statement_inside_another_is_placed_in_it():
    inner = parse_at("DROP TABLE a", 10).node
    assert parse_at("DROP TABLE !", 10).problem.span.start == 21
    assert inner == parse(" " * 10 + "DROP TABLE a").node


@given(texts)
def test_it_never_raises_and_places_lie_within_the_text(text):
    parsed = parse(text)
    assert (parsed.node is None) != (parsed.problem is None)
    if parsed.problem:
        assert 0 <= parsed.problem.span.start <= parsed.problem.span.end <= len(text)
    for _, node in walk(parsed.node):
        assert all(
            -1 <= node[key] <= len(text) for key in POSITIONS & node.keys() if isinstance(node[key], int)
        )
