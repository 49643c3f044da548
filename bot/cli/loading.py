"""Loading for commands: a fault in a pack becomes one clear line, not a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.desk import Desk
    from knowledge import Pack


def load_pack_or_fail(name: str) -> Pack:
    """The pack of that name or path. Ends the command with its error where it cannot be loaded."""
    from knowledge import PackError, load_pack  # noqa: PLC0415

    try:
        return load_pack(name)
    except PackError as error:
        raise click.ClickException(str(error)) from error


def load_desk(name: str, *, cues_alone: bool) -> Desk:
    """The desk of a pack. Ends the command with its error where it cannot be loaded."""
    from bot.desk import Desk  # noqa: PLC0415
    from intents import load_understanding  # noqa: PLC0415
    from knowledge import PackError  # noqa: PLC0415

    pack = load_pack_or_fail(name)
    try:
        return Desk(pack, load_understanding(pack, cues_alone=cues_alone))
    except PackError as error:
        raise click.ClickException(str(error)) from error
