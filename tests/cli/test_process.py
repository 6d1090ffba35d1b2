"""What only a process of its own can show: exit codes as the shell sees them, encodings, a reader that goes away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("raincheck"))


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [COMMAND, *arguments], capture_output=True, check=False, env={**os.environ, **environment}
    )


def test_exit_codes_and_streams(project):
    found = process("check", "--since", "0000_init")
    assert (found.returncode, found.stderr) == (1, b"")
    assert b"\x1b" not in found.stdout
    failed = process("check", "nowhere")
    assert (failed.returncode, failed.stdout) == (2, b"")


def test_output_is_utf_8_where_the_locale_is_not(project):
    found = process("check", "--since", "0000_init", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert found.returncode == 1
    assert "1 │ CREATE INDEX" in found.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_error(project):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        command = [COMMAND, "check", "--since", "0000_init"]
        found = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)
    assert (found.returncode, found.stderr) == (1, b"")
