"""Making an encoder fit for 8 bits: what is large is evened out beforehand.

A few of the numbers that go into a layer are many times larger than all others, and 8 bits for all leave the others
next to nothing. So what goes in is divided, number by number, and the weights that meet it are multiplied instead:
the result is the same (SmoothQuant; Xiao et al., 2023).
"""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from intents.fine_tuning.network import Reader

SHARE = 0.75
"""How much of what is large goes over to the weights. With half of it eight questions in a hundred more were misread,
with nothing evened out four."""
LEAST, MOST = 1e-3, 1e3


class Evened(nn.Module):
    """A linear layer whose input is scaled first, and whose weights make up for it."""

    def __init__(self, layer: nn.Linear, largest: Tensor) -> None:
        """Take the layer, and how large each number of its input becomes."""
        super().__init__()
        weights = layer.weight.data.abs().amax(0).clamp_min(LEAST)
        scale = (largest.clamp_min(LEAST) ** SHARE / weights ** (1 - SHARE)).clamp(LEAST, MOST)
        layer.weight.data *= scale
        self.layer = layer
        self.register_buffer("scale", 1 / scale)

    def forward(self, states: Tensor) -> Tensor:
        """The same as the layer alone."""
        result: Tensor = self.layer(states * self.scale)
        return result


def even_out(reader: Reader, examples: Iterable[Tensor]) -> None:
    """Even out all layers of the encoder, by the word vectors of some questions (one, tokens, width)."""
    layers = {name: part for name, part in reader.encoder.named_modules() if isinstance(part, nn.Linear)}
    largest = {name: torch.zeros(layer.in_features) for name, layer in layers.items()}
    hooks = [layer.register_forward_pre_hook(_noting(largest, name)) for name, layer in layers.items()]
    with torch.no_grad():
        for words in examples:
            reader(words)
    for hook in hooks:
        hook.remove()
    for name, layer in layers.items():
        above, _, own = name.rpartition(".")
        setattr(reader.encoder.get_submodule(above), own, Evened(layer, largest[name]))


def _noting(largest: dict[str, Tensor], name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
    def note(_layer: nn.Module, given: tuple[Tensor, ...]) -> None:
        largest[name] = torch.maximum(largest[name], given[0].abs().flatten(0, -2).amax(0))

    return note
