"""Fine-tuning: one pass after another over the written questions, the same to the bit on the same kind of machine."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from intents.fine_tuning.base import Base, Floats, kept_pieces
from intents.fine_tuning.network import Reader
from intents.sentence_model import Vocabulary, tokens_of

SEED, THREADS = 7, 2
PASSES, TOGETHER, NEIGHBOURS = 6, 24, 480
RATE, HEADS_RATE, WARM_UP, LAST_RATE, DECAY = 6e-5, 1e-3, 0.08, 0.02, 0.01
SMOOTHING, LONGEST_STEP = 0.02, 1.0
LONGEST = 192
"""Tokens of a question that training looks at."""

Labels = Mapping[str, Sequence[str]]
Say = Callable[[str], None]


def fine_tune(
    texts: Sequence[str], labels: Sequence[Mapping[str, str]], heads: Labels, say: Say
) -> tuple[Reader, Vocabulary]:
    """A reader that learned the label of each head for each text, and its vocabulary.

    `heads`: the labels of each head, in order. `say` is told how far it is.
    """
    torch.manual_seed(SEED)
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(mode=True)
    base = Base()
    rows = kept_pieces(base)
    vocabulary = Vocabulary([base.pieces[row] for row in rows], base.scores[rows], *base.words(rows))
    reader = Reader(base, {head: len(known) for head, known in heads.items()})
    questions = [tokens_of(vocabulary.tokenizer, text)[:LONGEST] for text in texts]
    wanted = torch.tensor([[heads[head].index(one[head]) for head in heads] for one in labels])
    words = Words(vocabulary)
    chance = random.Random(SEED)  # noqa: S311 - an order, not a secret
    _begin(reader, words, questions, wanted, chance)
    _learn(reader, words, questions, wanted, chance, say)
    return reader.eval(), vocabulary


class Words:
    """Looks up the word vectors of questions."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Unpack the vectors of the whole vocabulary."""
        self._vectors = torch.tensor(vocabulary.vectors(range(len(vocabulary.pieces))))

    def of(self, questions: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """The vectors of some questions' tokens, filled up to the longest, and which of them count."""
        longest = max(map(len, questions))
        ids = torch.ones((len(questions), longest), dtype=torch.long)
        mask = torch.zeros((len(questions), longest), dtype=torch.bool)
        for row, tokens in enumerate(questions):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            mask[row, : len(tokens)] = True
        return self._vectors[ids], mask


def _begin(
    reader: Reader, words: Words, questions: Sequence[Sequence[int]], wanted: Tensor, chance: random.Random
) -> None:
    some = sorted(
        chance.sample(range(len(questions)), min(NEIGHBOURS, len(questions))), key=lambda k: len(questions[k])
    )
    reader.eval()
    with torch.no_grad():
        meanings = [reader.encoder(*words.of([questions[k] for k in part])) for part in _parts(some, TOGETHER)]
    shares: list[Floats] = []
    for column, size in enumerate(reader.sizes.values()):
        counts = np.bincount(wanted[:, column].numpy(), minlength=size).astype(np.float32)
        shares.append((counts + np.float32(0.5)) / np.float32(len(wanted)))
    reader.begin(torch.cat(meanings), shares)


def _learn(
    reader: Reader,
    words: Words,
    questions: Sequence[Sequence[int]],
    wanted: Tensor,
    chance: random.Random,
    say: Say,
) -> None:
    steps = PASSES * -(-len(questions) // TOGETHER)
    heads = list(reader.heads.parameters())
    groups = [{"params": heads, "lr": HEADS_RATE}, {"params": list(reader.encoder.parameters()), "lr": RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY, betas=(0.9, 0.98))
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (WARM_UP * steps)) * max(LAST_RATE, 1 - step / steps)
    )
    reader.train()
    for number in range(PASSES):
        losses = []
        for part in _shuffled(questions, chance):
            scores = reader.split(reader(*words.of([questions[k] for k in part])))
            loss = torch.stack(
                [
                    functional.cross_entropy(one, wanted[part, column], label_smoothing=SMOOTHING)
                    for column, one in enumerate(scores.values())
                ]
            ).sum()
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), LONGEST_STEP)
            optimiser.step()
            pace.step()
            losses.append(float(loss.detach()))
        say(f"pass {number + 1} of {PASSES}: loss {sum(losses) / len(losses):.3f}")


def _shuffled(questions: Sequence[Sequence[int]], chance: random.Random) -> Iterator[list[int]]:
    """All questions in parts of like length, in a random order."""
    order = list(range(len(questions)))
    chance.shuffle(order)
    near = [sorted(some, key=lambda k: len(questions[k])) for some in _parts(order, NEIGHBOURS)]
    parts = [part for some in near for part in _parts(some, TOGETHER)]
    chance.shuffle(parts)
    yield from parts


def _parts(some: Sequence[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(some), size):
        yield list(some[start : start + size])
