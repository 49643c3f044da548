"""Commands about a pack: its text, its proof, its schemas, what is learned for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.loading import load_pack_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intents.questions import WrittenQuestion
    from knowledge.policy import Clause


MODELS = ("multilingual", "english")
"""The sentence models, as `intents.sentence_model` names them: written here too so that a command starts at once."""


@click.command()
@click.argument("clause", required=False)
@click.pass_context
def policy(context: click.Context, clause: str | None) -> None:
    """Print the policy's text, or that of one CLAUSE such as 6(1)(i) with all below it."""
    from bot.answers.templating import wrap  # noqa: PLC0415

    text = load_pack_or_fail(context.obj.pack).policy
    if clause and clause not in text.clauses:
        sections = f"{text.sections[0].id} to {text.sections[-1].id}"
        raise click.ClickException(f"the policy has no clause '{clause}'; its sections are {sections}")
    if not clause:
        click.echo(f"{text.company}  {text.title}  (last modified {text.last_modified.isoformat()})\n")
        click.echo(wrap(text.preamble) + "\n")
    for section in [text.clauses[clause]] if clause else text.sections:
        for depth, one in _nested(section):
            click.echo(" " * 2 * depth + f"{one.id}  {one.title}".rstrip())
            if one.text:
                click.echo(wrap(one.text, 2 * depth + 2))
        click.echo()


def _nested(clause: Clause, depth: int = 0) -> Iterator[tuple[int, Clause]]:
    """A clause and all below it, each with how deep it lies."""
    yield depth, clause
    for one in clause.clauses:
        yield from _nested(one, depth + 1)


@click.command()
@click.argument("pack", required=False)
@click.pass_context
def check(context: click.Context, pack: str | None) -> None:
    """Load PACK (a name or a folder) and prove its properties by enumeration.

    Exits with 1 and a counterexample when one fails.
    """
    from intents.lexicon import load_lexicon  # noqa: PLC0415
    from intents.lexicon_check import lexicon_proofs  # noqa: PLC0415
    from intents.questions import question_proofs  # noqa: PLC0415
    from knowledge import PackError  # noqa: PLC0415
    from knowledge.check import check_pack  # noqa: PLC0415

    name = pack or context.obj.pack
    try:
        loaded = load_pack_or_fail(name)
        report = check_pack(name, [*lexicon_proofs(load_lexicon(loaded)), *question_proofs(loaded)])
    except PackError as error:
        raise click.ClickException(str(error)) from error
    for line in report.lines():
        click.echo(line)
    if not report.ok:
        context.exit(1)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("schema"))
def schema(folder: Path) -> None:
    """Write a JSON Schema for each file of a pack into FOLDER, for editors."""
    from knowledge.schema import SCHEMAS, schema_text  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    for name in SCHEMAS:
        path = folder / f"{name}.schema.json"
        path.write_text(schema_text(name), encoding="utf-8")
        click.echo(path)


@click.command()
@click.option(
    "--tune",
    "models",
    type=click.Choice(MODELS),
    multiple=True,
    help="Also tune this sentence model: up to an hour on two cores, with the packages of the extra `train`.",
)
@click.pass_context
def train(context: click.Context, *, models: tuple[str, ...]) -> None:
    """Learn again from the written questions of the pack, and write what was learned into its folder."""
    from intents.calibrate import measured_confidence  # noqa: PLC0415
    from intents.confidence import save_confidence  # noqa: PLC0415
    from intents.questions import QUESTIONS, disagreements, read_questions  # noqa: PLC0415
    from intents.train import save  # noqa: PLC0415
    from intents.train import train as learn  # noqa: PLC0415
    from knowledge import PackError  # noqa: PLC0415

    pack = load_pack_or_fail(context.obj.pack)
    path = pack.path / QUESTIONS
    if not path.exists():
        raise click.ClickException(f"{path} is missing: without written questions there is nothing to learn from")
    try:
        questions = read_questions(path)
    except PackError as error:
        raise click.ClickException(str(error)) from error
    for number, fault in disagreements(pack, questions):
        click.echo(f"{path}:{number}: {fault}", err=True)
    click.echo(f"{len(questions)} questions")
    for model in models:
        _fine_tune(model, questions, path.parent)
    measured = measured_confidence(pack, questions)
    if measured:
        click.echo(save_confidence(*measured, pack.path))
    click.echo(save(learn(questions), pack.path))


def _fine_tune(model: str, questions: list[WrittenQuestion], folder: Path) -> None:
    """Tune a sentence model on the questions in its language that are not kept, and write it below the folder."""
    from intents.language import language_of  # noqa: PLC0415
    from intents.sentence_model import ENGLISH  # noqa: PLC0415
    from intents.train import labels_of  # noqa: PLC0415

    try:
        from intents.fine_tuning import english, fine_tune, multilingual, ship  # noqa: PLC0415

        start = english() if model == ENGLISH else multilingual()
    except ImportError as error:
        raise click.ClickException(f"{error.name} is missing: see the extra `train` of this project") from error
    heads = labels_of(questions)
    shown = [one for one in questions if model not in one.kept and (model != ENGLISH or language_of(one.text) == "en")]
    wanted = [{head: question.label(head) for head in heads} for question in shown]
    texts = [question.text for question in shown]
    reader = fine_tune(start, texts, wanted, heads, click.echo)
    ship(reader, start.vocabulary, heads, folder / ENGLISH if model == ENGLISH else folder, texts)
