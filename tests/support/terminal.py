"""A terminal that nobody looks at but a test: what runs in it is typed into, and its screen is read."""

from __future__ import annotations

import shlex
import subprocess
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.editor_binaries import Program

PATIENCE = 30
"""Seconds until something that does not happen fails the test."""


class Terminal:
    """A tmux server of its own, with one window, in which `command` runs."""

    def __init__(self, tmux: Program, socket: Path, environment: dict[str, str], folder: Path, *command: str):
        self._tmux = [*tmux.command, "-S", str(socket), "-f", "/dev/null"]
        self._environment = {**environment, "TERM": "xterm-256color"}
        size = ("-x", "160", "-y", "45", "-c", str(folder))
        self._ask("new-session", "-d", *size, shlex.join(command))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run([*self._tmux, "kill-server"], env=self._environment, check=False, capture_output=True)

    def screen(self) -> str:
        return self._ask("capture-pane", "-p")

    def keys(self, *keys: str) -> None:
        """Names of keys as tmux has them, or text to type."""
        self._ask("send-keys", *keys)

    def until(self, words: str) -> str:
        """Wait for words on the screen, which is the answer."""
        return self.wait(words, lambda: words in self.screen()) or self.screen()

    def until_gone(self, words: str) -> None:
        self.wait(f"the end of {words}", lambda: words not in self.screen())

    def wait(self, what: str, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"waited in vain for {what}, with\n{self.screen()}"
            time.sleep(0.02)  # tmux tells nobody of what has changed

    def ended(self) -> bool:
        """Whether what ran has ended, and the server with it."""
        done = subprocess.run(
            [*self._tmux, "has-session"], env=self._environment, check=False, capture_output=True
        )
        return done.returncode != 0

    def _ask(self, *arguments: str) -> str:
        asked = [*self._tmux, *arguments]
        done = subprocess.run(asked, env=self._environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout
