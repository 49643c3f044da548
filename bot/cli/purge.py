"""`privacy-desk purge`: removing texts whose time is over."""

from collections import Counter

import click

from bot.cli.loading import Shared, load_desk, load_settings_or_fail, open_database


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.pass_obj
def purge(shared: Shared, *, dry_run: bool) -> None:
    """Remove the texts whose time is over, and keep the record that something was handled.

    How long each kind is kept is said by the settings PRIVACY_DESK_KEEP_... . The desk does this daily by itself.
    """
    from bot.handling.purging import purge_some  # noqa: PLC0415
    from bot.handling.work import Office  # noqa: PLC0415
    from bot.store.tables import now  # noqa: PLC0415
    from bot.tickets.clocks import Clocks  # noqa: PLC0415
    from bot.tickets.retention import due  # noqa: PLC0415

    settings = load_settings_or_fail(shared)
    database = open_database(settings)
    removed = Counter[str]()
    if dry_run:
        with database.reading() as session:
            removed.update(due(session, settings, now()))
    else:
        office, at = Office(load_desk(Shared(shared.pack, "cues")), settings, Clocks.of(settings)), now()
        more = True
        while more:
            with database.transaction() as session:
                done = purge_some(session, office, at)
            removed.update({name: len(ids) for name, ids in done.items()})
            more = bool(done)
    database.close()
    told = ", ".join(f"{count} {name}" for name, count in removed.items() if count) or "nothing"
    click.echo(f"{'would be purged' if dry_run else 'purged'}: {told}")
