"""Slack's markup in what people write becomes the words that they see."""

import pytest

from bot.listeners.markup import words_of


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("<@UBOT> may I?", "may I?"),
        ("<@UBOT|desk> may I?", "may I?"),
        ("R&amp;D &lt;3", "R&D <3"),
        ("&amp;lt;", "&lt;"),
        ("ask <@U123> in <#C1|general> <!here>", "ask @U123 in general @here"),
        ("<!subteam^S1|@legal> and <!date^1^{date}|Monday>", "@legal and Monday"),
        ("<mailto:a@example.com|a@example.com>, <https://example.com|our page>", "a@example.com, our page"),
        ("see <https://example.com/a?b=1&amp;c=2>", "see https://example.com/a?b=1&c=2"),
        ("2 < 3 and 4 > 1", "2 < 3 and 4 > 1"),
    ],
)
def test_markup(sent: str, seen: str) -> None:
    assert words_of(sent, "UBOT") == seen
