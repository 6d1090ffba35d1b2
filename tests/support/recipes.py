"""Recipe pages as tests: a page is carried out as a reader would, with the real drizzle-kit, migrator and server.

What a fence of a page says, in the order of the page:

- ```` ```ts title="schema.ts" ```` is the schema file from here on.
- ```` ```sql title="0001_name.sql" ```` is a migration: `drizzle-kit generate` makes it (with `custom` behind the title:
  `generate --custom`; with `renamed`, what drizzle-kit asks is answered so), then its text is replaced by the fence's. All
  migrations under one heading are one deploy.
- ```` ```sql title="backfill.sql" ```` (a title without a number) is run beside Drizzle, in no transaction.
- ```` ```sql check ```` must answer with one row that holds one true.
- ```` ```sql back ```` is the way back: it is run on a copy of the database as it is at that place; so is what is done
  from time to time (`later`).
- ```` ```sql naive title="0001_name.sql" ```` is what should not be done. It is analysed, behind what stands before it on
  the page; with `fails=SQLSTATE` a server refuses it on a copy, else it runs there.
- ```` ```toml ```` is `raincheck.toml`.

A trailing comment `-- danger: [rule]` says that this is found on its line. Of a naive form, what is expected and what is
found must match one to one; of a migration, notes may be found beside it. A fence in a comment (`<!--`) is for the
tests alone: rows, mostly.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from raincheck.session.pending import Selection
from raincheck.session.session import Options, Session
from raincheck.text import LineIndex
from support.drizzle import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raincheck.text import Span
    from support.drizzle import Version

PAGES = Path(__file__).resolve().parents[2] / "docs" / "recipes"
ON_A_COPY = {"back", "later"}
NAMES = sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "README")

PATIENCE = 60
"""Seconds without a word from drizzle-kit after which it is taken for stuck."""

_FENCE = re.compile(r"^```(?P<kind>\w+)(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"[ \t]*-- (danger|risk|note): \[([a-z0-9-]+)\]")
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True)
class Fence:
    """One fenced block of a page. `marks` are what is found in it: (line, severity, rule)."""

    kind: str
    title: str
    words: frozenset[str]
    text: str
    marks: tuple[tuple[int, str, str], ...]
    heading: str

    @property
    def migration(self) -> bool:
        return bool(re.match(r"\d{4}_", self.title)) and "naive" not in self.words

    @property
    def script(self) -> bool:
        return self.kind == "sql" and not self.migration and not self.words & {"naive", "check", *ON_A_COPY}

    @property
    def fails(self) -> tuple[str, ...]:
        said = next((word.removeprefix("fails=") for word in self.words if word.startswith("fails=")), "")
        return tuple(said.split(",")) if said else ()


def fences(name: str, version: Version = "v0") -> list[Fence]:
    """All blocks of a page, in its order. Foreign keys are named as this line of drizzle-kit names them."""
    text = (PAGES / f"{name}.md").read_text("utf-8")
    text = re.sub(r"_id_fk\b", "_id_fkey", text) if version == "v1" else text
    headings = [(found.start(), found[1]) for found in re.finditer(r"^## (.+)$", text, re.MULTILINE)]
    return [_fence(found, headings) for found in _FENCE.finditer(text)]


def _fence(found: re.Match[str], headings: list[tuple[int, str]]) -> Fence:
    info, text = found["info"], found["text"].removesuffix("\n")
    titled = _TITLE.search(info)
    heading = next((title for at, title in reversed(headings) if at < found.start()), "")
    marks = [(n, *mark) for n, line in enumerate(text.split("\n"), 1) for mark in _MARK.findall(line)]
    words = frozenset(_TITLE.sub("", info).split())
    text = _MARK.sub("", text) if found["kind"] == "sql" else text
    return Fence(found["kind"], titled[1] if titled else "", words, text, tuple(marks), heading)


def deploys(page: list[Fence]) -> Iterator[list[Fence]]:
    """The page's blocks, with those migrations that one run of the migrator applies together in one list."""
    waiting: list[Fence] = []
    for fence in page:
        if waiting and (not fence.migration or fence.heading != waiting[-1].heading) and fence.kind == "sql":
            yield waiting
            waiting = []
        if fence.migration:
            waiting.append(fence)
        else:
            yield [fence]
    if waiting:
        yield waiting


