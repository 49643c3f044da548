"""Several processes share the work through one database; each can die."""

import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from desks import QUICK, Body, deliver_until_taken, done, ended, in_a_process, make_worker
from slackserver import clear, posted, wait
from sqlmodel import Session, select

from bot.desk import Desk
from bot.store.database import Database
from bot.store.tables import Counter as CounterRow
from bot.store.tables import Executor, Inbound, Ticket

INCIDENT = "I lost my laptop with the customer list"
PROCESSES = 3


def event(number: int, channel: str, text: str = INCIDENT, **more: Any) -> Body:
    said = {"type": "message", "user": "UALICE", "channel": channel, "channel_type": "im", "text": text, **more}
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": f"Ev{number}",
        "event": {"ts": f"{number}.1", **said},
    }


def names(slack_url: str, channel: str) -> list[str]:
    """The ids of the messages in a channel, in order."""
    there = [message for message in posted(slack_url) if message["channel"] == channel]
    return [message["metadata"]["event_payload"]["id"] for message in there]


def test_the_same_event_fifty_times_at_once_at_any_process_is_handled_once(
    database_url: str, slack_url: str, quick_desk: Desk
) -> None:
    clear(slack_url)

    def lives() -> None:
        database, worker = make_worker(database_url, slack_url, quick_desk)
        worker.start(QUICK)
        body = event(1, "DALICE")
        copies = [body, {**body, "event_id": "Ev2"}, {**body, "event": {**body["event"], "type": "app_mention"}}]
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(lambda number: deliver_until_taken(database, copies[number % 3]), range(50)))
        wait(lambda: done(database), "the end")
        worker.stop()

    Database(database_url).close()
    children = [in_a_process(lives) for _ in range(PROCESSES)]
    assert [ended(child) for child in children] == [0] * PROCESSES
    assert len(names(slack_url, "DALICE")) == 1
    assert len(names(slack_url, "CMANAGERS")) == 1
    database = Database(database_url)
    with database.transaction() as session:
        assert [len(session.exec(select(table)).all()) for table in (Inbound, Ticket)] == [1, 1]
    database.close()


def test_another_process_takes_over_from_one_that_never_comes_back(
    database_url: str, slack_url: str, quick_desk: Desk
) -> None:
    clear(slack_url)

    def dies() -> None:
        database, worker = make_worker(database_url, slack_url, quick_desk)
        worker.start(QUICK)
        for number in range(40):
            deliver_until_taken(database, event(number, f"D{number % 5}"))
        signal.pause()

    def lives() -> None:
        _, worker = make_worker(database_url, slack_url, quick_desk)
        worker.start(QUICK)
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        signal.pause()

    Database(database_url).close()
    doomed, survivor = in_a_process(dies), in_a_process(lives)
    wait(lambda: len(posted(slack_url)) >= 6, "the first answers")
    os.kill(doomed, signal.SIGKILL)
    assert ended(doomed) == -signal.SIGKILL
    database = Database(database_url)
    accepted = wait(lambda: _ids(database), "what was accepted")
    wait(lambda: done(database), "the survivor to finish")
    with database.transaction() as session:
        assert len(session.exec(select(Executor)).all()) == 1
    database.close()
    os.kill(survivor, signal.SIGTERM)
    assert ended(survivor) == 0
    ids = Counter(message["metadata"]["event_payload"]["id"] for message in posted(slack_url))
    assert {name for name, times in ids.items() if times != 1} == set()
    assert {name for name in ids if name.endswith(".answer")} == {f"{number}.answer" for number in accepted}
    assert len(ids) == 2 * len(accepted), "each question has its answer, and its ticket's card"


def _ids(database: Database) -> list[int | None]:
    with database.transaction() as session:
        return list(session.exec(select(Inbound.id)))


def people_write(database: Database, channel: int) -> None:
    """Ten messages in one channel, one after the other."""
    for number in range(channel, 30, 3):
        deliver_until_taken(database, event(number, f"D{channel}"))


def test_a_channel_keeps_its_order_whoever_works(database_url: str, slack_url: str, quick_desk: Desk) -> None:
    clear(slack_url)

    def lives() -> None:
        database, worker = make_worker(database_url, slack_url, quick_desk)
        worker.start(QUICK)
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda channel: people_write(database, channel), range(3)))
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        signal.pause()

    Database(database_url).close()
    children = [in_a_process(lives) for _ in range(2)]
    database = Database(database_url)
    wait(lambda: len(_ids(database)) == 30 and done(database), "the end")
    for child in children:
        os.kill(child, signal.SIGTERM)
    assert [ended(child) for child in children] == [0, 0]
    for channel in ("D0", "D1", "D2"):
        numbers = [int(name.split(".")[0]) for name in names(slack_url, channel)]
        assert numbers == sorted(numbers)
        assert len(numbers) == 10
    database.close()


def test_a_question_that_kills_each_process_is_given_up_and_said(
    tmp_path: Path, slack_url: str, quick_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear(slack_url)
    url = f"sqlite:///{tmp_path}/desk.db"
    really = quick_desk.ask

    def ask(text: str, **more: Any) -> Any:
        if "poison" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return really(text, **more)

    monkeypatch.setattr(quick_desk, "ask", ask)

    def lives() -> None:
        database, worker = make_worker(url, slack_url, quick_desk)
        worker.start(QUICK)
        deliver_until_taken(database, event(1, "DALICE", "poison"))
        deliver_until_taken(database, event(2, "DKEN"))
        wait(lambda: done(database), "the end")
        worker.stop()

    ends: list[int] = []
    while not ends or (ends[-1] and len(ends) < 12):
        ends.append(ended(in_a_process(lives)))
    assert ends[-1] == 0
    assert set(ends[:-1]) == {-signal.SIGKILL}
    (told,) = [message["text"] for message in posted(slack_url) if message["channel"] == "DALICE"]
    assert "reference 1" in told
    assert len(names(slack_url, "DKEN")) == 1


def test_a_duty_runs_once_in_each_turn_by_one_process(database_url: str, slack_url: str, quick_desk: Desk) -> None:
    def turn(session: Session) -> None:
        row = session.get(CounterRow, "turns") or CounterRow(name="turns", value=0)
        row.value += 1
        session.add(row)

    def lives() -> None:
        _, worker = make_worker(database_url, slack_url, quick_desk)
        worker.duties.every(1, "count", turn)
        worker.start(QUICK)
        time.sleep(5)
        worker.stop()

    begun = int(time.time())
    Database(database_url).close()
    children = [in_a_process(lives) for _ in range(PROCESSES)]
    assert [ended(child) for child in children] == [0] * PROCESSES
    passed = int(time.time()) - begun + 1
    database = Database(database_url)
    with database.transaction() as session:
        assert 4 <= session.get_one(CounterRow, "turns").value <= passed
    database.close()
