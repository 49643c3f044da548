"""Pieces of Block Kit, cut to its limits."""

from hypothesis import given
from hypothesis import strategies as st

from bot.kit import shortened


@given(text=st.text(alphabet="a&<>;é", max_size=40), limit=st.integers(2, 30))
def test_shortening_never_cuts_an_escaped_character(text: str, limit: int) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    short = shortened(escaped, limit)
    assert len(short) <= limit
    rest = short.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert "&" not in rest
