"""The fine-tuned sentence model: what a whole message means, as scores for the labels of each head.

It began as multilingual-e5-small and was tuned on the pack's written questions (`intents.fine_tuning`). It works on
the CPU, from files of the pack, and reads nothing from the network.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

Floats = NDArray[np.float32]
MODEL, WORDS = "model.onnx", "words.npz"
BEGIN, UNKNOWN, END = 0, 3, 2
MOST_TOKENS = 510
BLOCK = 32
THREADS = 1
"""For one question: several are read at once, and threads that wait for one another keep a processor busy."""


@dataclass(frozen=True)
class Vocabulary:
    """The pieces that texts are cut into, how likely each is, and its vector in packed form.

    `packed`: (pieces, width / 2) bytes of two 4-bit numbers; `scales`: (pieces, width / 32) by which 32 of them count.
    """

    pieces: Sequence[str]
    likelihoods: Floats
    packed: NDArray[np.uint8]
    scales: NDArray[np.float16]

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """Cuts a normalised text into the pieces that are likeliest together."""
        from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers  # noqa: PLC0415

        known = [(piece, float(fit)) for piece, fit in zip(self.pieces, self.likelihoods, strict=True)]
        tokenizer = Tokenizer(models.Unigram(known, unk_id=UNKNOWN, byte_fallback=False))
        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
        )
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
        return tokenizer

    def vectors(self, tokens: Sequence[int]) -> Floats:
        """The word vectors of some pieces. Shape: (pieces, width)."""
        packed = self.packed[tokens].reshape(len(tokens), -1, BLOCK // 2)
        return np.asarray(
            (unpacked(packed) * self.scales[tokens].astype(np.float32)[..., None]).reshape(len(tokens), -1)
        )


def unpacked(packed: NDArray[np.uint8]) -> Floats:
    """The whole numbers of 4-bit blocks: (..., 16) bytes to (..., 32) numbers between -8 and 7."""
    return np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32) - 8


def tokens_of(tokenizer: Tokenizer, text: str) -> list[int]:
    """A text as the model takes it: e5 was trained on questions that begin with "query: "."""
    found: list[int] = tokenizer.encode(f"query: {text}").ids
    return [BEGIN, *found[:MOST_TOKENS], END]


class SentenceModel:
    """The model, loaded."""

    def __init__(self, folder: Path) -> None:
        """Load the model from the folder where it was shipped."""
        from onnxruntime import (  # noqa: PLC0415 - the cues alone must run without it
            GraphOptimizationLevel,
            InferenceSession,
            SessionOptions,
        )

        with np.load(folder / WORDS) as data:
            pieces = bytes(data["pieces"]).decode().split("\n")
            self._heads: dict[str, list[str]] = json.loads(bytes(data["heads"]).decode())
            self._vocabulary = Vocabulary(pieces, data["likelihoods"], data["packed"], data["scales"])
        options = SessionOptions()
        options.intra_op_num_threads = THREADS
        options.graph_optimization_level = GraphOptimizationLevel.ORT_DISABLE_ALL  # it was shipped simplified
        self._session = InferenceSession(folder / MODEL, options, providers=["CPUExecutionProvider"])

    def scores(self, text: str) -> dict[str, dict[str, float]]:
        """The log probability of each label of each head."""
        tokens = tokens_of(self._vocabulary.tokenizer, text)
        (raw,) = self._session.run(["scores"], {"words": self._vocabulary.vectors(tokens)[None]})
        found, first = {}, 0
        for head, labels in self._heads.items():
            found[head] = log_probabilities(labels, raw[0][first : first + len(labels)])
            first += len(labels)
        return found


def log_probabilities(labels: Sequence[str], scores: Floats) -> dict[str, float]:
    """The log probability of each label, by its score."""
    above = scores.astype(np.float64) - scores.max()
    return dict(zip(labels, (above - np.log(np.exp(above).sum())).tolist(), strict=True))


def load_model(folder: Path) -> SentenceModel | None:
    """The sentence model of a folder, or None where none was shipped."""
    return SentenceModel(folder) if (folder / MODEL).exists() else None
