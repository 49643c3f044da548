"""`privacy-desk ask`: one question, or many."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, TextIO

import click

from bot.cli.loading import Shared, load_desk

if TYPE_CHECKING:
    from bot.desk import Desk


@click.command()
@click.argument("question", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the answer's stable JSON form.")
@click.option(
    "--jsonl",
    is_flag=True,
    help='Read lines {"id": ..., "text": ...} or bare text from standard input; write one JSON answer a line, '
    'in order. Lines with the same "thread" are one conversation.',
)
@click.option(
    "--explain", is_flag=True, help="Also show which words gave which fact, what lost, and which rules decided."
)
@click.pass_obj
def ask(shared: Shared, question: tuple[str, ...], *, as_json: bool, jsonl: bool, explain: bool) -> None:
    """Answer a QUESTION, in English or Japanese.

    Without QUESTION the text is read from standard input.
    """
    desk = load_desk(shared)
    if jsonl:
        for line in answers(desk, _piped()):
            click.echo(line)
        return
    text = " ".join(question) if question else _piped().read()
    answer, reading = desk.explain(text)
    if as_json:
        click.echo(answer.model_dump_json(indent=2))
    else:
        from bot.answers.terminal import as_text  # noqa: PLC0415

        click.echo(as_text(answer, desk.pack), nl=False)
    if explain:
        from bot.answers.terminal import explanation  # noqa: PLC0415

        click.echo("\n" + explanation(answer, reading), nl=False, err=as_json)


def _piped() -> TextIO:
    """Standard input as UTF-8; what is no UTF-8 is read as replacement marks rather than refused."""
    return TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")


def answers(desk: Desk, lines: Iterable[str]) -> Iterator[str]:
    """One JSON answer for each line, in order. A line that is no JSON object is taken as the question itself."""
    from bot.desk import Threads  # noqa: PLC0415

    threads = Threads(desk)
    for line in lines:
        if not line.strip():
            continue
        question = _question(line.rstrip("\n"))
        thread, answer_id = (None if question.get(key) is None else str(question[key]) for key in ("thread", "id"))
        yield threads.ask(str(question["text"]), thread, answer_id)[0].model_dump_json()


def _question(line: str) -> dict[str, Any]:
    try:
        read = json.loads(line)
    except ValueError:
        return {"text": line}
    return read if isinstance(read, dict) and "text" in read else {"text": line}
