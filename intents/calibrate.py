"""Measuring how sure readings are: on written questions that were kept from what is measured."""

from collections.abc import Sequence

from intents.confidence import Confidence, fit
from intents.lexicon import load_lexicon
from intents.questions import WrittenQuestion
from intents.sentence_model import load_models
from intents.train import train
from intents.understand import Understanding
from knowledge import Pack

FEWEST = 50
"""Kept questions below which nothing is measured."""


def measured_confidence(pack: Pack, questions: Sequence[WrittenQuestion]) -> tuple[Confidence, int] | None:
    """How sure a reading is by its signs, and on how many questions that was measured; None where too few are kept.

    It is measured on those that were kept from the sentence model that reads them, with letters that did not learn
    them either.
    """
    models = load_models(pack.path / "learned")
    kept = [question for question in questions if models.name_for(question.text) in question.kept]
    if len(kept) < FEWEST:
        return None
    letters = train([question for question in questions if question not in kept])
    understanding = Understanding(pack, load_lexicon(pack), letters.beside(models))
    meant = [understanding.meant(question.text) for question in kept]
    right = [verdict == question.verdict for (verdict, _), question in zip(meant, kept, strict=True)]
    return fit([signs for _, signs in meant], right), len(kept)
