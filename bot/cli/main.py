"""`privacy-desk`: the group of commands and what they share."""

import click

from bot.cli import ask, chat, doctor, evaluate, packs, precedents, purge, serve, tickets
from bot.cli.loading import Shared, written


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="privacy-desk")
@click.option(
    "--pack",
    envvar="PRIVACY_DESK_PACK",
    default=lambda: written("PRIVACY_DESK_PACK", "atrustia"),
    show_default="atrustia",
    help="The policy to answer from: the name of a pack that is shipped, or the path of its folder.",
)
@click.option(
    "--reader",
    envvar="PRIVACY_DESK_READER",
    type=click.Choice(["learned", "cues"]),
    default=lambda: written("PRIVACY_DESK_READER", "learned"),
    show_default="learned",
    help="How questions are read: with what was learned from written questions, or by the lexicon's cues alone.",
)
@click.pass_context
def main(context: click.Context, pack: str, reader: str) -> None:
    """Answer whether one may do something with personal information, with the clauses under it.

    Try: privacy-desk ask "can I share applicant data with an event co-host?"
    """
    context.obj = Shared(pack, reader)


for command in (
    ask.ask,
    chat.chat,
    doctor.doctor,
    evaluate.evaluate,
    packs.policy,
    packs.check,
    packs.schema,
    packs.train,
    serve.serve,
    tickets.tickets,
    precedents.precedents,
    purge.purge,
):
    main.add_command(command)
