"""A sentence model as a network that can learn: the encoder of its base with one head for each fact."""

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from intents.sentence_model import Floats

DROPOUT = 0.1
NOWHERE = -1e4
"""How telling a place without a word is."""
LEAST_SPREAD = 0.01
"""A number that hardly ever differs tells nothing, and must not be blown up."""
NEAR = "near"
DISTANCES, NEAREST, FURTHEST, LONGEST = 32, 8, 128, 512
"""How MPNet tells apart how far one word is from another: in so many kinds, half of them for each side, the nearest one
by one and the others in ever larger steps as far as this; and the longest text, all in tokens."""


class Base(Protocol):
    """A model whose weights an encoder begins with."""

    width: int
    layers: int
    attention_heads: int
    inner: int
    epsilon: float

    def numbers(self, name: str) -> Floats:
        """A tensor's numbers, in a row. Raises KeyError where the model has no such tensor."""
        ...


class Layer(nn.Module):
    """One layer: attention, then a wide step, each added to what came in and evened out."""

    def __init__(self, base: Base, number: int) -> None:
        """Take a layer's weights from the base."""
        super().__init__()
        width, inner = base.width, base.inner
        self.attention_heads = base.attention_heads
        self.ask, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, inner), nn.Linear(inner, width)
        self.after_attention = nn.LayerNorm(width, eps=base.epsilon)
        self.after_inner = nn.LayerNorm(width, eps=base.epsilon)
        self.drop = nn.Dropout(DROPOUT)
        for part, names in {
            self.ask: ("q", "k", "v"),
            self.out: ("ao",),
            self.widen: ("fi",),
            self.narrow: ("fo",),
            self.after_attention: ("aln",),
            self.after_inner: ("oln",),
        }.items():
            _fill(part, base, [f"l{number}.{name}" for name in names])

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """From (questions, tokens, width) to the same."""
        questions, tokens, width = states.shape
        parts = self.ask(states).view(questions, tokens, 3, self.attention_heads, width // self.attention_heads)
        ask, key, value = parts.permute(2, 0, 3, 1, 4)
        if mask is not None and mask.dtype != torch.bool:
            mask = mask.to(ask.dtype)
        seen = functional.scaled_dot_product_attention(ask, key, value, attn_mask=mask)
        seen = self.out(seen.transpose(1, 2).reshape(questions, tokens, width))
        states = self.after_attention(states + self.drop(seen))
        wide = self.narrow(functional.gelu(self.widen(states)))
        return self.after_inner(states + self.drop(wide))


class Encoder(nn.Module):
    """Word vectors of a question in, vectors of what each word means there out."""

    def __init__(self, base: Base) -> None:
        """Take the weights from the base. Words are looked up outside: they stay as they are."""
        super().__init__()
        places = torch.tensor(base.numbers("emb.pos")).view(-1, base.width)
        self.places = nn.Parameter(places + torch.tensor(base.numbers("emb.type")).view(-1, base.width)[0])
        self.even = nn.LayerNorm(base.width, eps=base.epsilon)
        _fill(self.even, base, ["emb.ln"])
        self.layers = nn.ModuleList(Layer(base, number) for number in range(base.layers))
        self.near = _nearness(base)
        self.register_buffer("kinds", _kinds(), persistent=False)

    def forward(self, words: Tensor, mask: Tensor | None = None) -> Tensor:
        """From (questions, tokens, width) and which tokens count, to the same shape."""
        states = self.even(words + self.places[: words.shape[1]])
        attended = self._attended(states, mask)
        for layer in self.layers:
            states = layer(states, attended)
        return states

    def _attended(self, states: Tensor, mask: Tensor | None) -> Tensor | None:
        """How much more or less each word is looked at beforehand: by how far it is, and whether it is one."""
        where = None if mask is None else mask[:, None, None, :]
        if self.near is None:
            return where
        here = torch.arange(states.shape[1])
        bias = self.near(self.kinds[here[None, :] - here[:, None] + LONGEST]).permute(2, 0, 1)[None]
        return bias if where is None else bias.masked_fill(~where, NOWHERE)


class Reader(nn.Module):
    """The encoder with its heads: scores for the labels of all heads, one after the other.

    Each head looks at the words that tell it most: it begins with all of them alike, and learns where to look.
    """

    def __init__(self, base: Base, sizes: Mapping[str, int]) -> None:
        """`sizes`: the number of labels of each head."""
        super().__init__()
        self.encoder, self.sizes = Encoder(base), dict(sizes)
        self.look = nn.Parameter(torch.zeros(base.width, len(sizes)))
        self.heads = nn.Linear(base.width, sum(sizes.values()))
        self.drop = nn.Dropout(DROPOUT)
        nn.init.normal_(self.heads.weight, std=0.02)
        self.register_buffer("middle", torch.zeros(base.width))
        self.register_buffer("spread", torch.ones(base.width))
        owners = [head for head, size in enumerate(sizes.values()) for _ in range(size)]
        own = nn.functional.one_hot(torch.tensor(owners), len(sizes)).T.float()
        self.register_buffer("own", own)

    def forward(self, words: Tensor, mask: Tensor | None = None) -> Tensor:
        """From (questions, tokens, width) to (questions, labels)."""
        states = self.encoder(words, mask).float()
        telling = states @ self.look
        if mask is not None:
            telling = telling.masked_fill(~mask[..., None], NOWHERE)
        seen = torch.softmax(telling, 1).transpose(1, 2) @ states
        meaning = self.drop((seen - self.middle) / self.spread)
        return ((meaning @ self.heads.weight.T) * self.own).sum(1) + self.heads.bias

    def split(self, scores: Tensor) -> dict[str, Tensor]:
        """The scores by head."""
        return dict(zip(self.sizes, scores.split(list(self.sizes.values()), -1), strict=True))

    def begin(self, meanings: Tensor, shares: Sequence[Floats]) -> None:
        """Start from what is usual: the middle of some questions' meanings, and how often each label occurs."""
        self.middle, self.spread = meanings.mean(0), meanings.std(0).clamp_min(LEAST_SPREAD)
        self.heads.bias.data = torch.cat([torch.log(torch.tensor(share)) for share in shares])


def mean_of(states: Tensor, mask: Tensor) -> Tensor:
    """The mean over the tokens that count. Shape: (questions, width)."""
    counted = mask.float()[..., None]
    return (states * counted).sum(1) / counted.sum(1)


def _nearness(base: Base) -> nn.Embedding | None:
    """How much each head of attention likes each kind of distance; None for a base that does not tell distances."""
    try:
        numbers = torch.tensor(base.numbers(NEAR))
    except KeyError:
        return None
    found = nn.Embedding(DISTANCES, base.attention_heads)
    found.weight.data = numbers.view(DISTANCES, base.attention_heads)
    return found


def _kinds() -> Tensor:
    """The kind of each distance from -LONGEST to LONGEST, as MPNet was trained with."""
    distance, side = torch.arange(-LONGEST, LONGEST + 1), DISTANCES // 2
    far = distance.abs()
    steps = torch.log(far.clamp_min(1) / NEAREST) / math.log(FURTHEST / NEAREST) * (side - NEAREST)
    kinds = torch.where(far < NEAREST, far, (NEAREST + steps.long()).clamp_max(side - 1))
    return kinds + torch.where(distance > 0, side, 0)


def _fill(part: nn.Module, base: Base, names: Sequence[str]) -> None:
    weight, bias = part.weight, part.bias
    assert isinstance(weight, Tensor)  # noqa: S101 - each part has both
    assert isinstance(bias, Tensor)  # noqa: S101
    weight.data = torch.cat([torch.tensor(base.numbers(f"{name}.w")) for name in names]).view(weight.shape)
    bias.data = torch.cat([torch.tensor(base.numbers(f"{name}.b")) for name in names])
