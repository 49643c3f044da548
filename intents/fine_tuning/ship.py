"""Writing a tuned reader so that it runs without torch: an ONNX file in 8 bits, and the words packed in 4."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from intents.fine_tuning.network import Reader
from intents.sentence_model import MODEL, WORDS, Vocabulary

EXAMPLE_TOKENS = 12


def ship(reader: Reader, vocabulary: Vocabulary, heads: Mapping[str, Sequence[str]], folder: Path) -> None:
    """Write the model, its words and the labels of its heads into a folder."""
    np.savez(
        folder / WORDS,
        heads=np.frombuffer(
            json.dumps({head: list(labels) for head, labels in heads.items()}).encode(), dtype=np.uint8
        ),
        pieces=np.frombuffer("\n".join(vocabulary.pieces).encode(), dtype=np.uint8),
        likelihoods=vocabulary.likelihoods.astype(np.float32),
        packed=vocabulary.packed,
        scales=vocabulary.scales,
    )
    whole = folder / "whole.onnx"
    width = vocabulary.packed.shape[1] * 2
    torch.onnx.export(
        reader.eval(),
        (torch.zeros((1, EXAMPLE_TOKENS, width)),),
        str(whole),
        input_names=["words"],
        output_names=["scores"],
        dynamic_axes={"words": {1: "tokens"}},
        dynamo=False,
    )
    quantize_dynamic(whole, folder / MODEL, weight_type=QuantType.QInt8, per_channel=True)
    whole.unlink()
