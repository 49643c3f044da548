"""How sure a reading is: the probability that its verdict is right, as measured on written questions.

Three signs tell: how far the best set of facts is ahead of the best one with another verdict, and how likely each
reader alone finds this verdict. A logistic curve over them, fitted on questions that the sentence model had not
learned from, gives the probability.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import NamedTuple

import numpy as np

FILE = Path("learned") / "confidence.json"
FURTHEST = 30.0
"""The lead where no other verdict is possible; a greater one counts no more."""
STEPS, STIFFNESS = 30, 1.0


class Signs(NamedTuple):
    """What tells of one reading: its lead, and the log probability of its verdict by each reader alone."""

    lead: float
    by_letters: float = 0.0
    by_meaning: float = 0.0


ROUGHLY = Signs(lead=0.15)
"""How much each sign counts where nobody has measured it."""


@dataclass(frozen=True)
class Confidence:
    """A logistic curve: how much each sign counts, and where it begins."""

    weights: Signs = ROUGHLY
    bias: float = 0.5

    def of(self, signs: Signs) -> float:
        """The probability that a reading with these signs is right."""
        return 1 / (1 + exp(-self.bias - sum(w * sign for w, sign in zip(self.weights, signs, strict=True))))


def fit(signs: Sequence[Signs], right: Sequence[bool]) -> Confidence:
    """The curve that fits best, by Newton's method, held back a little so that few questions do not mislead it."""
    seen = np.column_stack([np.array(signs), np.ones(len(signs))])
    held = STIFFNESS * np.array([1.0, 1.0, 1.0, 0.0])
    weights = np.zeros(seen.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (np.array(right) - likely) - held * weights
        bend = (seen.T * (likely * (1 - likely))) @ seen + np.diag(held)
        weights += np.linalg.solve(bend, slope)
    return Confidence(Signs(*(round(float(one), 4) for one in weights[:-1])), round(float(weights[-1]), 4))


def load_confidence(pack_folder: Path) -> Confidence:
    """The curve measured for a pack; a rough one where none was."""
    path = pack_folder / FILE
    if not path.exists():
        return Confidence()
    data = json.loads(path.read_text(encoding="utf-8"))
    return Confidence(Signs(**data["weights"]), data["bias"])


def save_confidence(confidence: Confidence, measured_on: int, pack_folder: Path) -> Path:
    """Write the curve beside the questions that it was measured on; gives the path."""
    path = pack_folder / FILE
    data = {"weights": confidence.weights._asdict(), "bias": confidence.bias, "measured_on_questions": measured_on}
    path.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")
    return path
