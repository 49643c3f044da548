"""A message is made comparable without losing where each character came from."""

from hypothesis import given
from hypothesis import strategies as st

from intents.language import language_of
from intents.normalise import LONGEST, normalise


def test_full_width_capitals_and_curly_quotes_become_plain() -> None:
    assert normalise("ＡＢＣ “Don’t”  share").text == 'abc "don\'t" share'


def test_slack_markup_is_taken_out_and_the_label_of_a_link_kept() -> None:
    assert normalise("<@U1> ask <https://x.example|the site> *now*").text == "ask the site now"


def test_evidence_is_the_message_in_its_own_words() -> None:
    message = normalise("May I ＳＥＮＤ it?")
    start = message.text.index("send")
    assert message.words(start, start + 4) == "ＳＥＮＤ"


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_traced(text: str) -> None:
    message = normalise(text)
    assert len(message.text) == len(message.origin)
    assert list(message.origin) == sorted(message.origin)
    assert message.text in message.words(0, len(message.text)).lower() or message.words(0, len(message.text)) in text


def test_what_follows_a_very_long_message_is_left_out() -> None:
    assert len(normalise("a" * 2 * LONGEST).text) == LONGEST


def test_the_language_is_that_of_the_letters() -> None:
    assert language_of("応募者のCVをShareしていい？") == "ja"
    assert language_of("Can Tanaka-san (田中) see it when he is back?") == "en"
    assert language_of("123 ?!", fallback="ja") == "ja"
