"""The learned reader: how likely each value of each fact is, judged by what was learned from written questions.

What it says are scores between readings, never a fact on its own: `intents.fuse` weighs them with the cues, and a
value that turns a verdict towards yes also needs words that say so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from intents.kernel import Floats, Support
from intents.normalise import Message
from intents.questions import ACT, VERDICT
from intents.sentence_model import ENGLISH, MULTILINGUAL, Models, load_models, log_probabilities

ROOT = ACT
BY_LETTERS, BY_MEANING = f"{VERDICT} by letters", f"{VERDICT} by meaning"
WEIGHTS = Path("learned") / "weights.npz"
TEMPERATURE = 0.25
SHARES = {ENGLISH: 0.65, MULTILINGUAL: 0.5}
"""How much of a judgement is that of a sentence model, beside the letters. Chosen on authors that were held back."""
FLOOR = -9.0

NO_MODELS = Models({})
Scores = Mapping[str, Mapping[str, float]]
"""Head to label to log probability.

A head is a fact, the first clause cited, or the verdict: by both readers together, and by each alone.
"""


@dataclass(frozen=True)
class Head:
    """One thing that is learned: its labels, their columns in the weights, and the facts that make it relevant.

    `when` maps a fact to the values beside which this one is ever mentioned.
    """

    labels: tuple[str, ...]
    first: int
    when: Mapping[str, frozenset[str]]

    def relevant(self, facts: Mapping[str, str | None]) -> bool:
        """Whether a message with these facts may mention this one."""
        return all(facts.get(fact) in values for fact, values in self.when.items())


class LearnedReader:
    """Reads by likeness to the written questions of a pack, and by the sentence model where the pack has one."""

    def __init__(
        self,
        support: Support,
        weights: Floats,
        means: Floats,
        heads: Mapping[str, Head],
        models: Models = NO_MODELS,
    ) -> None:
        """Take the support, the weights (written questions x labels), the mean of each label, the heads, the models."""
        self.support, self.weights, self.means = support, weights, means
        self.heads, self._models = heads, models

    def beside(self, models: Models) -> "LearnedReader":
        """The same letters with these sentence models."""
        return LearnedReader(self.support, self.weights, self.means, self.heads, models)

    def scores(self, message: Message) -> Scores:
        """The log probability of each label of each head."""
        raw = self.support.likeness(self.support.question(message.text)) @ self.weights + self.means
        by_letters = {name: _by_letters(head, raw) for name, head in self.heads.items()}
        name = self._models.name_for(message.text)
        model, share = self._models.known.get(name), SHARES[name]
        if model is None:
            return {**by_letters, BY_LETTERS: by_letters[VERDICT], BY_MEANING: by_letters[VERDICT]}
        by_meaning = model.scores(message.original)
        mixed = {head: _mixed(by_meaning.get(head, {}), share, scores) for head, scores in by_letters.items()}
        return {**mixed, BY_LETTERS: by_letters[VERDICT], BY_MEANING: by_meaning[VERDICT]}


def _by_letters(head: Head, raw: Floats) -> dict[str, float]:
    scores = raw[head.first : head.first + len(head.labels)] / TEMPERATURE
    return {label: max(FLOOR, fit) for label, fit in log_probabilities(head.labels, scores).items()}


def _mixed(by_meaning: Mapping[str, float], share: float, by_letters: Mapping[str, float]) -> Mapping[str, float]:
    """Two judgements of one head as one: a weighted sum of their log probabilities."""
    if not by_meaning:
        return by_letters
    return {
        label: max(FLOOR, share * max(fit, FLOOR) + (1 - share) * by_letters.get(label, FLOOR))
        for label, fit in by_meaning.items()
    }


def load_learned(pack_folder: Path) -> LearnedReader | None:
    """The learned reader of a pack, or None where the pack was never trained."""
    path = pack_folder / WEIGHTS
    if not path.exists():
        return None
    with np.load(path) as data:
        described = json.loads(bytes(data["heads"]).decode())
        support = Support(
            starts=data["starts"],
            rows=data["rows"],
            values=data["values"],
            idf=data["idf"].astype(np.float32),
            size=len(data["weights"]),
        )
        weights, means = data["weights"].astype(np.float32), data["means"]
    heads = {
        name: Head(tuple(head["labels"]), head["first"], {f: frozenset(v) for f, v in head["when"].items()})
        for name, head in described.items()
    }
    return LearnedReader(support, weights, means, heads, load_models(path.parent))
