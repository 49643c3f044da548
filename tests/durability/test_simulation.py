"""Ten thousand events against a Slack that misbehaves: what must hold after each run, whatever happened in it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from simulation import Simulation, quick_folder, waiting_rows
from sqlmodel import col, select

from bot.desk import Desk
from bot.store.database import Database
from bot.store.tables import AnswerRow, Inbound, Outbound, Ticket, TicketEvent
from bot.tickets import history

SEEDS, EVENTS = range(40), 250
OF_THE_DESK = "privacy_desk_message"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[str]:
    with TemporaryDirectory(dir=quick_folder(str(tmp_path))) as name:
        yield name


@pytest.fixture(params=SEEDS)
def ran(request: pytest.FixtureRequest, folder: str, quick_desk: Desk) -> Iterator[Simulation]:
    simulation = Simulation(request.param, EVENTS, f"sqlite:///{folder}/desk.db", quick_desk)
    simulation.run()
    yield simulation
    simulation.database.close()


def test_nothing_is_lost_nothing_is_twice(ran: Simulation) -> None:
    assert ran.deaths > 0
    assert waiting_rows(ran.database) == []
    everything_is_handled_once(ran)
    every_message_is_in_slack_once(ran)
    threads_keep_their_order(ran)
    tickets_are_whole(ran.database)
    what_cannot_be_sent_is_said(ran)


def everything_is_handled_once(ran: Simulation) -> None:
    with ran.database.transaction() as session:
        inbound = session.exec(select(Inbound)).all()
        assert [row.id for row in inbound if row.handled_at is None] == []
        told = {key for body in ran.told for key in (body.get("trigger_id"), body.get("event", {}).get("ts")) if key}
        assert len(inbound) == len(told), "one thing that somebody did is one thing accepted"
        answered = Counter(row.inbound_id for row in session.exec(select(AnswerRow)))
        addressed = {row.id for row in inbound if row.payload["addressed"]}
        under_cards = Counter(row.inbound_id for row in session.exec(select(Outbound)) if row.thread_of)
    assert {row for row in addressed if answered[row] > 1} == set()
    assert {row for row in addressed if answered[row] == 0 and under_cards[row] != 1} == set(), "told to a ticket"


def every_message_is_in_slack_once(ran: Simulation) -> None:
    in_slack = Counter(ran.slack.answers())
    with ran.database.transaction() as session:
        rows = session.exec(select(Outbound).where(Outbound.method == "chat.postMessage")).all()
    assert {row.name: in_slack[row.name] for row in rows if row.sent_at and in_slack[row.name] != 1} == {}
    assert {row.name for row in rows if row.given_up and in_slack[row.name] > 0} == set()
    assert set(in_slack) <= {row.name for row in rows}
    by_ts = {message["ts"]: message for message in ran.slack.posted}
    assert [row.name for row in rows if row.sent_at and row.ts not in by_ts] == []


def threads_keep_their_order(ran: Simulation) -> None:
    with ran.database.transaction() as session:
        order = {row.name: row.id or 0 for row in session.exec(select(Outbound))}
    for place in {message.get("channel") for message in ran.slack.posted if message.get("metadata")}:
        names = [message["metadata"]["event_payload"]["id"] for message in ran.slack.posted
                 if message.get("metadata") and message.get("channel") == place]  # fmt: skip
        assert [order[name] for name in names] == sorted(order[name] for name in names), place


def tickets_are_whole(database: Database) -> None:
    with database.transaction() as session:
        tickets = session.exec(select(Ticket).order_by(col(Ticket.number))).all()
        opened = Counter(step.ticket_id for step in session.exec(select(TicketEvent)) if step.kind == "opened")
        cards = [row for row in session.exec(select(Outbound)) if row.name.startswith("card.")]
        assert history.verify(session).fault is None
    assert [ticket.number for ticket in tickets] == list(range(1, len(tickets) + 1))
    assert opened == Counter(ticket.id for ticket in tickets)
    assert sorted(card.name for card in cards) == sorted(f"card.{ticket.id}.0" for ticket in tickets)


def what_cannot_be_sent_is_said(ran: Simulation) -> None:
    with ran.database.transaction() as session:
        given_up = [row for row in session.exec(select(Outbound)) if row.given_up]
        alerts = [row for row in session.exec(select(Outbound)) if row.name.startswith("alert.")]
    assert {row.destination for row in given_up} <= ran.archived
    assert bool(alerts) == bool(given_up)
    assert all(alert.sent_at for alert in alerts)


def test_a_seed_is_one_run(folder: str, quick_desk: Desk) -> None:
    runs = [Simulation(7, 60, f"sqlite:///{folder}/{name}.db", quick_desk) for name in ("one", "two")]
    for run in runs:
        run.run()
    first, second = (
        [(method, body.get("metadata"), body.get("channel")) for method, body in run.slack.calls] for run in runs
    )
    assert first == second
    assert runs[0].deaths == runs[1].deaths
