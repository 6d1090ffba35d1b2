"""JSON for the client. Half a surrogate pair, which stands for a byte of a file's name that is not UTF-8, is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable

_HALF = re.compile("[\ud800-\udfff]")


def encoded(data: Any, default: Callable[[Any], Any] | None = None) -> bytes:
    """`data` as JSON, with U+FFFD for halves; raises TypeError for what is no JSON."""
    try:
        return orjson.dumps(data, default=default)
    except TypeError:
        return orjson.dumps(_whole(data), default=default)


def _whole(data: Any) -> Any:
    match data:
        case str():
            return _HALF.sub("\ufffd", data)
        case dict():
            return {_whole(key): _whole(value) for key, value in data.items()}
        case list() | tuple():
            return [_whole(value) for value in data]
    return data
