"""What the learned reader sees of a text: its short runs of letters and its words, as hashed counts.

Three families count alike: runs inside words, runs across them (for languages without spaces), and words.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

FAMILY_SIZE = 1 << 17
FAMILIES = 3
BUCKETS = FAMILY_SIZE * FAMILIES
_WORD = re.compile(r"[a-z0-9']+")
_CHUNK = re.compile(r"\S+")


def _in_words(text: str) -> Iterator[str]:
    for chunk in _CHUNK.findall(text):
        padded = f" {chunk} "
        for length in (2, 3, 4, 5):
            yield from (padded[i : i + length] for i in range(max(1, len(padded) - length + 1)))


def _across(text: str) -> Iterator[str]:
    for length in (1, 2, 3):
        yield from (text[i : i + length] for i in range(len(text) - length + 1))


def _words(text: str) -> Iterator[str]:
    words = _WORD.findall(text)
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))


def counts(text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The buckets that a normalised text fills, in order, and 1 + log of how often each is hit."""
    buckets: Counter[int] = Counter()
    for family, runs in enumerate((_in_words(text), _across(text), _words(text))):
        for run, times in Counter(runs).items():
            buckets[family * FAMILY_SIZE + crc32(run.encode()) % FAMILY_SIZE] += times
    filled = sorted(buckets.items())
    places = np.array([place for place, _ in filled], dtype=np.int64)
    return places, np.float32(1) + np.log(np.array([times for _, times in filled], dtype=np.float32))


def unit(places: NDArray[np.int64], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The weights scaled so that each family has the same length and the whole has length 1."""
    family = places // FAMILY_SIZE
    lengths = np.sqrt(np.bincount(family, weights=weights.astype(np.float64) ** 2, minlength=FAMILIES))
    lengths[lengths == 0] = 1.0
    scaled = weights / lengths[family] / np.sqrt(max(1, len(np.unique(family))))
    return np.asarray(scaled, dtype=np.float32)
