"""The forms of a review, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raincheck.report.review import review_markdown
from raincheck.report.review_text import review_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raincheck.plan.review import Review
    from raincheck.report.style import Style


def _markdown(reviews: Sequence[Review], _: Style) -> str:
    return "\n".join(map(review_markdown, reviews))


def _text(reviews: Sequence[Review], style: Style) -> str:
    return "\n".join(review_text(review, style) for review in reviews)


def _json(reviews: Sequence[Review], _: Style) -> str:
    from raincheck.report.review_json import render  # its models cost time that the others need not pay

    return render(reviews)


RENDERERS: dict[str, Callable[[Sequence[Review], Style], str]] = {
    "text": _text,
    "markdown": _markdown,
    "json": _json,
}
