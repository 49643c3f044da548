"""`privacy-desk serve`: the Slack app."""

import logging

import click

from bot.cli.loading import load_desk


@click.command()
def serve() -> None:
    """Serve Slack over Socket Mode or HTTP, by the settings of the environment or .env.

    Without Slack settings this opens the conversation in the terminal.
    """
    from bot.settings import SettingsError, load_settings  # noqa: PLC0415

    try:
        settings = load_settings()
    except SettingsError as error:
        raise click.ClickException(f"the settings cannot be used:\n{error}") from error
    if settings.mode == "terminal":
        from bot.cli.chat import talk  # noqa: PLC0415

        talk(settings)
        return
    from bot.app import build_app  # noqa: PLC0415
    from bot.server import serve_http, serve_socket  # noqa: PLC0415
    from bot.store.database import Database, DatabaseError  # noqa: PLC0415

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        database = Database(settings.privacy_desk_database_url)
    except DatabaseError as error:
        raise click.ClickException(str(error)) from error
    desk = load_desk(settings.privacy_desk_pack, cues_alone=settings.privacy_desk_reader == "cues")
    app, worker = build_app(settings, database, desk)
    worker.start()
    try:
        (serve_socket if settings.mode == "socket" else serve_http)(app, settings)
    finally:
        worker.stop()
        database.close()
