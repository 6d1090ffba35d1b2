"""Reading messages of clients that are newer than the library: a value it does not know must not cost the message.

Only where LSP says that unknown values are to be ignored: what a client says of itself, and the diagnostics that it
hands back with a question, which may be another server's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cattrs import AttributeValidationNote, IterableValidationNote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Path = tuple[str | int, ...]

_IGNORABLE = (("params", "capabilities"), ("params", "context", "diagnostics"))
_DEEPEST = 10
"""Each attempt takes out what the one before could not read, so this many levels of required parts can fail."""


def structured(message: dict[str, Any], structure: Callable[[dict[str, Any]], Any]) -> Any:
    """What `structure` makes of a message, less what it cannot read and may ignore; raises what it raises."""
    for _ in range(_DEEPEST):
        try:
            return structure(message)
        except Exception as error:
            wrong = [path for path in _places(error) if _is_ignorable(path)]
            if not wrong:
                raise
            message = _without(message, wrong)
    return structure(message)


def _is_ignorable(path: Path) -> bool:
    return any(path[: len(start)] == start and len(path) > len(start) for start in _IGNORABLE)


def _places(error: BaseException, above: Path = ()) -> Iterator[Path]:
    """Where the leaves of a tree of cattrs' errors are; of a part that must be there and is not, what lacks it."""
    below = getattr(error, "exceptions", None)
    if below is None:
        yield above[:-1] if isinstance(error, KeyError) else above
        return
    for one in below:
        step = next((_step(note) for note in getattr(one, "__notes__", ()) if _step(note) is not None), None)
        yield from _places(one, above if step is None else (*above, step))


def _step(note: object) -> str | int | None:
    match note:
        case AttributeValidationNote():
            return re.sub("_([a-z])", lambda found: found[1].upper(), note.name)
        case IterableValidationNote():
            return note.index
    return None


def _without(value: Any, paths: list[Path]) -> Any:
    """A copy of a JSON value without what is at these paths."""
    gone = {path[0] for path in paths if len(path) == 1}
    below: dict[str | int, list[Path]] = {}
    for path in paths:
        if len(path) > 1:
            below.setdefault(path[0], []).append(path[1:])
    if isinstance(value, dict):
        return {k: _without(v, below.get(k, [])) for k, v in value.items() if k not in gone}
    if isinstance(value, list):
        return [_without(v, below.get(n, [])) for n, v in enumerate(value) if n not in gone]
    return value
