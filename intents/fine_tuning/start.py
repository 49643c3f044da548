"""Where fine-tuning begins: a model that is known, its words, and how fast it may change."""

from dataclasses import dataclass

from intents.fine_tuning.network import Base
from intents.sentence_model import Vocabulary


@dataclass(frozen=True)
class Start:
    """A base with its vocabulary.

    `hidden`: the piece that stands for a word that is hidden while training; `before`: how many tokens begin every
    question, which are never hidden. `passes`, `rate`: how often all questions are shown, and how fast the uppermost
    layer learns; each layer below learns `slower` times as fast as the one above it.
    """

    base: Base
    vocabulary: Vocabulary
    hidden: int
    before: int
    passes: int
    rate: float
    slower: float
