"""When an identifier has to be quoted, as PostgreSQL's own quote_identifier decides it."""

from __future__ import annotations

import re

from pglast.keywords import COL_NAME_KEYWORDS, RESERVED_KEYWORDS, TYPE_FUNC_NAME_KEYWORDS

from raincheck.sql.names import always_quoted

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_KEYWORDS = COL_NAME_KEYWORDS | RESERVED_KEYWORDS | TYPE_FUNC_NAME_KEYWORDS


def quoted_if_needed(identifier: str) -> str:
    """`users`, but `"Users"` and `"user"`.

    Source: https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/adt/ruleutils.c (quote_identifier)
    """
    plain = _PLAIN.fullmatch(identifier) and identifier not in _KEYWORDS
    return identifier if plain else always_quoted(identifier)
