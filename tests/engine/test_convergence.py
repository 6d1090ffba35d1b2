"""A statement more or less shifts all that stand behind it, and must not make each of them dear."""

from __future__ import annotations

from raincheck.engine.convergence import differ_at, difference
from support.counting import calls
from support.projects import analysis, chunked


def made(*names: str) -> list[str]:
    return [f'CREATE TABLE "{name}" ("id" integer PRIMARY KEY);' for name in names]


def test_maps_of_other_lengths_differ_until_they_are_as_long():
    one, two, three = (analysis({"0": chunked(*made(*names))}).timeline.schema for names in ("a", "ab", "ac"))
    place = difference(one, two)
    assert place is not None
    assert differ_at(one, two, place)
    assert differ_at(two, three, place)  # as long, and yet not the same
    assert not differ_at(two, two, place)


def test_inserting_a_statement_is_less_work_than_reading_the_file():
    statements = made(*(f"t{number}" for number in range(1200)))
    found = []
    first = calls(lambda: found.append(analysis({"0": chunked(*statements)})))
    statements.insert(600, "ALTER TABLE ;")
    again = calls(lambda: found.append(analysis({"0": chunked(*statements)}, previous=found[0])))
    assert found[1].timeline.schema.opaque
    assert again < first


def test_a_new_statement_before_many_about_the_same_tables_is_no_more_work():
    tables = made(*(f"t{number}" for number in range(100)))
    columns = [f'ALTER TABLE "t{n % 100}" ADD COLUMN "c{n}" integer;' for n in range(600)]
    found = []
    first = calls(lambda: found.append(analysis({"0": chunked(*tables), "1": chunked(*columns)})))
    columns.insert(10, 'COMMENT ON TABLE "t1" IS NULL;')
    texts = {"0": chunked(*tables), "1": chunked(*columns)}
    assert calls(lambda: analysis(texts, previous=found[0])) < first
