"""The sentence models' words: how texts are cut, and how vectors are kept in 4 bits."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from intents.sentence_model import BEGIN, BLOCK, END, Vocabulary, packed, tokens_of

ROWS = 3
NONE = np.zeros(0, dtype=np.float32)
WORDS = ["<s>", "<pad>", "</s>", "<unk>", "[UNK]", "can", "i", "share", "##d", "?", "cafe"]


def vocabulary(pieces: list[str], likelihoods: list[float] | None = None) -> Vocabulary:
    known = NONE if likelihoods is None else np.array(likelihoods, dtype=np.float32)
    return Vocabulary(pieces, known, *packed(np.eye(len(pieces), 2 * BLOCK, dtype=np.float32)))


@given(arrays(np.float32, (ROWS, 2 * BLOCK), elements=st.floats(-8, 8, width=16)))
def test_a_vector_in_4_bits_is_off_by_a_step_at_most(vectors: np.ndarray) -> None:
    back = Vocabulary([""] * ROWS, NONE, *packed(vectors)).vectors(range(ROWS))
    largest = np.abs(vectors.reshape(ROWS, 2, BLOCK)).max(-1, keepdims=True)
    off = np.abs(back - vectors).reshape(ROWS, 2, BLOCK)
    assert (off <= largest / 7 + 1e-3).all()


def test_english_is_cut_into_words_in_lower_case_and_those_into_their_longest_pieces() -> None:
    tokens = tokens_of(vocabulary(WORDS), "Can I shared  CAFÉ zzz?")
    assert [WORDS[one] for one in tokens] == ["<s>", "can", "i", "share", "##d", "cafe", "[UNK]", "?", "</s>"]


def test_any_language_is_cut_into_the_pieces_that_are_likeliest_together() -> None:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "query", ":", "▁share", "▁sh", "are", "同意"]
    tokens = tokens_of(vocabulary(pieces, [0, 0, 0, 0, -2, -1, -1, -1, -3, -3, -1]), "share 同意")
    assert [pieces[one] for one in tokens] == ["<s>", "▁", "query", ":", "▁share", "▁", "同意", "</s>"]


def test_a_very_long_text_is_cut_short() -> None:
    tokens = tokens_of(vocabulary(WORDS), "can " * 2000)
    assert (tokens[0], tokens[-1]) == (BEGIN, END)
    assert len(tokens) == 512
