"""Two columns of figures and their ratio."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def print_rows(title: str, peer: str, ours: Mapping[str, float], theirs: Mapping[str, float]) -> None:
    """Print a table; a ratio above 1 means that ours is the larger figure."""
    width = max(map(len, ours))
    print(f"\n{title}\n{'':{width}}  {'raincheck':>10}  {peer:>10}  {'ratio':>7}")
    for name, figure in ours.items():
        other = theirs.get(name)
        compared = f"  {other:10.1f}  {figure / other:7.2f}" if other else ""
        print(f"{name:{width}}  {figure:10.1f}{compared}", flush=True)
