"""How long the desk's questions to the store take with very many tickets.

`make bench-tickets` measures with 100,000 and 1,000,000 tickets; `make bench-tickets TICKETS=20000` with as many as you
say. The databases are kept in `.cache`.
"""

import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlmodel import Session
from ticket_database import START, database_with

from bot.desk import Desk
from bot.handling.reminders import remind
from bot.handling.tickets import own_tickets
from bot.handling.work import Office
from bot.home import queries
from bot.settings import load_settings
from bot.store.database import Database
from bot.tickets.clocks import Clocks
from bot.tickets.export import json_line
from bot.tickets.history import verify
from bot.tickets.records import whole_tickets
from bot.tickets.retention import due
from intents import load_understanding
from knowledge import load_pack

FOLDER = Path(".cache")
REPEATS, PAGE = 7, 11
TEAM = "T1"
QUESTION = "I want to see the data that the company holds about me"
Ask = Callable[[Session], Any]


def main() -> None:
    """Print the table."""
    pack = load_pack("atrustia")
    desk = Desk(pack, load_understanding(pack, cues_alone=True))
    settings = load_settings(None, privacy_desk_manager_channel="CMANAGERS")
    office = Office(desk, settings, Clocks.of(settings))
    FOLDER.mkdir(exist_ok=True)
    form = desk.ask(QUESTION)[0].model_dump(mode="json")
    for count in [int(text) for text in sys.argv[1:]] or [100_000, 1_000_000]:
        database = database_with(count, FOLDER, form)
        print(f"\n{count:,} tickets{'median ms':>35}{'worst ms':>12}")
        for name, ask in _home(count):
            times = sorted(_time(database, ask) for _ in range(REPEATS))
            print(f"{name:<42}{median(times) * 1000:>12.1f}{times[-1] * 1000:>12.1f}")
        print(f"{'':<42}{'seconds':>12}")
        for name, ask in _whole(office):
            print(f"{name:<42}{_time(database, ask):>12.1f}", flush=True)
        database.close()


def _home(count: int) -> Iterator[tuple[str, Ask]]:
    """The questions of the home pages."""
    yield "counts by state", queries.counts
    yield "overdue", lambda session: queries.due_before(session, START)
    yield "due soon", lambda session: queries.due_before(session, START + timedelta(days=2), START)
    filters = {
        "by due date": queries.Filter(team=TEAM),
        "of a kind": queries.Filter(team=TEAM, kind="incident"),
        "assigned to me": queries.Filter(team=TEAM, assignee="UM3"),
        "of a kind and overdue": queries.Filter(team=TEAM, kind="disclosure", overdue=True),
        "overdue, a page": queries.Filter(team=TEAM, overdue=True),
        "in a state": queries.Filter(team=TEAM, state="answered"),
        "in a state and of a kind": queries.Filter(team=TEAM, state="assessed", kind="incident"),
        "closed": queries.Filter(team=TEAM, state="closed"),
        "closed and of a kind": queries.Filter(team=TEAM, state="closed", kind="correction"),
        "own tickets": queries.Filter(team=TEAM, requester="U77"),
        "search by number": queries.Filter(team=TEAM, text=f"#{count // 2}"),
        "search by words found often": queries.Filter(team=TEAM, text="newsletter"),
        "search by words found once": queries.Filter(team=TEAM, text=f"({count // 3})"),
        "search by words found nowhere": queries.Filter(team=TEAM, text="zanzibar"),
    }
    for name, wanted in filters.items():
        yield name, _page(wanted)
    late = queries.Filter(team=TEAM, state="closed")
    yield "closed, page 100", lambda session: queries.tickets(session, late, START, PAGE, 1000)
    yield "places of cards", lambda session: queries.card_places(session, range(count // 2, count // 2 + 10))
    yield "feedback", lambda session: queries.feedback(session, START - timedelta(days=30), 3)
    yield "own tickets by the command", lambda session: own_tickets(session, "U77", TEAM, 20)


def _page(wanted: queries.Filter) -> Ask:
    return lambda session: queries.tickets(session, wanted, START, PAGE, 0)


def _whole(office: Office) -> Iterator[tuple[str, Ask]]:
    """What goes through everything, or is done by the desk itself."""
    yield "reminders, one round", lambda session: remind(session, office, START)
    yield "what is due to be purged", lambda session: due(session, office.settings, START)
    yield "export as JSON lines", lambda session: sum(len(json_line(one)) for one in whole_tickets(session))
    yield "verify", _verified


def _verified(session: Session) -> None:
    fault = verify(session).fault
    assert fault is None, fault


def _time(database: Database, ask: Ask) -> float:
    with database.reading() as session:
        begun = time.perf_counter()
        ask(session)
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()
