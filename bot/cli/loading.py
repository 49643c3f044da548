"""Loading for commands: a fault in a pack or a setting becomes one clear line, not a traceback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.settings import Settings
    from bot.store.database import Database
    from knowledge import Pack


@dataclass(frozen=True)
class Shared:
    """What the commands share: which pack, and how to read. Nothing is loaded yet."""

    pack: str
    reader: str


def written(setting: str, default: str) -> str:
    """What `.env` says of a setting, without loading all settings, so that a command starts at once."""
    from dotenv import dotenv_values  # noqa: PLC0415

    return dotenv_values(".env").get(setting) or default


def load_pack_or_fail(name: str) -> Pack:
    """The pack of that name or path. Ends the command with its error where it cannot be loaded."""
    from knowledge import PackError, load_pack  # noqa: PLC0415

    try:
        return load_pack(name)
    except PackError as error:
        raise click.ClickException(str(error)) from error


def load_desk(shared: Shared) -> Desk:
    """The desk of the pack. Ends the command with its error where it cannot be loaded."""
    from bot.desk import Desk  # noqa: PLC0415
    from intents import load_understanding  # noqa: PLC0415
    from knowledge import PackError  # noqa: PLC0415

    pack = load_pack_or_fail(shared.pack)
    try:
        return Desk(pack, load_understanding(pack, cues_alone=shared.reader == "cues"))
    except PackError as error:
        raise click.ClickException(str(error)) from error


def load_settings_or_fail(shared: Shared) -> Settings:
    """All settings. Ends the command with a line for each that is wrong."""
    from bot.settings import SettingsError, load_settings  # noqa: PLC0415

    try:
        return load_settings(privacy_desk_pack=shared.pack, privacy_desk_reader=shared.reader)
    except SettingsError as error:
        raise click.ClickException(f"the settings cannot be used:\n{error}") from error


def open_database(settings: Settings) -> Database:
    """The database, with its schema brought up to date. Ends the command with its error where it cannot be used."""
    from bot.store.database import Database, DatabaseError  # noqa: PLC0415

    try:
        return Database(settings.privacy_desk_database_url)
    except DatabaseError as error:
        raise click.ClickException(str(error)) from error
