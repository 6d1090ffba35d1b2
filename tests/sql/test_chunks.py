from hypothesis import given
from hypothesis import strategies as st

from raincheck.sql.chunks import BREAKPOINT, chunks


def texts(text: str) -> list[str]:
    return [chunk.span.within(text) for chunk in chunks(text)]


def test_a_text_without_breakpoints_is_one_chunk():
    assert texts("") == [""]
    assert texts("SELECT 1;") == ["SELECT 1;"]


def test_drizzle_splits_at_the_literal_wherever_it_stands():
    assert texts("a;--> statement-breakpoint\nb") == ["a;", "\nb"]
    assert texts("'a --> statement-breakpoint b'") == ["'a ", " b'"]
    assert texts("a --> statement-breakpoint") == ["a ", ""]
    assert texts("a --> statement-breakpoints") == ["a ", "s"]


def test_what_only_looks_like_a_breakpoint_is_none():
    assert len(chunks("a;-->statement-breakpoint\nb;--> Statement-Breakpoint\nc")) == 1


@given(st.lists(st.text() | st.just(BREAKPOINT)).map("".join))
def test_the_chunks_are_the_text(text):
    assert BREAKPOINT.join(texts(text)) == text
    assert texts(text) == text.split(BREAKPOINT)
    assert [chunk.index for chunk in chunks(text)] == list(range(len(chunks(text))))
