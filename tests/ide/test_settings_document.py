"""What can be typed in raincheck.toml at the `|`, and what is said of what stands there."""

from __future__ import annotations

import json

import pytest

from raincheck.engine.settings_file import schema
from raincheck.ide.settings_document import SettingsDocument

RULES = ("table-dropped", "set-not-null-scans")
LEVELS = ["off", "note", "risk", "danger"]


def document(text: str) -> SettingsDocument:
    return SettingsDocument(text, json.loads(schema()), RULES)


def labels(text: str) -> list[str]:
    return [item.label for item in document(text.replace("|", "")).complete(text.index("|")).items]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("po|", ["postgres", "runner", "timezone", "base", "verify"]),
        ("[|", ["migrations", "rules", "overrides", "tables", "allow"]),
        ("postgres = 16\n[[al|", ["migrations", "rules", "overrides", "tables", "allow"]),
        ("[migrations]\n|", ["table", "schema"]),
        ("[[allow]]\nmi|", ["migration", "rule", "reason", "expires"]),
        ('[[allow]]\nrule = "|', list(RULES)),
        ("[rules]\nta|", list(RULES)),
        ("[rules]\ntable-dropped = |", LEVELS),
        ('[rules]\ntable-dropped = "o|', LEVELS),
        ("runner = |", ["transaction", "statement"]),
        ("[tables]\nevents = |", ["small", "large"]),
        ("postgres = |", []),
        ("# po|", []),
        ("[nothing]\n|", []),
    ],
)
def test_what_can_be_typed(text, offered):
    assert labels(text) == offered


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("post|gres = 16", "The major version of PostgreSQL that the migrations run on."),
        ("[[al|low]]", "Findings that are accepted."),
        ("[migrations]\ntab|le = 1", "Else what drizzle.config says."),
        ("postgres = 1|6", None),
        ("[nothing]\na|b = 1", None),
        ("|", None),
    ],
)
def test_what_is_said(text, said):
    found = document(text.replace("|", "")).meaning(text.index("|"))
    assert (found.text if found else None) == said


def test_a_rule_is_named():
    text = '[rules]\n"table-dropped" = "off"'
    found = document(text).meaning(12)
    assert (found.rule, found.span.within(text)) == ("table-dropped", "table-dropped")


def test_what_is_half_typed_is_replaced():
    text = '[rules]\ntable-dropped = "o'
    item = document(text).complete(len(text)).items[0]
    assert (item.text, item.span.within(text)) == ('"off"', '"o')
