"""Learning from a pack's written questions: one solved system of equations, no chance, no network."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intents.features import BUCKETS, counts, unit
from intents.kernel import Support
from intents.learned import ROOT, WEIGHTS, Head, LearnedReader
from intents.normalise import normalise
from intents.questions import CLAUSE, VERDICT, WrittenQuestion

RIDGE = 0.3
FEWEST_SEEN, MOST_SEEN = 2, 0.1
"""A run of letters counts where at least two questions have it, and at most this share of them."""
FEWEST = 5
"""A fact that fewer written questions mention is left to the cues."""


def train(questions: Sequence[WrittenQuestion]) -> LearnedReader:
    """A reader that learned from these questions, without a sentence model."""
    texts = [normalise(question.text).text for question in questions]
    support = _support(texts)
    likeness = np.stack([support.likeness(support.question(text)) for text in texts]).astype(np.float64)
    heads, columns, means, first = {}, [], [], 0
    for name in (ROOT, VERDICT, CLAUSE, *_facts(questions)):
        when = _relevance(name, questions)
        rows = [row for row, one in enumerate(questions) if Head((), 0, when).relevant({**one.facts, ROOT: one.root})]
        labels = sorted({questions[row].label(name) for row in rows})
        if len(rows) < FEWEST or len(labels) < 2:
            continue
        weights, mean = _solve(likeness, rows, [labels.index(questions[row].label(name)) for row in rows], len(labels))
        heads[name] = Head(tuple(labels), first, when)
        columns.append(weights)
        means.append(mean)
        first += len(labels)
    weighed, middle = np.hstack(columns).astype(np.float32), np.hstack(means).astype(np.float32)
    return LearnedReader(support, weighed, middle, heads)


def labels_of(questions: Sequence[WrittenQuestion]) -> dict[str, tuple[str, ...]]:
    """Every head with its labels, in order: what the sentence model learns to say."""
    names = (ROOT, VERDICT, CLAUSE, *_facts(questions))
    return {name: tuple(sorted({question.label(name) for question in questions})) for name in names}


def save(reader: LearnedReader, pack_folder: Path) -> Path:
    """Write a reader's weights beside the questions that it learned from; gives the path."""
    path = pack_folder / WEIGHTS
    heads = {
        name: {"labels": head.labels, "first": head.first, "when": {f: sorted(v) for f, v in head.when.items()}}
        for name, head in reader.heads.items()
    }
    support = reader.support
    np.savez(
        path,
        heads=np.frombuffer(json.dumps(heads).encode(), dtype=np.uint8),
        starts=support.starts,
        rows=support.rows,
        values=support.values,
        idf=support.idf.astype(np.float16),
        weights=reader.weights.astype(np.float16),
        means=reader.means,
    )
    return path


def _facts(questions: Sequence[WrittenQuestion]) -> list[str]:
    return sorted({fact for question in questions for fact in question.facts} - {ROOT})


def _relevance(fact: str, questions: Sequence[WrittenQuestion]) -> dict[str, frozenset[str]]:
    """The acts, and for sharing the recipients, beside which a fact is ever mentioned."""
    if fact in (ROOT, VERDICT, CLAUSE):
        return {}
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    mentioned = [question.facts for question in questions if fact in question.facts]
    for facts in mentioned:
        for beside in (ROOT, "recipient"):
            if beside != fact and facts.get(beside):
                seen[beside][str(facts[beside])] += 1
    return {
        beside: frozenset(values)
        for beside, values in seen.items()
        if beside == ROOT or (len(values) == 1 and values.total() == len(mentioned))
    }


def _solve(
    likeness: NDArray[np.float64], rows: list[int], answers: list[int], labels: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ridge regression on the indicator of each label. Gives weights (all questions x labels) and the means."""
    wanted = np.zeros((len(rows), labels))
    wanted[np.arange(len(rows)), answers] = 1.0
    mean = wanted.mean(0)
    among = likeness[np.ix_(rows, rows)] + RIDGE * np.eye(len(rows))
    weights = np.zeros((len(likeness), labels))
    weights[rows] = np.linalg.solve(among, wanted - mean)
    return weights, mean


def _support(texts: Sequence[str]) -> Support:
    counted = [counts(text) for text in texts]
    seen_in = np.bincount(np.concatenate([places for places, _ in counted]), minlength=BUCKETS)
    telling_at_all = (seen_in >= FEWEST_SEEN) & (seen_in <= MOST_SEEN * len(texts))
    idf = np.where(telling_at_all, np.log((1 + len(texts)) / (1 + seen_in)) + 1, 0)
    idf = idf.astype(np.float16).astype(np.float32)
    columns, rows, values = [], [], []
    for row, (places, times) in enumerate(counted):
        telling = idf[places] > 0
        columns.append(places[telling])
        values.append(unit(places[telling], times[telling] * idf[places[telling]]))
        rows.append(np.full(int(telling.sum()), row, dtype=np.uint16))
    places = np.concatenate(columns)
    order = np.argsort(places, kind="stable")
    return Support(
        starts=np.searchsorted(places[order], np.arange(BUCKETS + 1)).astype(np.int32),
        rows=np.concatenate(rows)[order],
        values=np.concatenate(values)[order].astype(np.float16),
        idf=idf,
        size=len(texts),
    )
