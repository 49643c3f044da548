"""The fine-tuned sentence models: what a whole message means, as scores for the labels of each head.

One reads all languages, one more reads English alone; both were tuned on the pack's written questions
(`intents.fine_tuning`). They work on the CPU, from files of the pack, and read nothing from the network.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from intents.language import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokenizers import Tokenizer

Floats = NDArray[np.float32]
MODEL, WORDS = "model.onnx", "words.npz"
MULTILINGUAL, ENGLISH = "multilingual", "english"
"""The model that reads all languages, and the one that reads English alone, in a folder of its own within."""
BEGIN, END = 0, 2
MOST_TOKENS = 510
BLOCK = 32
UNKNOWN = 3
"""Of e5."""
E5_OPENING = "query: "
"""e5 was trained on questions that begin so."""
WORD_PIECE_UNKNOWN = "[UNK]"
THREADS = 1
"""For one question: several are read at once, and threads that wait for one another keep a processor busy."""


@dataclass(frozen=True)
class Vocabulary:
    """The pieces that texts are cut into, and the vector of each in packed form.

    `packed`: (pieces, width / 2) bytes of two 4-bit numbers; `scales`: (pieces, width / 32) by which 32 of them count.
    `likelihoods`: how likely each piece is, for texts that are cut into those that are likeliest together (as e5 has
    it); empty for texts that are cut into words in lower case and those into their longest pieces (as MPNet has it).
    """

    pieces: Sequence[str]
    likelihoods: Floats
    packed: NDArray[np.uint8]
    scales: NDArray[np.float16]

    @property
    def opening(self) -> str:
        """What stands before every text."""
        return E5_OPENING if len(self.likelihoods) else ""

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """Cuts a normalised text into pieces."""
        return self._likeliest() if len(self.likelihoods) else self._longest()

    def _likeliest(self) -> Tokenizer:
        from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers  # noqa: PLC0415

        known = [(piece, float(fit)) for piece, fit in zip(self.pieces, self.likelihoods, strict=True)]
        tokenizer = Tokenizer(models.Unigram(known, unk_id=UNKNOWN, byte_fallback=False))
        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
        )
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
        return tokenizer

    def _longest(self) -> Tokenizer:
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers  # noqa: PLC0415

        known = {piece: row for row, piece in enumerate(self.pieces)}
        tokenizer = Tokenizer(models.WordPiece(known, unk_token=WORD_PIECE_UNKNOWN))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
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


def packed(vectors: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Vectors in 4 bits, as `unpacked` takes them: (rows, width / 2) bytes, and (rows, width / 32) scales."""
    blocks = vectors.reshape(len(vectors), -1, BLOCK)
    scales = (np.abs(blocks).max(-1) / 7.5).astype(np.float16)
    steps = np.where(scales > 0, scales, 1).astype(np.float32)[..., None]
    whole = (np.clip(np.rint(blocks / steps), -8, 7) + 8).astype(np.uint8)
    halves = whole[..., : BLOCK // 2] | (whole[..., BLOCK // 2 :] << 4)
    return halves.reshape(len(vectors), -1), scales


def tokens_of(vocabulary: Vocabulary, text: str) -> list[int]:
    """A text as the model takes it."""
    found: list[int] = vocabulary.tokenizer.encode(f"{vocabulary.opening}{text}").ids
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
        tokens = tokens_of(self._vocabulary, text)
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


@dataclass(frozen=True)
class Models:
    """The sentence models that a pack has, by what they read."""

    known: Mapping[str, SentenceModel]

    def name_for(self, text: str) -> str:
        """Which one reads a text, if it is there."""
        return ENGLISH if ENGLISH in self.known and language_of(text) == "en" else MULTILINGUAL


def load_models(folder: Path) -> Models:
    """The sentence models of a folder; none where none was shipped."""
    places = {MULTILINGUAL: folder, ENGLISH: folder / ENGLISH}
    return Models({name: SentenceModel(place) for name, place in places.items() if (place / MODEL).exists()})
