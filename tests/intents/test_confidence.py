"""Confidence is measured: among readings with a confidence of 0.8, eight in ten are right."""

import random
from pathlib import Path

import pytest

from intents.confidence import Confidence, Signs, fit, load_confidence, save_confidence
from knowledge import Pack


def readings(count: int, truth: Confidence) -> tuple[list[Signs], list[bool]]:
    """Readings whose verdict is right as often as `truth` says."""
    chance = random.Random(3)
    signs = [Signs(chance.uniform(0, 30), chance.uniform(-9, 0), chance.uniform(-9, 0)) for _ in range(count)]
    return signs, [chance.random() < truth.of(one) for one in signs]


def test_the_confidence_is_the_share_that_is_right() -> None:
    signs, right = readings(4000, Confidence(Signs(0.1, 0.3, 0.5), bias=1.0))
    found = fit(signs, right)
    sure = [hit for one, hit in zip(signs, right, strict=True) if 0.7 < found.of(one) < 0.9]
    assert sum(sure) / len(sure) == pytest.approx(0.8, abs=0.04)


def test_a_sign_that_tells_nothing_counts_for_nothing() -> None:
    signs, right = readings(4000, Confidence(Signs(0.2, 0.0, 0.0), bias=-2.0))
    assert abs(fit(signs, right).weights.by_letters) < 0.05


def test_what_was_measured_is_kept_with_the_pack(tmp_path: Path) -> None:
    (tmp_path / "learned").mkdir()
    measured = Confidence(Signs(0.1, 0.2, 0.3), bias=0.4)
    save_confidence(measured, 500, tmp_path)
    assert load_confidence(tmp_path) == measured


def test_a_pack_without_a_measurement_has_a_rough_curve(tmp_path: Path) -> None:
    assert load_confidence(tmp_path) == Confidence()


def test_the_shipped_curve_was_measured(pack: Pack) -> None:
    assert load_confidence(pack.path) != Confidence()
