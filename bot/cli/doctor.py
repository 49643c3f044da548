"""`privacy-desk doctor`: is everything in order, and if not, what to do."""

import click

from bot.cli.loading import Shared, load_settings_or_fail


@click.command()
@click.pass_obj
def doctor(shared: Shared) -> None:
    """Look over settings, policy, database, tokens, scopes and channels, and say what to do about what is wrong.

    Changes nothing. Ends with status 1 where something is wrong.
    """
    settings = load_settings_or_fail(shared)
    from bot.doctor import look_over  # noqa: PLC0415

    wrong = 0
    for found in look_over(settings):
        click.echo(f"{'well ' if found.advice is None else 'WRONG'}  {found.what}")
        if found.advice:
            wrong += 1
            click.echo(f"       {found.advice}")
    if wrong:
        raise SystemExit(1)
