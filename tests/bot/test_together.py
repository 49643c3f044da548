"""Many threads, one transaction: each piece is kept or undone on its own."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bot.incoming import Incoming
from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.store.tables import Counter, Inbound, InboundKey
from bot.store.together import Together

THREADS = 8


def test_all_that_threads_accept_at_once_is_stored_once(database: Database) -> None:
    begun = Barrier(THREADS)
    inbox = Inbox(database)

    def accepts(number: int) -> int | None:
        begun.wait()
        return inbox.accept(Incoming(kind="question", team="T", channel="D", user="U", keys=(f"k{number % 4}",)))

    with ThreadPoolExecutor(THREADS) as pool:
        ids = list(pool.map(accepts, range(THREADS)))
    with database.transaction() as session:
        assert len(session.exec(select(Inbound)).all()) == 4
    assert len({one for one in ids if one is not None}) == 4
    assert ids.count(None) == 4


def test_one_that_cannot_be_written_undoes_nothing_of_the_others(database: Database) -> None:
    begun = Barrier(THREADS)

    def write(numbers: Sequence[int]) -> list[str]:
        with database.transaction() as session:
            session.add_all(Counter(name=f"c{number}", value=number) for number in numbers)
            session.add_all(Counter(name="c1", value=-1) for number in numbers if number % 2)
            session.flush()
            return [f"c{number}" for number in numbers]

    together = Together(write)

    def runs(number: int) -> str:
        begun.wait()
        try:
            return together.run(number)
        except IntegrityError:
            return "not kept"

    with database.transaction() as session:
        session.add(Counter(name="c1", value=1))
    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(runs, range(THREADS)))
    assert results == ["c0", "not kept", "c2", "not kept", "c4", "not kept", "c6", "not kept"]
    with database.transaction() as session:
        kept = {row.name for row in session.exec(select(Counter)) if row.name.startswith("c")}
    assert kept == {"c0", "c1", "c2", "c4", "c6"}


def test_copies_of_one_thing_that_come_at_once_bring_their_keys(database: Database) -> None:
    begun = Barrier(THREADS)
    inbox = Inbox(database)

    def accepts(number: int) -> int | None:
        begun.wait()
        keys = ("original", f"copy{number}")
        return inbox.accept(Incoming(kind="question", team="T", channel="D", user="U", keys=keys))

    with ThreadPoolExecutor(THREADS) as pool:
        (stored,) = {one for one in pool.map(accepts, range(THREADS)) if one is not None}
    with database.transaction() as session:
        keys = dict(session.exec(select(InboundKey.key, InboundKey.inbound_id)).all())
    assert keys == dict.fromkeys(["original", *(f"copy{number}" for number in range(THREADS))], stored)


def test_what_is_not_committed_is_told_to_all(database: Database) -> None:
    def fails(_connection: object) -> None:
        raise OSError("the disk is full")

    event.listen(database.engine, "commit", fails)
    with pytest.raises(OSError, match="full"):
        Inbox(database).accept(Incoming(kind="question", team="T", channel="D", user="U", keys=("k",)))
    event.remove(database.engine, "commit", fails)
    with database.transaction() as session:
        assert session.exec(select(Inbound)).all() == []


@pytest.mark.parametrize("moment", ["begin", "before_cursor_execute", "after_cursor_execute", "commit", "rollback"])
def test_a_turn_is_given_on_whatever_happens(moment: str, database: Database) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    event.listen(database.engine, moment, interrupted)
    with pytest.raises((KeyboardInterrupt, ValueError)), database.transaction() as session:
        session.add(Counter(name="c", value=1))
        session.flush()
        raise ValueError if moment == "rollback" else KeyboardInterrupt
    event.remove(database.engine, moment, interrupted)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(Inbox(database).accept, Incoming(kind="question", team="T", channel="D", user="U")).result(
            10
        )
