"""Measuring how sure readings are: on written questions that were kept from what is measured."""

from collections.abc import Sequence

from intents.confidence import Confidence, fit
from intents.learned import LearnedReader
from intents.lexicon import load_lexicon
from intents.questions import WrittenQuestion
from intents.sentence_model import load_model
from intents.train import train
from intents.understand import Understanding
from knowledge import Pack

FEWEST = 50
"""Kept questions below which nothing is measured."""


def without_kept(pack: Pack, questions: Sequence[WrittenQuestion]) -> LearnedReader:
    """A reader that learned nothing from the kept questions, with the sentence model of the pack, if any."""
    letters = train([question for question in questions if not question.kept])
    model = load_model(pack.path / "learned")
    return LearnedReader(letters.support, letters.weights, letters.means, letters.heads, model)


def measured_confidence(pack: Pack, questions: Sequence[WrittenQuestion]) -> tuple[Confidence, int] | None:
    """How sure a reading is by its signs, and on how many questions that was measured; None where too few are kept."""
    kept = [question for question in questions if question.kept]
    if len(kept) < FEWEST:
        return None
    understanding = Understanding(pack, load_lexicon(pack), without_kept(pack, questions))
    meant = [understanding.meant(question.text) for question in kept]
    right = [verdict == question.verdict for (verdict, _), question in zip(meant, kept, strict=True)]
    return fit([signs for _, signs in meant], right), len(kept)
