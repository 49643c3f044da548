"""Who reads what: each message by the letters, and by the sentence model for its language."""

from typing import cast

import pytest

from intents.learned import BY_LETTERS, BY_MEANING, LearnedReader
from intents.normalise import normalise
from intents.questions import VERDICT, WrittenQuestion
from intents.sentence_model import ENGLISH, MULTILINGUAL, Models, SentenceModel
from intents.train import train

ENGLISH_TEXT, JAPANESE_TEXT = "apples and pears", "りんごと梨"
ALLOWED, NOT = "allowed", "not_allowed"
WORDS = {
    ALLOWED: ["apples", "pears", "plums", "grapes", "lemons", "figs", "dates", "limes", "melons", "kiwis", "berries"],
    NOT: ["hammers", "saws", "nails", "drills", "pliers", "files", "axes", "clamps", "rulers", "levels", "chisels"],
}
TAUGHT = [
    WrittenQuestion(f"{word}{number}", f"{word} {number}", verdict, ("1",), {"act": "use" if number else "share"})
    for verdict, words in WORDS.items()
    for word in words
    for number in range(2)
]


class Model:
    """A sentence model that always says the same."""

    def __init__(self, verdict: str) -> None:
        self._verdict = verdict

    def scores(self, _text: str) -> dict[str, dict[str, float]]:
        return {VERDICT: {one: -0.1 if one == self._verdict else -3.0 for one in (ALLOWED, NOT)}}


def reader(**models: str) -> LearnedReader:
    known = {name: cast("SentenceModel", Model(verdict)) for name, verdict in models.items()}
    return train(TAUGHT).beside(Models(known))


@pytest.mark.parametrize(("text", "meant"), [(ENGLISH_TEXT, NOT), (JAPANESE_TEXT, ALLOWED)])
def test_each_language_is_read_by_its_model(text: str, meant: str) -> None:
    scores = reader(**{MULTILINGUAL: ALLOWED, ENGLISH: NOT}).scores(normalise(text))
    assert max(scores[BY_MEANING], key=lambda one: scores[BY_MEANING][one]) == meant


def test_without_a_model_for_english_the_one_for_all_languages_reads_it() -> None:
    scores = reader(**{MULTILINGUAL: NOT}).scores(normalise(ENGLISH_TEXT))
    assert scores[BY_MEANING][NOT] > scores[BY_MEANING][ALLOWED]


def test_without_any_model_the_letters_judge_alone() -> None:
    scores = reader().scores(normalise(ENGLISH_TEXT))
    assert scores[VERDICT] == scores[BY_LETTERS] == scores[BY_MEANING]
    assert scores[VERDICT][ALLOWED] > scores[VERDICT][NOT]


def test_a_judgement_lies_between_what_letters_and_model_say() -> None:
    scores = reader(**{ENGLISH: NOT}).scores(normalise(ENGLISH_TEXT))
    for verdict in (ALLOWED, NOT):
        said = (scores[BY_LETTERS][verdict], scores[BY_MEANING][verdict])
        assert min(said) <= scores[VERDICT][verdict] <= max(said)
        assert scores[VERDICT][verdict] not in said


def test_what_the_model_does_not_know_the_letters_judge() -> None:
    scores = reader(**{ENGLISH: NOT}).scores(normalise(ENGLISH_TEXT))
    assert set(scores["act"]) == {"use", "share"}
