"""Texts made of what migrations are made of, whole and broken."""

from hypothesis import strategies as st

FRAGMENTS = (
    *(
        "CREATE TABLE a (b int)",
        'ALTER TABLE "é🦀" ADD COLUMN "c" text',
        "SELECT 1",
        "DROP TABLE a",
        "INSERT INTO a VALUES",
    ),
    *(
        "create function f() returns int",
        "begin atomic",
        "case",
        "end",
        "create rule r as on insert to a do",
        "select 2",
    ),
    *(
        "DO $$ BEGIN",
        "END $$",
        "EXCEPTION WHEN duplicate_object THEN null;",
        "COPY a FROM STDIN",
        "\\d a",
        "\\.",
    ),
    *(
        ";",
        ";\n",
        ";\nCREATE TABLE ",
        ";\r\nALTER TABLE ",
        "\n",
        "\r\n",
        " ",
        "\t",
        ",",
        "(",
        ")",
        "[",
        "]",
        ".",
        ":",
        "1",
    ),
    *("'", "''", "'x'", "E'", "e'\\'", "U&'", "B'1'", '"', '"a;b"', "$$", "$a$", "$b$", "$1", "a$b$", "\\"),
    *(
        "--",
        "-- x\n",
        "/*",
        "*/",
        "/* ; */",
        "--> statement-breakpoint",
        "--> statement-breakpoint\n",
        "+",
        "-",
        "/",
    ),
    *(
        "-- raincheck: allow a-b, c because d\n",
        "-- raincheck: allow x\n",
        "\ufeff",
        "\0",
        "🦀",
        "\u00a0",
        "\u2028",
        "\f",
    ),
)

texts = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=25).map("".join)
