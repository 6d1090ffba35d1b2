"""All positions in what the client counts in: in diagnostics, in what they relate to in other files, hovers and edits.

The text is what editors count differently: characters outside of the first plane, combining marks, joined emoji, and
characters that other programs take for line ends. What is expected is found by looking for the words in the text.
"""

from __future__ import annotations

import pytest

from lsp.wire import at
from support.drizzle_folder import DrizzleFolder

ODD = "/* 😋 é e\u0301 語 👩‍👩‍👧 a\u2028b\x0cc\x0bd\x85e\ufeff */ "
"""A comment of many widths, with no line end in it."""
USERS = f'{ODD}CREATE TABLE "users" ("id" integer PRIMARY KEY NOT NULL, "é😋" text);'
ORDERS = (
    f'{ODD}CREATE TABLE "orders" ("id" integer PRIMARY KEY NOT NULL, "user" integer);'
    f'--> statement-breakpoint{{end}}{ODD}CREATE INDEX "i😋" ON "users" ("é😋");{{end}}'
)
CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
ENDS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}
RULE = "index-blocks-writes"

pytestmark = pytest.mark.parametrize("encoding", CODECS)


@pytest.fixture
def wire(wire, encoding):
    wire.encoding = encoding
    return wire


def counting(encoding: str) -> dict[str, object]:
    return {
        "general": {"positionEncodings": [encoding]},
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}},
        },
        "workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}},
    }


def taken(text: str, of: dict[str, dict[str, int]], encoding: str) -> str:
    """What of a text lies in a range, counted by the bytes of each line."""
    codec, size = CODECS[encoding]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start, end = of["start"], of["end"]
    wanted = lines[start["line"] : end["line"] + 1]
    wanted[-1] = wanted[-1].encode(codec)[: end["character"] * size].decode(codec)
    wanted[0] = wanted[0].encode(codec)[start["character"] * size :].decode(codec)
    return "\n".join(wanted)


def place(text: str, word: str, encoding: str) -> tuple[int, int]:
    """The line and character at which a word stands."""
    codec, size = CODECS[encoding]
    before = text[: text.index(word)].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(before) - 1, len(before[-1].encode(codec)) // size


@pytest.fixture
def project(tmp_path):
    return DrizzleFolder(tmp_path, {"0000_users": USERS, "0001_orders": ORDERS.format(end="\n")})


@pytest.mark.parametrize("end", ENDS)
async def test_diagnostics_hovers_and_edits(wire, encoding, project, end):
    path, text = project.path("0001_orders"), ORDERS.format(end=ENDS[end])
    answer = await wire.meet(rootUri=project.root.as_uri(), capabilities=counting(encoding))
    assert answer["positionEncoding"] == encoding
    wire.open(path, text)
    found = await wire.shown(path, RULE)
    statement = 'CREATE INDEX "i😋" ON "users" ("é😋")'
    assert taken(text, found["range"], encoding) == statement
    line, character = place(text, '"é😋");', encoding)
    hover = await wire.hover(path, line, character)
    assert taken(text, hover["range"], encoding).startswith(statement)
    where = {"range": found["range"], "context": {"diagnostics": []}}
    actions = await wire.ask("textDocument/codeAction", {**at(path, 0, 0), **where})
    edit = next(a["edit"] for a in actions if "Allow index-blocks-writes" in a["title"])
    (change,) = edit["documentChanges"]
    assert change["textDocument"]["version"] == 1
    (one,) = change["edits"]
    wire.change(path, {"range": one["range"], "text": one["newText"]})
    await wire.hover(path)
    before, after = text.split(statement)
    odd = before.removesuffix(ODD)
    now = str(wire.server.documents.get(str(path)).text)
    assert now in {
        f"{odd}{one['newText']}{ODD}{statement}{after}",
        f"{before}{one['newText']}{statement}{after}",
    }


async def test_related_places_in_a_file_that_is_not_open(wire, encoding, project):
    """They are counted in that file's text: the lock is taken behind its odd comment, the work is done here."""
    project.add("0002_lock", f'{ODD}ALTER TABLE "users" ADD COLUMN "x" text;')
    later = project.add("0003_work", f'{ODD}CREATE INDEX "j" ON "users" ("x");')
    await wire.meet(rootUri=project.root.as_uri(), capabilities=counting(encoding))
    found = await wire.shown(later, "work-under-exclusive-lock")
    near = [one["location"] for one in found["relatedInformation"]]
    other = next(one for one in near if one["uri"] == project.path("0002_lock").as_uri())
    text = project.path("0002_lock").read_text()
    assert taken(text, other["range"], encoding).startswith('ALTER TABLE "users"')


async def test_edits_behind_all_that_is_odd(wire, encoding, project):
    """Incremental changes where clients count differently, past the end of a line and of the text, and from nothing."""
    path = project.path("0001_orders")
    await wire.meet(rootUri=project.root.as_uri(), capabilities=counting(encoding))
    wire.open(path, "")
    assert await wire.hover(path) is None

    def put(line: int, character: int, text: str) -> None:
        spot = {"line": line, "character": character}
        wire.change(path, {"range": {"start": spot, "end": spot}, "text": text})

    put(0, 0, f"{ODD}DROP TABLE x\r\n")
    put(*place(f"{ODD}DROP", "DROP", encoding), "😋 -- ")
    put(7, 70, "DROP TABLE y;\r")
    put(1, 9999, " -- z")
    put(2, 0, "\n")
    await wire.hover(path)
    assert (
        str(wire.server.documents.get(str(path)).text) == f"{ODD}😋 -- DROP TABLE x\r\nDROP TABLE y; -- z\r\n"
    )


async def test_a_byte_order_mark_is_no_character_of_the_text(wire, encoding, project):
    """Editors take it off when they read a file, so the first line begins behind it."""
    path = project.path("0001_orders")
    text = '\ufeffDROP TABLE "x"; DROP TABLE "users";'
    path.write_text(text)
    await wire.meet(rootUri=project.root.as_uri(), capabilities=counting(encoding))
    await wire.shown(path, "byte-order-mark")
    dropped = [d["range"] for d in wire.pushed(path) if d["code"] == "table-dropped"]
    assert taken(text[1:], dropped[-1], encoding) == 'DROP TABLE "users"'
    wire.open(path, text[1:])
    await wire.settled()
    again = [d["range"] for d in wire.pushed(path) if d["code"] == "table-dropped"]
    assert again == dropped