def build(name: str, version: Version, root: Path) -> str:
    """Make the page's project with drizzle-kit; gives what `drizzle-kit generate` says when all is there."""
    root.mkdir()
    config = {"dialect": "postgresql", "out": "./drizzle", "schema": "./schema.ts"}
    (root / "drizzle.config.ts").write_text(f"export default {json.dumps(config)};")
    (root / "node_modules").symlink_to(HERE / version / "node_modules")
    for fence in fences(name, version):
        if fence.kind == "ts" and fence.title == "schema.ts":
            (root / "schema.ts").write_text(fence.text)
        elif fence.kind == "toml":
            (root / "raincheck.toml").write_text(fence.text)
        elif fence.migration:
            _made(fence, version, root).write_text(fence.text)
    return _generate(version, root)


def _made(fence: Fence, version: Version, root: Path) -> Path:
    number, _, slug = fence.title.removesuffix(".sql").partition("_")
    before = set((root / "drizzle").rglob("*.sql"))
    generate = _renaming if "renamed" in fence.words else _generate
    said = generate(version, root, "--name", slug, *(["--custom"] if "custom" in fence.words else []))
    made = set((root / "drizzle").rglob("*.sql")) - before
    assert len(made) == 1, f"{fence.title}: drizzle-kit makes no migration of schema.ts here: {said}"
    (path,) = made
    if version == "v0":
        assert path.name == fence.title
        return path
    # Two folders of one second would be in the order of their names.
    folder = path.parent.rename(path.parent.with_name(f"2026010100{number}_{slug}"))
    return folder / path.name


def _generate(version: Version, root: Path, *arguments: str) -> str:
    done = subprocess.run(
        _command(version, arguments),
        cwd=root, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout + done.stderr


def _renaming(version: Version, root: Path, *arguments: str) -> str:
    """Answer drizzle-kit's question, which it asks of a terminal alone: one down, to the first "rename", and Enter."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        _command(version, arguments), cwd=root, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said, answered = "", False
    while select.select([ours], [], [], PATIENCE)[0]:
        try:
            said += os.read(ours, 65536).decode("utf-8", "replace")
        except OSError:  # the other end is closed
            break
        if not answered and "rename" in said.partition("created or renamed")[2]:
            os.write(ours, b"\x1b[B\r")
            answered = True
    process.kill()
    process.wait()
    os.close(ours)
    return said


def _command(version: Version, arguments: tuple[str, ...]) -> list[str]:
    return ["node", str(HERE / version / "node_modules" / "drizzle-kit" / "bin.cjs"), "generate", *arguments]


def upto(project: Path, count: int, into: Path) -> Path:
    """A copy of a project with its first `count` migrations."""
    shutil.copytree(project, into, symlinks=True)
    journal = into / "drizzle" / "meta" / "_journal.json"
    if journal.exists():
        content = json.loads(journal.read_text())
        for entry in content["entries"][count:]:
            (into / "drizzle" / f"{entry['tag']}.sql").unlink()
            (journal.parent / f"{entry['tag'].split('_')[0]}_snapshot.json").unlink()
        content["entries"] = content["entries"][:count]
        journal.write_text(json.dumps(content))
    else:
        for folder in sorted((into / "drizzle").iterdir())[count:]:
            shutil.rmtree(folder)
    return into


def add(project: Path, version: Version, naive: Fence) -> Path:
    """Put a naive form behind a project's migrations, as if by hand; its snapshot is the one before, as of `--custom`."""
    made = _made(Fence("sql", naive.title, frozenset({"custom"}), "", (), ""), version, project)
    made.write_text(naive.text)
    return made


def found(project: Path, applied: int, postgres: int) -> Counter[tuple[str, str, str]]:
    """What Raincheck finds in the migrations behind the first `applied`: how often each (line's text, severity, rule)."""
    (everything,) = Session(str(project), Options(Selection(everything=True))).analyses()
    since = everything.project.migrations[applied - 1].tag if applied else None
    selection = Selection(since=since) if since else Selection(everything=True)
    options = Options(selection, override={"postgres": postgres})
    (analysis,) = Session(str(project), options).analyses()
    return Counter(
        (_line(Path(analysis.project.root, one.path or ""), one.span), one.severity.value, one.rule)
        for one in analysis.findings
    )


def _line(path: Path, span: Span | None) -> str:
    if not path.is_file():
        return path.name
    text = path.read_text("utf-8")
    return text.split("\n")[LineIndex(text).position(span.start if span else 0)[0]]


def expected(marked: list[Fence]) -> Counter[tuple[str, str, str]]:
    """What the pages say is found, in the form of `found`."""
    return Counter(
        (fence.text.split("\n")[line - 1], severity, rule)
        for fence in marked
        for line, severity, rule in fence.marks
    )
