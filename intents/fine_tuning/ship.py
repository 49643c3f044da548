"""Writing a tuned reader so that it runs without torch: an ONNX file in 8 bits, and the words packed in 4."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions
from onnxruntime.quantization import QuantType, quantize_dynamic

from intents.fine_tuning.network import Reader
from intents.fine_tuning.smooth import even_out
from intents.sentence_model import MODEL, WORDS, Vocabulary, tokens_of

EXAMPLE_TOKENS, EXAMPLES = 12, 200


def ship(
    reader: Reader, vocabulary: Vocabulary, heads: Mapping[str, Sequence[str]], folder: Path, texts: Sequence[str]
) -> None:
    """Write the model, its words and the labels of its heads into a folder.

    `texts`: questions that it was tuned on, to see how large its numbers become.
    """
    examples = texts[:: max(1, len(texts) // EXAMPLES)]
    even_out(reader, (torch.tensor(vocabulary.vectors(tokens_of(vocabulary, text)))[None] for text in examples))
    folder.mkdir(exist_ok=True)
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
    small = folder / "small.onnx"
    quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True)
    _simplify(small, folder / MODEL)
    whole.unlink()
    small.unlink()


def _simplify(path: Path, to: Path) -> None:
    """Join operations once and for all, so that loading has nothing left to do."""
    options = SessionOptions()
    options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(to)
    InferenceSession(path, options, providers=["CPUExecutionProvider"])
