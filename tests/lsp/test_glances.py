"""While somebody types, a file is reported as it will be when everything has been worked out, where that is known at once."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raincheck.engine.haste import PATIENT, Haste
from raincheck.lsp.client import Client
from raincheck.lsp.convert import uri_of
from raincheck.lsp.sources import OpenFile
from raincheck.lsp.workspace import Workspace
from support.drizzle_folder import DrizzleFolder
from support.projects import chunked

INIT = chunked('CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text);', "CREATE TABLE t (a int);")
TEXT = chunked(
    "-- caf\u00e9 \U0001f600\nSELECT 1;\n",
    'CREATE INDEX "i" ON "users" ("email");\n',
    'ALTER TABLE "users" ADD COLUMN "n" int NOT NULL; DROP INDEX "i";\n',
    "-- raincheck: allow table-dropped because it is empty\nDROP TABLE t;\n",
    '/* \u00e9 */ UPDATE users SET email = email; DROP INDEX "missing";\n',
    'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;\n',
    'CREATE INDEX CONCURRENTLY "j" ON "users" ("n");\n',
)
GAPS = [
    at for at, sign in enumerate(TEXT) if sign == " " and "--" not in TEXT[TEXT.rfind("\n", 0, at) + 1 : at]
]
CLIENT = Client(related=True, links=True, data=True, tags=frozenset({1, 2}))
HASTY = Haste(32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = DrizzleFolder(tmp_path_factory.mktemp("glances"), {"0000_init": INIT, "0001_next": TEXT})
    found.root.joinpath("drizzle", "raincheck.sum").write_text("")
    return str(found.root)


class Typing:
    """Somebody who types in the last migration."""

    def __init__(self, folder: str, text: str = TEXT) -> None:
        self.path = f"{folder}/drizzle/0001_next.sql"
        self.workspace = Workspace(CLIENT)
        self.workspace.apply([lambda it: it.enter(folder)])
        self.type(text)
        self.shown(PATIENT)

    def type(self, text: str) -> None:
        file = OpenFile(uri_of(self.path), 1, text)
        self.workspace.apply([lambda it: it.edit(self.path, file)])

    def shown(self, haste):
        self.workspace.haste = haste
        report = self.workspace.reports().get(self.path)
        return json.loads(report.diagnostics) if report else []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(GAPS),
    st.sampled_from(["  ", "\n", "\r\n", " /* x */ ", " /* \u00e9\U0001f600 */ ", "\t\n\n"]),
)
def test_at_once_all_is_said_where_it_is_said_in_the_end(folder, gap, typed):
    typing = Typing(folder)
    typing.type(TEXT[:gap] + typed + TEXT[gap:])
    hasty = typing.shown(HASTY)
    assert without_notes(hasty) == without_notes(typing.shown(PATIENT))
    assert typing.workspace.exact


def without_notes(shown):
    """Notes of other statements about a place on the edited line stand where they stood until all is worked out."""
    return [{**one, "relatedInformation": len(one.get("relatedInformation", ()))} for one in shown]


def rules(shown):
    return [(one["code"], one["range"]["start"]["line"]) for one in shown]


def test_what_is_typed_is_judged_at_once_and_what_follows_from_it_later(folder):
    typing = Typing(folder)
    before = typing.shown(PATIENT)
    typing.type(TEXT.replace('COLUMN "n" int NOT NULL', 'COLUMN "m" int NOT NULL'))
    hasty = typing.shown(HASTY)
    assert not typing.workspace.exact
    assert rules(hasty) == rules(before)
    assert any('"m"' in one["message"] for one in hasty)
    assert ("column-missing", 14) not in rules(hasty)
    assert any("does not exist" in one["message"] for one in typing.shown(PATIENT))


def test_each_key_is_looked_at_on_top_of_what_was_known_last(folder):
    typing = Typing(folder)
    for typed in ("DROP", "DRO", "DR", "DRXX"):
        typing.type(TEXT.replace("DROP TABLE", f"{typed} TABLE"))
        hasty = typing.shown(HASTY)
        assert ("syntax-error" in dict(rules(hasty))) == (typed != "DROP")
    unused = ("allowance-unused", 7)  # which only an analysis tells
    assert sorted([*rules(hasty), unused]) == sorted(rules(typing.shown(PATIENT)))


@pytest.mark.parametrize("end", ["", "\n--> statement-breakpoint"])
@pytest.mark.parametrize("place", [0, 1, 4])
def test_key_by_key_the_first_that_is_said_is_what_stays(folder, place, end):
    """Nothing flashes: not in the statement that is typed, nor in those behind it while it has no end."""
    typing = Typing(folder)
    pieces = TEXT.split("--> statement-breakpoint\n")
    before, behind = chunked(*pieces[:place], ""), chunked(*pieces[place:])
    typed = f'CREATE TABLE "notes" ("id" character varying(10));{end}'
    for count in range(len(typed) + 1):
        typing.type(f"{before}{typed[:count]}\n{behind}")
        hasty = rules(typing.shown(HASTY))
        assert hasty == rules(typing.shown(PATIENT)), typed[:count]


def test_a_file_that_is_right_again_is_quiet_at_once(folder):
    typing = Typing(folder, "SELECT 1;")
    assert typing.shown(PATIENT) == []
    typing.type("SELEC 1;")
    assert rules(typing.shown(HASTY)) == [("syntax-error", 0)]
    typing.type("SELECT 12;")
    assert typing.shown(HASTY) == []
    assert typing.path not in typing.workspace.reports()


def test_two_files_at_once_are_worked_out(folder):
    typing = Typing(folder)
    other = f"{folder}/drizzle/0000_init.sql"
    typing.workspace.apply([lambda it: it.edit(other, OpenFile(uri_of(other), 1, INIT))])
    typing.shown(PATIENT)
    typing.type(TEXT.replace("DROP TABLE", "DRO TABLE"))
    typing.workspace.apply(
        [lambda it: it.edit(other, OpenFile(uri_of(other), 2, INIT.replace("a int", "a in")))]
    )
    assert ("syntax-error", 8) in rules(typing.shown(HASTY))
    assert other in typing.workspace.reports()
