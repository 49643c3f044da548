"""A database that is locked, full, away or half migrated: a clear message, nothing half written, soon well again."""

import os
import resource
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from alembic import op
from databases import PostgresServer
from desks import QUICK, deliver_event, deliver_until_taken, done, ended, in_a_process, make_worker
from slackserver import clear, posted, wait
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot.desk import Desk
from bot.store.database import Database, DatabaseError
from bot.store.tables import Inbound, Outbound, Ticket, TicketEvent

INCIDENT = "I lost my laptop with the customer list"


def event(number: int) -> dict[str, object]:
    said = {"type": "message", "user": "UALICE", "channel": "DALICE", "channel_type": "im", "text": INCIDENT}
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": f"Ev{number}",
        "event": {**said, "ts": f"{number}.1"},
    }


def test_postgresql_that_is_cut_off_comes_back_and_nothing_is_lost(
    postgres: PostgresServer, slack_url: str, quick_desk: Desk
) -> None:
    clear(slack_url)
    url = postgres.new_database()

    def lives() -> None:
        database, worker = make_worker(url, slack_url, quick_desk)
        worker.start(QUICK)
        for number in range(30):
            deliver_until_taken(database, event(number))
            time.sleep(0.05)
        wait(lambda: done(database), "the end")
        worker.stop()

    child = in_a_process(lives)
    wait(lambda: len(posted(slack_url)) > 4, "the first answers")
    postgres.stop("immediate")
    time.sleep(1)
    postgres.start()
    assert ended(child) == 0
    ids = [message["metadata"]["event_payload"]["id"] for message in posted(slack_url)]
    assert (len(ids), len(set(ids))) == (60, 60)


def test_a_locked_database_is_not_acknowledged_and_soon_well_again(
    tmp_path: Path, slack_url: str, quick_desk: Desk
) -> None:
    clear(slack_url)

    def lives() -> None:
        database, worker = make_worker(f"sqlite:///{tmp_path}/locked.db", slack_url, quick_desk)
        worker.start(QUICK)
        deliver_event(database, event(1))
        with closing(sqlite3.connect(tmp_path / "locked.db", timeout=5, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            begun = time.monotonic()
            with pytest.raises(OperationalError, match="locked"):
                deliver_event(database, event(2))
            assert time.monotonic() - begun < 3
        deliver_event(database, event(2))
        wait(lambda: done(database), "the end")
        worker.stop()
        whole(database)

    assert ended(in_a_process(lives)) == 0
    assert len(posted(slack_url)) == 4


def test_a_full_disk_is_said_and_afterwards_all_is_well(
    tmp_path: Path, slack_url: str, quick_desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    clear(slack_url)
    url = f"sqlite:///{tmp_path}/full.db"

    def lives() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        database, worker = make_worker(url, slack_url, quick_desk)
        worker.start(QUICK)
        deliver_event(database, event(1))
        wait(lambda: done(database), "the first answer")
        full = (tmp_path / "full.db-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (max(full, 4096), resource.RLIM_INFINITY))  # no file grows any more
        with pytest.raises(OperationalError, match=r"full|disk I/O"):
            for number in range(2, 500):
                deliver_event(database, event(number))
        time.sleep(1)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        deliver_event(database, event(500))
        wait(lambda: done(database), "the end")
        worker.stop()
        whole(database)

    assert ended(in_a_process(lives)) == 0
    assert len({message["metadata"]["event_payload"]["id"] for message in posted(slack_url)}) == len(posted(slack_url))


def whole(database: Database) -> None:
    """Every accepted question has its ticket, each with its history and its messages."""
    with database.transaction() as session:
        inbound = len(session.exec(select(Inbound)).all())
        assert inbound >= 2
        assert len(session.exec(select(Ticket)).all()) == inbound
        assert len(session.exec(select(TicketEvent)).all()) == inbound
        assert len(session.exec(select(Outbound)).all()) == 2 * inbound


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = op.create_index

    def fails(name: str, *arguments: object, **more: object) -> None:
        if name == "ix_outbound_destination_sent_at":
            raise OSError("the disk is full")
        really(name, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(op, "create_index", fails)
    with pytest.raises(DatabaseError, match="the disk is full"):
        Database(database_url)
    monkeypatch.undo()
    database = Database(database_url)
    assert inspect(database.engine).has_table("executor")
    database.close()


def test_processes_that_start_together_migrate_once(database_url: str) -> None:
    children = [in_a_process(lambda: Database(database_url).close()) for _ in range(4)]
    assert [ended(child) for child in children] == [0, 0, 0, 0]


def test_a_stopped_process_leaves_no_sign_of_life(database_url: str, slack_url: str, quick_desk: Desk) -> None:
    def lives() -> None:
        database, worker = make_worker(database_url, slack_url, quick_desk)
        worker.start(QUICK)
        worker.stop()
        assert database.engine.connect().exec_driver_sql("SELECT count(*) FROM executor").scalar() == 0
        os._exit(0)

    assert ended(in_a_process(lives)) == 0
