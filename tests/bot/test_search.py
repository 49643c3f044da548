"""Search on the managers' home page: words of the question, to the letter, from an index that forgets."""

from typing import Any

import pytest
from desk_hours import DeskHours
from slackdouble import TEAM, SlackDouble
from sqlalchemy import event, text

from bot.desk import Desk
from bot.home import queries
from bot.store.database import Database
from bot.store.tables import now
from bot.tickets.course import Kind, Step

RARE = "ꙮ"
"""A sign that stands in no other text: its bytes are looked for in the index."""


@pytest.fixture
def hours(database: Database, desk: Desk, slack: SlackDouble) -> DeskHours:
    return DeskHours(database, desk, slack)


def found(hours: DeskHours, words: str, **wanted: Any) -> list[int]:
    """The numbers of the tickets that a search gives, in its order."""
    with hours.database.reading() as session:
        chosen = queries.Filter(**{"team": TEAM, "text": words, **wanted})
        return [int(one.number) for one in queries.tickets(session, chosen, now(), 10, 0)]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("the NEWSLETTER of May", "newsletter"),
        ("the newsletter of May", "May letter"),
        ("the newsletter of May", "may\u3000newsletter"),
        ("応募者の履歴書について", "履歴書"),
        ("応募者の履歴書について", "応募"),
        ("応募者の履歴書について", "ついて 応募"),
        ('a "fair" copy', '"fair"'),
        ("a file of 100% size", "100%"),
        ("the field first_name", "first_name"),
        ("either OR nothing", "OR nothing"),
        ("col:umn (a* b)", "col:umn (a* b)"),
        ("it's ^this - NEAR(that)", "^this it's NEAR(that) -"),
        ("a back\\slash/es", "back\\slash/es"),
    ],
)
def test_words_of_a_question_find_its_ticket(hours: DeskHours, question: str, words: str) -> None:
    hours.open(Kind.INQUIRY, "something else")
    number = hours.open(Kind.INQUIRY, question)
    assert found(hours, words) == [number]


@pytest.mark.parametrize(
    "words", ["newsletter%", "n_wsletter", "%", '"', "news*", "NOT lunch", "a OR newsletter", "\0"]
)
def test_signs_mean_themselves(hours: DeskHours, words: str) -> None:
    hours.open(Kind.INQUIRY, "the newsletter")
    assert found(hours, words) == ([1] if words == "\0" else [])


def test_all_words_must_be_there_and_the_latest_comes_first(hours: DeskHours) -> None:
    hours.open(Kind.INQUIRY, "newsletter for clients")
    hours.open(Kind.INQUIRY, "newsletter for applicants")
    hours.open(Kind.DISCLOSURE, "newsletter for clients")
    assert found(hours, "newsletter") == [3, 2, 1]
    assert found(hours, "clients newsletter") == [3, 1]
    assert found(hours, "clients newsletter", kind=Kind.INQUIRY) == [1]
    assert found(hours, "newsletter", team="T2") == []


def test_rare_words_are_found_without_reading_every_ticket(hours: DeskHours) -> None:
    hours.open(Kind.INQUIRY, "zanzibar")
    plans: list[str] = []

    @event.listens_for(hours.database.engine, "before_cursor_execute")
    def explain(_connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "MATCH" in statement:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[attr-defined]
            plans.extend(row[-1] for row in cursor.fetchall())  # type: ignore[attr-defined]

    assert found(hours, "zanzibar", state="open") == [1]
    first, second = plans
    assert "ticket_search VIRTUAL TABLE" in first
    assert second == "SEARCH ticket USING INTEGER PRIMARY KEY (rowid=?)"


def test_what_is_purged_is_gone_from_the_index_too(hours: DeskHours) -> None:
    hours.open(Kind.INQUIRY, "of the newsletter")
    number = hours.open(Kind.INQUIRY, RARE * 5)
    hours.step(number, Step.ANSWER, text="Yes.")
    hours.step(number, Step.CLOSE)
    assert found(hours, RARE * 3) == [number]
    assert in_the_file_of_the_index(hours)

    hours.duties(now().replace(year=now().year + 2))

    assert found(hours, RARE * 3) == []
    assert not in_the_file_of_the_index(hours)
    assert found(hours, "newsletter") == [1]


def in_the_file_of_the_index(hours: DeskHours) -> bool:
    with hours.database.engine.connect() as connection:
        blocks: list[bytes] = list(connection.execute(text("SELECT block FROM ticket_search_data")).scalars())
        return any((RARE * 2).encode() in block for block in blocks)
