"""Kernel ridge regression over written questions: how like them a new one is, and so what its facts may be.

Two questions are alike by the runs of letters that they share (a dot product) and by the nearness of their meaning
(a Gaussian over sentence vectors). Both stay on this machine; the weights are plain arrays.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intents.features import counts, unit

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Question:
    """A question as the kernel takes it: its filled buckets with their weights, and its sentence vector if any."""

    places: NDArray[np.int64]
    weights: Floats
    vector: Floats | None


@dataclass(frozen=True)
class Support:
    """The written questions that a new one is compared with.

    `starts`, `rows`, `values`: for each bucket the questions that fill it (the columns of a sparse matrix). `idf`: how
    telling a bucket is; 0 for one that fewer than two questions fill. `vectors`: centred unit sentence vectors, one
    row each. `centre`: what was subtracted from them. `share` is the weight of the letters, `width` the Gaussian's.
    """

    starts: NDArray[np.int32]
    rows: NDArray[np.uint16]
    values: NDArray[np.float16]
    idf: Floats
    vectors: Floats
    centre: Floats
    share: float = 0.5
    width: float = 1.5

    def question(self, text: str, vector: Floats | None) -> Question:
        """A normalised text, with its sentence vector where there is a sentence model, ready to compare."""
        places, times = counts(text)
        telling = self.idf[places] > 0
        places = places[telling]
        return Question(places, unit(places, times[telling] * self.idf[places]), self._centred(vector))

    def _centred(self, vector: Floats | None) -> Floats | None:
        if vector is None:
            return None
        moved = vector - self.centre
        return np.asarray(moved / (np.linalg.norm(moved) or 1.0), dtype=np.float32)

    def likeness(self, question: Question) -> Floats:
        """How alike the question is to each written one, between 0 and 1. Shape: (written questions,)."""
        letters = self._letters(question)
        if question.vector is None:
            return letters
        near = np.exp(-self.width * (2.0 - 2.0 * (self.vectors @ question.vector)))
        return np.asarray(self.share * letters + (1.0 - self.share) * near, dtype=np.float32)

    def _letters(self, question: Question) -> Floats:
        first, last = self.starts[question.places], self.starts[question.places + 1]
        lengths = last - first
        picked = np.repeat(first - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths) + np.arange(lengths.sum())
        products = self.values[picked].astype(np.float32) * np.repeat(question.weights, lengths)
        return np.bincount(self.rows[picked], weights=products, minlength=len(self.vectors)).astype(np.float32)
