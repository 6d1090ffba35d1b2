"""Asks each program about the cases, and reads its machine-readable answer.

Each gets the best that it takes: Raincheck the tables as an applied migration; pgfence 0.1 and squawk take no schema,
so they get the statement alone (a table created in the same file would be exempt), the version, and every rule that
names a lock. squawk tells the lock of a file's first statement, so it gets a file for each.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from locks_cases import Case, Claim, by_bare_name

from raincheck.locks.modes import Mode
from raincheck.sql.document import read

BREAKPOINT = ";\n--> statement-breakpoint\n"
PGFENCE = "@flvmnt/pgfence@0.1.5"
"""The newest that npm has. Anything that `npm install` takes can be asked instead."""


def of_each_version(cases: list[Case]) -> dict[int, list[Case]]:
    found: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        found[case.version].append(case)
    return found


def raincheck(cases: list[Case], folder: Path) -> dict[str, Claim]:
    """One project for each case: the setup is the applied migration, the statement the pending one."""
    said: dict[str, Claim] = {}
    for version, of_version in of_each_version(cases).items():
        root = folder / str(version)
        for case in of_version:
            _project(root / case.name, case)
        report = asked_json(
            [
                program("raincheck"),
                "check",
                "--format=json",
                f"--postgres={version}",
                "--since=0000_setup",
                root,
            ]
        )
        said |= {Path(project["root"]).name: _of_project(project) for project in report["projects"]}
    return said


def _project(root: Path, case: Case) -> None:
    (root / "drizzle" / "meta").mkdir(parents=True)
    (root / "drizzle.config.ts").write_text('export default { dialect: "postgresql", out: "./drizzle" };\n')
    (root / "drizzle" / "0000_setup.sql").write_text(BREAKPOINT.join(case.setup) + ";\n")
    (root / "drizzle" / "0001_case.sql").write_text(case.sql + ";\n")
    entries = [
        {"idx": at, "version": "7", "when": 1_700_000_000_000 + at, "tag": tag, "breakpoints": True}
        for at, tag in enumerate(("0000_setup", "0001_case"))
    ]
    journal = {"version": "7", "dialect": "postgresql", "entries": entries}
    (root / "drizzle" / "meta" / "_journal.json").write_text(json.dumps(journal))


def _of_project(project: dict) -> Claim:
    statements = [statement for migration in project["migrations"] for statement in migration["statements"]]
    return Claim(
        by_bare_name((lock["relation"], Mode(lock["mode"])) for each in statements for lock in each["locks"]),
        rewrites=any(each["rewrites"] for each in statements),
        scans=any(each["scans"] for each in statements),
    )


def pgfence(cases: list[Case], folder: Path, package: str = PGFENCE) -> dict[str, Claim]:
    folder.mkdir(parents=True)
    installed = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, package]
    subprocess.run(installed, check=True)
    said: dict[str, Claim] = {}
    for version, of_version in of_each_version(cases).items():
        files = [_file(folder / case.name, case.sql) for case in of_version]
        command = [folder / "node_modules" / ".bin" / "pgfence", "analyze", "--format=sql", "--output=json"]
        found = answers([*command, f"--min-pg-version={version}"], files)
        said |= {path.stem: _of_checks(answer) for path, answer in found.items()}
    return said


def answers(command: list, files: list[Path]) -> dict[Path, dict | None]:
    """One file that it cannot parse ends pgfence's run, so a run that failed is halved until that file stands alone."""
    done = subprocess.run([*command, *files], check=False, capture_output=True, text=True)
    if done.returncode <= 1:
        results = json.loads(done.stdout)["results"]
        return {Path(result["filePath"]): result for result in results}
    if len(files) == 1:
        return {files[0]: None}
    half = len(files) // 2
    return answers(command, files[:half]) | answers(command, files[half:])


LATER = re.compile("prefer-bigint|prefer-text|prefer-json|prefer-timestamptz|prefer-identity")
"""pgfence's advice on column types: the lock it prints is that of changing the type some day."""


def _of_checks(answer: dict | None) -> Claim:
    if answer is None:
        return Claim(is_parsed=False)
    checks = [check for check in answer["checks"] if not LATER.match(check["ruleId"])]
    messages = [check["message"] for check in checks]
    depends = any("requires schema to verify" in message for message in messages)
    rewrites = any(
        re.search(r"\brewrit(es|e)\b", message) and not re.search("no table rewrite|to verify", message)
        for message in messages
    )
    return Claim(
        by_bare_name((check["tableName"] or "", _mode(check["lockMode"])) for check in checks),
        rewrites=True if rewrites else None if depends else False,
        scans=any(re.search(r"\bscans?\b", message) for message in messages),
    )


def squawk(cases: list[Case], folder: Path) -> dict[str, Claim]:
    found: dict[str, list[dict]] = {case.name: [] for case in cases}
    for version, of_version in of_each_version(cases).items():
        files = [
            _file(folder / case.name / str(statement.index), statement.text)
            for case in of_version
            for statement in read(case.sql).statements
        ]
        options = ["--reporter=json", f"--pg-version={version}", "--include=require-lock-timeout"]
        for finding in asked_json([program("squawk"), "--assume-in-transaction", *options, *files]):
            found[Path(finding["file"]).parent.name].append(finding)
    return {name: _of_findings(findings) for name, findings in found.items()}


def _of_findings(findings: list[dict]) -> Claim:
    locks = (re.search(r"Statement requires: ([A-Z ]+) lock", finding["help"] or "") for finding in findings)
    messages = " ".join(finding["message"] for finding in findings)
    return Claim(
        by_bare_name(("", _mode(lock[1])) for lock in locks if lock),
        rewrites=bool(re.search("requires a table rewrite|table is rewritten", messages)),
        scans=bool(re.search("requires? a table scan|table is scanned", messages)),
        is_parsed=not any(finding["rule_name"] == "syntax-error" for finding in findings),
    )


def version_of(name: str) -> str:
    done = subprocess.run([program(name), "--version"], check=True, capture_output=True, text=True)
    return done.stdout.split()[-1]


def program(name: str) -> Path:
    """A program as it is installed beside this Python."""
    return Path(shutil.which(name, path=str(Path(sys.executable).parent)) or name)


def _file(stem: Path, sql: str) -> Path:
    path = stem.with_suffix(".sql")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sql.rstrip(";\n ") + ";\n")
    return path


def asked_json(command: list):
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode > 1 or not done.stdout:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def _mode(words: str) -> Mode:
    """LOCK TABLE's spelling."""
    return Mode[words.strip().replace(" ", "_")]
