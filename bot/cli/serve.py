"""`privacy-desk serve`: the Slack app."""

import click

from bot.cli.loading import Shared, load_desk, load_settings_or_fail, open_database


@click.command()
@click.pass_obj
def serve(shared: Shared) -> None:
    """Serve Slack over Socket Mode or HTTP, by the settings of the environment or .env.

    Without Slack settings this opens the conversation in the terminal.
    """
    settings = load_settings_or_fail(shared)
    if settings.mode == "terminal":
        from bot.cli.chat import talk  # noqa: PLC0415

        talk(shared, settings)
        return
    from bot.app import build_app  # noqa: PLC0415
    from bot.catch_up import CatchUp, last_heard  # noqa: PLC0415
    from bot.health import Health  # noqa: PLC0415
    from bot.logs import set_up_logs  # noqa: PLC0415
    from bot.sending.calls import sending_client  # noqa: PLC0415
    from bot.server import serve_http, serve_socket  # noqa: PLC0415
    from bot.settings import SettingsError  # noqa: PLC0415

    set_up_logs()
    database = open_database(settings)
    desk = load_desk(shared)
    app, worker = build_app(settings, database, desk)
    catch_up, gap = CatchUp(database, sending_client(settings)), last_heard(database)
    worker.start()
    catch_up.begin(gap)
    try:
        (serve_socket if settings.mode == "socket" else serve_http)(
            app, settings, Health(database, worker.working), catch_up
        )
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    finally:
        worker.stop()
        database.close()
