"""Fine-tuning: one pass after another over the written questions, the same to the bit on the same kind of machine."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from intents.fine_tuning.network import Reader, mean_of
from intents.fine_tuning.start import Start
from intents.questions import ACT, CLAUSE, VERDICT
from intents.sentence_model import Floats, Vocabulary, tokens_of

SEED, THREADS = 7, 2
TOGETHER, NEIGHBOURS = 32, 480
HEADS_RATE, LOOK_RATE = 1e-3, 3e-4
WARM_UP, LAST_RATE, DECAY = 0.08, 0.02, 0.01
SMOOTHING, LONGEST_STEP = 0.05, 1.0
WEIGHTS = {VERDICT: 2.0, ACT: 2.0, CLAUSE: 1.5}
"""How much more some heads count: what they get wrong costs most."""
HIDDEN, LOWER = 0.05, 0.2
"""How many words a pass hides, so that no single one decides, and how many questions it takes in lower case."""
AVERAGED, EVERY = 0.97, 5
"""In the second half the weights are averaged, each fifth step: what is shipped lies in the middle of many steps."""
LONGEST = 192
"""Tokens of a question that training looks at."""

SHORT_NUMBERS = bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
"""Whether this processor multiplies 16-bit numbers by itself; where it does not, they cost fifty times as much."""

Labels = Mapping[str, Sequence[str]]
Say = Callable[[str], None]
Tokens = Sequence[Sequence[int]]


def fine_tune(
    start: Start, texts: Sequence[str], labels: Sequence[Mapping[str, str]], heads: Labels, say: Say
) -> Reader:
    """A reader that learned the label of each head for each text.

    `heads`: the labels of each head, in order. `say` is told how far it is.
    """
    torch.manual_seed(SEED)
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(mode=True)
    reader = Reader(start.base, {head: len(known) for head, known in heads.items()})
    as_written = _tokens(start.vocabulary, texts)
    wanted = torch.tensor([[heads[head].index(one[head]) for head in heads] for one in labels])
    words = Words(start)
    chance = random.Random(SEED)  # noqa: S311 - an order, not a secret
    _begin(reader, words, as_written, wanted, chance)
    lower = _tokens(start.vocabulary, [text.lower() for text in texts])
    _learn(start, reader, words, (as_written, lower), wanted, chance, say)
    return reader.eval()


def _tokens(vocabulary: Vocabulary, texts: Sequence[str]) -> list[list[int]]:
    return [tokens_of(vocabulary, text)[:LONGEST] for text in texts]


class Words:
    """Looks up the word vectors of questions."""

    def __init__(self, start: Start) -> None:
        """Unpack the vectors of the whole vocabulary."""
        self._vectors = torch.tensor(start.vocabulary.vectors(range(len(start.vocabulary.pieces))))
        self._hidden, self._before = start.hidden, start.before

    def of(self, questions: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """The vectors of some questions' tokens, filled up to the longest, and which of them count."""
        longest = max(map(len, questions))
        ids = torch.ones((len(questions), longest), dtype=torch.long)
        mask = torch.zeros((len(questions), longest), dtype=torch.bool)
        for row, tokens in enumerate(questions):
            ids[row, : len(tokens)] = torch.tensor(tokens)
            mask[row, : len(tokens)] = True
        return self._vectors[ids], mask

    def partly(self, questions: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """The same, with some words hidden."""
        vectors, mask = self.of(questions)
        hidden = (torch.rand(mask.shape) < HIDDEN) & mask
        hidden[:, : self._before] = False
        return torch.where(hidden[..., None], self._vectors[self._hidden], vectors), mask


class Average:
    """The running average of a reader's weights."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._weights: dict[str, Tensor] = {}

    def take(self, reader: Reader) -> None:
        """Take in the weights as they are now."""
        for name, weight in reader.named_parameters():
            now = weight.detach()
            self._weights[name] = (
                now.clone() if name not in self._weights else self._weights[name].lerp_(now, 1 - AVERAGED)
            )

    def put(self, reader: Reader) -> None:
        """Give the average to the reader."""
        reader.load_state_dict(self._weights, strict=False)


def _begin(reader: Reader, words: Words, questions: Tokens, wanted: Tensor, chance: random.Random) -> None:
    some = sorted(
        chance.sample(range(len(questions)), min(NEIGHBOURS, len(questions))), key=lambda k: len(questions[k])
    )
    reader.eval()
    meanings = []
    with torch.no_grad():
        for part in _parts(some, TOGETHER):
            vectors, mask = words.of([questions[k] for k in part])
            meanings.append(mean_of(reader.encoder(vectors, mask), mask))
    shares: list[Floats] = []
    for column, size in enumerate(reader.sizes.values()):
        counts = np.bincount(wanted[:, column].numpy(), minlength=size).astype(np.float32)
        shares.append((counts + np.float32(0.5)) / np.float32(len(wanted)))
    reader.begin(torch.cat(meanings), shares)


def _learn(
    start: Start,
    reader: Reader,
    words: Words,
    questions: tuple[Tokens, Tokens],
    wanted: Tensor,
    chance: random.Random,
    say: Say,
) -> None:
    """`questions`: as written, and in lower case."""
    as_written, lower = questions
    optimiser, pace = _optimiser(start, reader, start.passes * -(-len(as_written) // TOGETHER))
    average = Average()
    reader.train()
    for number in range(start.passes):
        losses = []
        for step, part in enumerate(_shuffled(as_written, chance)):
            shown = [(lower if chance.random() < LOWER else as_written)[k] for k in part]
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=SHORT_NUMBERS):
                scores = reader(*words.partly(shown))
            loss = _loss(reader.split(scores.float()), wanted[part])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), LONGEST_STEP)
            optimiser.step()
            pace.step()
            losses.append(float(loss.detach()))
            if number >= start.passes // 2 and step % EVERY == 0:
                average.take(reader)
        say(f"pass {number + 1} of {start.passes}: loss {sum(losses) / len(losses):.3f}")
    average.put(reader)


def _optimiser(start: Start, reader: Reader, steps: int) -> tuple[torch.optim.Optimizer, Any]:
    """What moves the weights, and how its pace falls over so many steps."""
    groups = [
        {"params": list(reader.heads.parameters()), "lr": HEADS_RATE},
        {"params": [reader.look], "lr": LOOK_RATE, "weight_decay": 0.0},
    ]
    below = {id(weight) for layer in reader.encoder.layers for weight in layer.parameters()}
    rate = start.rate
    for layer in reversed(reader.encoder.layers):
        groups.append({"params": list(layer.parameters()), "lr": rate})
        rate *= start.slower
    groups.append({"params": [weight for weight in reader.encoder.parameters() if id(weight) not in below], "lr": rate})
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY, betas=(0.9, 0.98), fused=True)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (WARM_UP * steps)) * max(LAST_RATE, 1 - step / steps)
    )
    return optimiser, pace


def _loss(scores: Mapping[str, Tensor], wanted: Tensor) -> Tensor:
    losses = [
        WEIGHTS.get(head, 1.0) * functional.cross_entropy(one, wanted[:, column], label_smoothing=SMOOTHING)
        for column, (head, one) in enumerate(scores.items())
    ]
    return torch.stack(losses).sum()


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
