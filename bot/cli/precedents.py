"""`privacy-desk precedents`: what managers kept to be shown again."""

import json

import click

from bot.cli.loading import Shared, load_settings_or_fail, open_database


@click.group()
def precedents() -> None:
    """List and withdraw precedents: answers of managers that are shown when the same question comes again."""


@precedents.command("list")
@click.option("--withdrawn", is_flag=True, help="Also those that were withdrawn.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(shared: Shared, *, withdrawn: bool, as_json: bool) -> None:
    """List precedents by the numbers of their tickets, the newest first."""
    from bot.handling.precedents import listed  # noqa: PLC0415

    database = open_database(load_settings_or_fail(shared))
    with database.reading() as session:
        for kept, number in listed(session, withdrawn=withdrawn):
            if as_json:
                shown = {"ticket": number, **kept.model_dump(mode="json", exclude={"id", "ticket_id", "facts_key"})}
                click.echo(json.dumps(shown, ensure_ascii=False))
                continue
            state = f"  withdrawn by {kept.withdrawn_by}" if kept.withdrawn_at else ""
            click.echo(f"#{number}  kept by {kept.approved_by}, policy of {kept.policy_version}{state}")
            click.echo(f"  Q: {' '.join(kept.question.split())}\n  A: {' '.join(kept.answer.split())}")
    database.close()


@precedents.command()
@click.argument("number", type=int)
@click.pass_obj
def withdraw(shared: Shared, number: int) -> None:
    """Withdraw the precedent that was kept with the ticket NUMBER: it is shown no more."""
    from bot.handling.precedents import withdraw as withdrawn  # noqa: PLC0415
    from bot.store.tables import now  # noqa: PLC0415

    database = open_database(load_settings_or_fail(shared))
    with database.transaction() as session:
        done = withdrawn(session, number, "terminal", now())
    database.close()
    if not done:
        raise click.ClickException(f"ticket #{number} has no precedent that could be withdrawn")
    click.echo(f"the precedent of #{number} is no longer shown")
