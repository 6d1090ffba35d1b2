"""docs/rollbacks.md counts what `raincheck rollback` says of the recorded migrations."""

from __future__ import annotations

from support import rollback_evidence


def test_it_is_current():
    written = rollback_evidence.PAGE.read_text("utf-8")
    assert written == rollback_evidence.page(), "write it anew: python tests/support/rollback_evidence.py"
