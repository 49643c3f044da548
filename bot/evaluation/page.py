"""The evaluation as one page of HTML, with the curve and the confusion table as pictures. It loads nothing."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.evaluation.report import SHORT, confusion
from bot.evaluation.scoring import Judged, curve, figures, groups
from knowledge import Verdict

TEMPLATES = Path(__file__).parent / "templates"
LOWEST = 0.5
"""Accuracy at the foot of the curve's picture."""


def page(judged: Sequence[Judged], title: str) -> str:
    """The page. What people wrote is shown as text, never as markup."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    counted = confusion(judged)
    rows = [[counted[(wanted, given)] for given in Verdict] for wanted in Verdict]
    return environment.get_template("evaluation.html.j2").render(
        title=title,
        groups=[*((name, figures(some)) for name, some in groups(judged).items()), ("all", figures(judged))],
        names=[SHORT.get(verdict, verdict.value) for verdict in Verdict],
        rows=[(row, max(sum(row), 1)) for row in rows],
        curve=[(confidence, share, max(accuracy, LOWEST)) for confidence, share, accuracy in curve(judged)],
        lowest=LOWEST,
        wrong=[one for one in judged if not (one.right and one.cited) or one.unsafe],
    )
