from __future__ import annotations

from raincheck.report.page import render
from raincheck.report.style import Style

PAGE = """\
# index-blocks-writes

Building an index takes a `SHARE` lock, which **blocks writes**
until the _last_ row is read. See [the manual](https://example.org/locks), [below](#below).

- A first thing that is long enough to need a second line when the page is narrow.
- A second.

## Below

```sql title="0001.sql" applied
CREATE INDEX "i" ON "t" ("a_b");   -- risk: [index-blocks-writes]

-- # not a heading
```

| a | b |
|---|---|
"""


def test_a_page_is_set_for_a_terminal():
    assert render(PAGE, Style(width=60)) == (
        "index-blocks-writes\n"
        "\n"
        "Building an index takes a `SHARE` lock, which blocks writes\n"
        "until the last row is read. See the manual\n"
        "(https://example.org/locks), below.\n"
        "\n"
        "- A first thing that is long enough to need a second line\n"
        "  when the page is narrow.\n"
        "- A second.\n"
        "\n"
        "Below\n"
        "\n"
        "    0001.sql applied\n"
        '    CREATE INDEX "i" ON "t" ("a_b");   -- risk: [index-blocks-writes]\n'
        "\n"
        "    -- # not a heading\n"
        "\n"
        "| a | b |\n"
        "|---|---|\n"
    )


def test_headings_are_bold_where_there_are_colours():
    assert render("# A", Style(colour=True)) == "\x1b[1mA\x1b[0m\n"


def test_of_the_cases_the_first_is_shown():
    page = "# A\n\nWhy.\n\n## Cases\n\n### One\n\n```sql\nSELECT 1;\n```\n\n### Two\n\nNo.\n"
    assert render(page, Style()) == "A\n\nWhy.\n\nExample: One\n\n    SELECT 1;\n"


def test_what_is_escaped_stands_as_it_is_and_code_keeps_its_backslashes():
    page = r'Rows that meet "n" \> 0, from text\[\] by `\copy \[x\]` and `` a`\> ``, C:\new.'
    plain = r'Rows that meet "n" > 0, from text[] by `\copy \[x\]` and `` a`\> ``, C:\new.'
    assert render(page, Style()) == f"{plain}\n"
