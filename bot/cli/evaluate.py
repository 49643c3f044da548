"""`privacy-desk evaluate`: how right the answers to labelled questions are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.loading import Shared, load_desk

if TYPE_CHECKING:
    from bot.answers import Answer
    from bot.desk import Desk
    from bot.evaluation import Label
    from intents import Reading


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--wrong", is_flag=True, help="Also show each wrong answer with how its question was read.")
@click.option("--html", type=click.Path(path_type=Path), help="Also write a page with the figures as pictures.")
@click.pass_obj
def evaluate(shared: Shared, files: tuple[Path, ...], *, wrong: bool, html: Path | None) -> None:
    """Score the answers to the labelled questions of FILES.

    One JSON object a line: "id", "text", "verdict" (the best first, then others that are accepted), and if known
    "cites", "unsafe", "lang" and "thread".
    """
    from bot.evaluation.page import page  # noqa: PLC0415
    from bot.evaluation.report import report  # noqa: PLC0415
    from bot.evaluation.scoring import LabelError, judge, read_labels  # noqa: PLC0415

    try:
        labels = read_labels(files)
    except LabelError as error:
        raise click.ClickException(str(error)) from error
    if not labels:
        raise click.ClickException("there are no questions in these files")
    answers, readings = _answered(load_desk(shared), labels)
    judged = judge(labels, answers)
    for line in report(judged, readings, wrong=wrong):
        click.echo(line)
    if html:
        html.write_text(page(judged, f"Answers to {', '.join(path.name for path in files)}"), encoding="utf-8")
        click.echo(f"\n{html}")


def _answered(desk: Desk, labels: list[Label]) -> tuple[list[Answer], list[Reading]]:
    """The answer and the reading of each question; those of one thread as one conversation."""
    from bot.desk import Threads  # noqa: PLC0415

    threads = Threads(desk)
    given = [threads.ask(label.text, label.thread) for label in labels]
    return [answer for answer, _ in given], [conversation.reading for _, conversation in given]
