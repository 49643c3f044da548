"""Kernel ridge regression over written questions: how like them a new one is, and so what its facts may be.

Two questions are alike by the runs of letters and the words that they share. The weights are plain arrays.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intents.features import counts, unit

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Question:
    """A question as the kernel takes it: its filled buckets with their weights."""

    places: NDArray[np.int64]
    weights: Floats


@dataclass(frozen=True)
class Support:
    """The written questions that a new one is compared with.

    `starts`, `rows`, `values`: for each bucket the questions that fill it (the columns of a sparse matrix). `idf`: how
    telling a bucket is; 0 for one that too few or too many questions fill. `size`: how many questions there are.
    """

    starts: NDArray[np.int32]
    rows: NDArray[np.uint16]
    values: NDArray[np.float16]
    idf: Floats
    size: int

    def question(self, text: str) -> Question:
        """A normalised text, ready to compare."""
        places, times = counts(text)
        telling = self.idf[places] > 0
        places = places[telling]
        return Question(places, unit(places, times[telling] * self.idf[places]))

    def likeness(self, question: Question) -> Floats:
        """How alike the question is to each written one, between 0 and 1. Shape: (written questions,)."""
        first, last = self.starts[question.places], self.starts[question.places + 1]
        lengths = last - first
        if not lengths.sum():
            return np.zeros(self.size, dtype=np.float32)
        picked = np.repeat(first - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths) + np.arange(lengths.sum())
        products = self.values[picked].astype(np.float32) * np.repeat(question.weights, lengths)
        return np.bincount(self.rows[picked], weights=products, minlength=self.size).astype(np.float32)
