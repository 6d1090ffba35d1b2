"""While nobody can read a statement that is typed, what it was before is taken for it; of saved texts all say the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.session.session import Session
from support.projects import BREAKPOINT, chunked, journal, told

INIT = 'CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text);'
MINE = 'CREATE TABLE "mine" ("id" int);'
AFTER = (
    'CREATE INDEX "i" ON "users" ("email");',
    'CREATE INDEX "j" ON "mine" ("id");',
    'ALTER TABLE "mine" ALTER COLUMN "id" SET NOT NULL;',
)


@pytest.fixture
def open_file(tmp_path):
    """A project whose second migration is open in an editor: types a text into it and returns what is found then."""

    def opened(text, *, typed=True):
        folder = tmp_path / "drizzle"
        (folder / "meta").mkdir(parents=True, exist_ok=True)
        (folder / "0000_init.sql").write_text(INIT)
        (folder / "0001_next.sql").write_text(text)
        (folder / "meta" / "_journal.json").write_text(journal(["0000_init", "0001_next"]))
        (folder / "raincheck.sum").write_text("")
        session = Session(str(tmp_path), typed=typed)
        session.analyses()

        def type_in(now, *, save=False):
            if save:
                (folder / "0001_next.sql").write_text(now)
            session.overlay(str(folder / "0001_next.sql"), now)
            [analysis] = session.analyses()
            return analysis

        return type_in

    return opened


def behind(analysis, count):
    """What is found in the last statements, the first of which stands wherever it stands."""
    return [[f.message for f in of] for of in analysis.step_findings[-count:]]


def test_all_behind_a_half_typed_statement_stays_and_the_statement_gets_its_error(open_file):
    type_in = open_file(chunked(MINE, *AFTER))
    before = type_in(chunked(MINE, *AFTER))
    for cut in range(1, len(MINE) - 1):
        now = type_in(chunked(MINE[:cut], *AFTER))
        assert behind(now, 3) == behind(before, 3)
        assert now.step_findings[1][0].rule == "syntax-error"
        assert len(now.timeline.made) <= 1


def test_a_statement_that_is_begun_means_nothing_until_it_can_be_read(open_file):
    type_in = open_file(chunked(*AFTER))
    before = type_in(chunked(*AFTER))
    for cut in range(1, len(MINE) - 2):
        assert behind(type_in(chunked(MINE[:cut], *AFTER)), 3) == behind(before, 3)
    assert behind(type_in(chunked(MINE, *AFTER)), 3) != behind(before, 3)


def test_a_statement_that_has_run_into_another_is_still_there_for_what_comes_behind(open_file):
    one = 'CREATE TABLE "a" ("id" int);\n CREATE TABLE "b" ("id" int);\n'
    rest = 'CREATE INDEX "k" ON "b" ("id");'
    type_in = open_file(chunked(one, rest))
    before = type_in(chunked(one, rest))
    now = type_in(chunked(one.replace(";", "", 1), rest))
    assert len(now.timeline.steps) < len(before.timeline.steps)
    assert behind(now, 1) == behind(before, 1)
    assert behind(type_in(chunked(one, rest)), 3) == behind(before, 3)


def test_a_saved_text_is_said_of_what_everybody_says(open_file):
    type_in = open_file(chunked(MINE, *AFTER))
    broken = chunked(MINE[:20], *AFTER)
    typed, saved = type_in(broken), type_in(broken, save=True)
    assert typed.project.migrations[1].meant
    assert not saved.project.migrations[1].meant
    assert told(saved) == told(open_file(broken)(broken))
    assert saved.timeline.schema.opaque


def test_only_an_editors_session_takes_one_text_for_another(open_file):
    type_in = open_file(chunked(MINE, *AFTER), typed=False)
    type_in(chunked(MINE, *AFTER))
    assert type_in(chunked(MINE[:20], *AFTER)).timeline.schema.opaque


PIECES = st.sampled_from(("'", '"', "(", ")", ";", "x", " ", "\n", "--", "$$", "/*", BREAKPOINT))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_after_any_typing_a_text_that_can_be_read_is_judged_as_from_scratch(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("typing") / "loose.sql"
    text = whole = chunked(MINE, *AFTER) + "\n"
    path.write_text(text)
    session = Session(str(path), typed=True)
    session.of(str(path))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        end = min(len(text), at + data.draw(st.integers(0, 9)))
        text = text[:at] + data.draw(PIECES) + text[end:]
        session.overlay(str(path), text)
        session.of(str(path))
    for last in (text, whole):
        session.overlay(str(path), last)
        found, _ = session.of(str(path))
        scratch = Session(str(path))
        scratch.overlay(str(path), last)
        fresh, _ = scratch.of(str(path))
        if all(statement.node is not None for step in fresh.timeline.steps for statement in [step.statement]):
            assert told(found) == told(fresh)
            assert [step.after for step in found.timeline.steps] == [
                step.after for step in fresh.timeline.steps
            ]
