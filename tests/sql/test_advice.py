from __future__ import annotations

import pytest

from raincheck.sql.parse import parse


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ('CREATE TABLE "a"b" (c int)', 'written twice: "a""b"'),
        ('CREATE TABLE "a"" (c int)', 'written twice: "a""b"'),
        ("SELECT 'it's'", "written twice: 'it''s'"),
        ("SELECT 1 /* x", "Close the comment"),
        ("DO $body$ BEGIN", "The body ends"),
        ("CREATE TABLE a (b int", "not complete"),
        ("CREATE TABLE a (b int)\n  ALTER TABLE c ADD d int", "has no end"),
        ("CREATE TABLE a (b int) ALTER", "Correct it here"),
        ("CREATE TABLE a (user int)", 'in double quotes: "user"'),
        ("CREATE TABEL x (a int)", "Correct it here"),
        ("INSERT INTO t VALUES (:id)", "Correct it here"),
        ("CREATE POLICY IF NOT EXISTS p ON t", "CREATE POLICY p ON t;"),
        ("ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS c CHECK (x)", "ADD CONSTRAINT c CHECK (x);"),
        ("CREATE INDEX i ON t (a) IF NOT EXISTS", "Correct it here"),
        ("<<<<<<< HEAD\nSELECT 1", "keep the lines of one side"),
    ],
)
def test_what_to_do_is_told_by_the_cause(sql, wanted):
    problem = parse(sql).problem
    assert problem is not None
    assert problem.rule == "syntax-error"
    assert wanted in problem.help
