"""A question is read before its transaction: nobody waits for it to write, and what is said meanwhile still counts."""

from collections.abc import Callable
from typing import Any

import pytest
from slackdouble import SlackDouble
from sqlmodel import select
from workspace import DIRECT, Workspace

from bot.answers import Answer
from bot.desk import Conversation, Desk
from bot.incoming import Incoming
from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.store.tables import AnswerRow, ConversationRow, Inbound

QUESTION = "can I share applicant data with an event co-host?"


class Interrupted:
    """A desk during whose answers something else happens."""

    def __init__(self, desk: Desk) -> None:
        self.pack, self._desk = desk.pack, desk
        self.meanwhile: Callable[[], object] = lambda: None
        self.asked: list[str] = []

    def ask(self, text: str, **more: Any) -> tuple[Answer, Conversation]:
        self.asked.append(text)
        self.meanwhile()
        return self._desk.ask(text, **more)


@pytest.fixture
def desk(by_cues: Desk) -> Interrupted:
    return Interrupted(by_cues)


@pytest.fixture
def says(slack: SlackDouble, database: Database, desk: Any) -> Callable[..., str]:
    workspace = Workspace(slack, database, desk)
    return lambda text, **more: workspace.says(text, channel=DIRECT, **more)


def rows(database: Database, table: Any) -> list[Any]:
    with database.reading() as session:
        return list(session.exec(select(table)))


@pytest.mark.parametrize("further", [False, True])
def test_others_can_write_while_a_message_is_read(
    further: bool, says: Callable[..., str], database: Database, desk: Interrupted
) -> None:
    thread = says(QUESTION) if further else None
    before = len(rows(database, Inbound))
    other = Incoming(kind="question", team="T1", channel="DKEN", user="UKEN", text="hello", keys=("other",))
    desk.meanwhile = lambda: Inbox(database).accept(other)
    says("They have agreed.", thread=thread)
    assert len(rows(database, Inbound)) == before + 2


def test_each_message_is_read_once(says: Callable[..., str], desk: Interrupted) -> None:
    thread = says(QUESTION)
    says("They have agreed.", thread=thread)
    assert desk.asked == [QUESTION, "They have agreed."]


def test_what_changes_in_the_conversation_while_a_message_is_read_counts(
    says: Callable[..., str], database: Database, desk: Interrupted
) -> None:
    thread = says(QUESTION)

    def begins_anew() -> None:
        desk.meanwhile = lambda: None
        with database.transaction() as session:
            row = session.exec(select(ConversationRow)).one()
            row.state = None
            session.add(row)

    desk.meanwhile = begins_anew
    says("Is that so with their consent?", thread=thread)
    assert [row.form["question"] for row in rows(database, AnswerRow)] == [QUESTION, "Is that so with their consent?"]


def test_a_message_that_is_declined_is_not_read(says: Callable[..., str], desk: Interrupted) -> None:
    says(QUESTION, team="T9", user="UOTHER")
    assert desk.asked == []
