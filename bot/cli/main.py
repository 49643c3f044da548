"""`privacy-desk`: the group of commands and what they share."""

from pathlib import Path

import click

from bot.cli import ask, chat, packs, serve


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="privacy-desk")
@click.option(
    "--pack",
    envvar="PRIVACY_DESK_PACK",
    default="atrustia",
    show_default=True,
    help="The policy to answer from: the name of a pack that is shipped, or the path of its folder.",
)
@click.option(
    "--reader",
    envvar="PRIVACY_DESK_READER",
    type=click.Choice(["learned", "cues"]),
    default="learned",
    show_default=True,
    help="How questions are read: with what was learned from written questions, or by the lexicon's cues alone.",
)
@click.pass_context
def main(context: click.Context, pack: str, reader: str) -> None:
    """Answer whether one may do something with personal information, with the clauses under it.

    Try: privacy-desk ask "can I share applicant data with an event co-host?"
    """
    context.obj = Shared(pack, cues_alone=reader == "cues")


class Shared:
    """What the commands share: which pack, and how to read."""

    def __init__(self, pack: str | Path, *, cues_alone: bool) -> None:
        """Keep the options; load nothing yet."""
        self.pack, self.cues_alone = pack, cues_alone


for command in (ask.ask, chat.chat, packs.policy, packs.check, packs.schema, packs.train, serve.serve):
    main.add_command(command)
