"""Write docs/locks.md from the lock table: `python tools/locks_page.py`."""

from __future__ import annotations

from pathlib import Path

from raincheck.locks.page import page

if __name__ == "__main__":
    (Path(__file__).resolve().parents[1] / "docs" / "locks.md").write_text(page(), encoding="utf-8")
