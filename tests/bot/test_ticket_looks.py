"""How cards, modals and home pages look, kept in golden files; and that no text breaks them.

After a change that is meant: `UPDATE_GOLDEN=1 make test`, then read the difference before committing it.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from block_kit import MESSAGE_TEXT, broken_limits, broken_view
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shelf import CLOCKS, COURSES, NOW, QUESTIONS, conversation, ticket
from slack_sdk import WebClient
from slackdouble import TEAM
from workspace import ALICE, KEN, MIKA

from bot.answers import Answer
from bot.answers.actions import Carried
from bot.desk import Desk
from bot.forms import FORMS
from bot.handling.tickets import line_of
from bot.handling.work import Office
from bot.home.page import Home, Wanted
from bot.kit import quoted, sections
from bot.settings import Settings
from bot.store.database import Database
from bot.store.tables import AnswerRow, Counter, Feedback, Outbound, Precedent, Ticket
from bot.tickets.access import Managers
from bot.tickets.cards import card_blocks
from bot.tickets.course import Kind, State, Step
from bot.windows import Person, View, Windows

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("en", "ja")
ALICES, MIKAS = Person(ALICE, TEAM), Person(MIKA, TEAM)
CONSENT = {"en": "can I share applicant data with an event co-host?", "ja": "応募者の情報を共催企業に渡していいですか"}
STANDS: dict[Step, tuple[str, str]] = {
    Step.CHECK_IDENTITY: ("disclosure", "open"),
    Step.DECIDE: ("suspension", "investigating"),
    Step.NOTIFY: ("disclosure", "decided"),
    Step.CONTAIN: ("incident", "open"),
    Step.ASSESS: ("incident", "contained"),
    Step.REPORT: ("incident", "assessed"),
    Step.NOT_REPORTABLE: ("incident", "assessed"),
    Step.SET_KNOWN_AT: ("incident", "open"),
    Step.REOPEN: ("inquiry", "closed"),
}
"""Where a ticket stands for a step's form; an open inquiry where nothing is said."""


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("bot.tickets.cards", "bot.home.page", "bot.windows"):
        monkeypatch.setattr(f"{module}.now", lambda: NOW)


def is_golden(name: str, content: Any) -> None:
    path, text = GOLDEN / f"{name}.json", json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", COURSES)
def test_cards_look_as_they_should(kind: str, language: str, by_cues: Desk) -> None:
    cards = {
        stands: card_blocks(ticket(by_cues, kind, language, stands), by_cues.pack, CLOCKS) for stands in COURSES[kind]
    }
    assert [fault for card in cards.values() for fault in broken_limits(card)] == []
    is_golden(f"cards/{kind}.{language}", cards)


def test_every_kind_and_every_state_has_a_golden_card() -> None:
    assert set(COURSES) == set(Kind)
    assert {stands for course in COURSES.values() for stands in course} >= set(State)


class Shelf:
    """A store with tickets of one language, and what shows them."""

    def __init__(self, database: Database, desk: Desk, language: str) -> None:
        self.database, self.desk, self.language = database, desk, language
        self.office = Office(desk, Settings(_env_file=None), CLOCKS)
        managers = Managers(WebClient(), (MIKA,))
        self.windows, self.home = Windows(database, self.office, managers), Home(database, self.office, managers)
        with database.transaction() as session:
            for user in (ALICE, MIKA):
                conversation(session, user, language)
            answer, _ = desk.ask(CONSENT[language])
            session.add(AnswerRow(id=1, conversation_id=f"c-{language}", form=answer.model_dump(mode="json")))

    def puts(self, kind: str, stands: str = "open", number: int = 7, **more: Any) -> None:
        with self.database.transaction() as session:
            session.merge(ticket(self.desk, kind, self.language, stands, number, **more))

    @property
    def carried(self) -> Carried:
        return Carried(conversation=f"c-{self.language}", answer=1, right=False)


@pytest.fixture
def shelf_in(database: Database, by_cues: Desk) -> Callable[[str], Shelf]:
    return lambda language: Shelf(database, by_cues, language)


def step_form(step: Step) -> Callable[[Shelf], View]:
    def show(shelf: Shelf) -> View:
        shelf.puts(*STANDS.get(step, ("inquiry", "open")))
        return shelf.windows.step(step, 7, MIKAS)

    return show


def details_form(kind: str) -> Callable[[Shelf], View]:
    def show(shelf: Shelf) -> View:
        shelf.puts(kind)
        return shelf.windows.give_details(7, ALICES)

    return show


def details_view(shelf: Shelf) -> View:
    shelf.puts("correction", "identity_checked")
    return shelf.windows.details(7, MIKAS)


def refused(shelf: Shelf) -> View:
    shelf.puts("correction", "identity_checked")
    return shelf.windows.details(7, Person(KEN, TEAM))


def too_late(shelf: Shelf) -> View:
    shelf.puts("inquiry", "closed")
    return shelf.windows.step(Step.ANSWER, 7, MIKAS)


def precedents(shelf: Shelf) -> View:
    shelf.puts("inquiry", "closed")
    with shelf.database.transaction() as session:
        session.add(
            Precedent(
                ticket_id=7, language=shelf.language, facts_key="{}", question=QUESTIONS["inquiry", shelf.language],
                answer="<6>", policy_version="2026-02-09", approved_by=MIKA, approved_at=NOW,
            )
        )  # fmt: skip
    return shelf.home.window("precedents", Wanted(), MIKAS)


MODALS: dict[str, Callable[[Shelf], View]] = {
    **{step.value: step_form(step) for step in Step if step in FORMS},
    **{f"details_{kind}": details_form(kind) for kind in Kind if kind != Kind.INQUIRY},
    "report_incident": lambda shelf: shelf.windows.report(ALICES),
    "feedback": lambda shelf: shelf.windows.feedback(shelf.carried, ALICES),
    "provision": lambda shelf: shelf.windows.record(shelf.carried, ALICES),
    "search": lambda shelf: shelf.home.window("search", Wanted(text="CV"), MIKAS),
    "ticket_details": details_view,
    "precedents": precedents,
    "refused": refused,
    "not_possible": too_late,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MODALS)
def test_modals_look_as_they_should(name: str, language: str, shelf_in: Callable[[str], Shelf]) -> None:
    view = MODALS[name](shelf_in(language))
    assert broken_view(view) == []
    assert view.get("callback_id") == (name if name in FORMS else None)
    is_golden(f"modals/{name}.{language}", view)


def test_every_form_has_a_golden_modal() -> None:
    assert set(FORMS) <= set(MODALS)


def filled(shelf: Shelf) -> Shelf:
    """A desk with work: every kind, some of it late, some of it done."""
    number = 0
    for kind, course in COURSES.items():
        for stands in course[:4]:
            number += 1
            shelf.puts(kind, stands, number)
    shelf.puts("inquiry", "closed", number + 1)
    with shelf.database.transaction() as session:
        session.add_all(
            [Counter(name="tickets.inquiry.open", value=3), Counter(name="tickets.incident.assessed", value=1)]
        )
        session.add(Outbound(name="card.1.0", method="chat.postMessage", body={}, channel="CMANAGERS", ts="200.1"))
        session.add(Feedback(answer_id=1, user_id=ALICE, right=False, reason="The co-host is <our> parent.", at=NOW))
    return shelf


HOMES: dict[str, tuple[Person, Wanted]] = {
    "requester": (ALICES, Wanted()),
    "manager": (MIKAS, Wanted()),
    "manager.overdue": (MIKAS, Wanted(view="overdue", kind=Kind.INQUIRY)),
    "manager.closed": (MIKAS, Wanted(state=State.CLOSED)),
    "manager.second": (MIKAS, Wanted(page=1)),
    "manager.found": (MIKAS, Wanted(text="#3")),
    "manager.own": (MIKAS, Wanted(view="own")),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HOMES)
def test_home_pages_look_as_they_should(name: str, language: str, shelf_in: Callable[[str], Shelf]) -> None:
    page = filled(shelf_in(language)).home.page(*HOMES[name])
    assert broken_view(page) == []
    is_golden(f"homes/{name}.{language}", page)


TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="<>&😀\n ;*_`", min_size=1, max_size=60),
    st.sampled_from(["<!channel>", "&amp;", "個人情報 ", "<@U1>", '"\\', "👩‍👩‍👧"]),
)
TIMES = st.sampled_from([1, 60, 3500])


@given(text=TEXTS, times=TIMES, kind=st.sampled_from(list(Kind)), language=st.sampled_from(LANGUAGES))
@settings(max_examples=80, deadline=None)
def test_no_text_breaks_a_card(text: str, times: int, kind: Kind, language: str, by_cues: Desk) -> None:
    long = (text * times)[:40_000]
    one = ticket(by_cues, kind, language, COURSES[kind][-1])
    answer = Answer.model_validate(one.answer).model_copy(update={"question": long})
    one.question, one.answer, one.purged_at = long, answer.model_dump(mode="json"), None
    if one.details:
        one.details = {**one.details, "what": long[:3000], "right": long[:3000], "person": long[:200]}
    blocks = card_blocks(one, by_cues.pack, CLOCKS)
    assert broken_limits(blocks) == []
    assert "<!channel>" not in json.dumps(blocks)


@given(text=TEXTS, times=TIMES)
@settings(max_examples=80, deadline=None)
def test_no_letter_loses_what_was_written(text: str, times: int) -> None:
    long = (text * times)[:3000]
    assume(len(quoted(long)) <= MESSAGE_TEXT)  # of nothing but "&" it grows fivefold
    blocks = sections(quoted(long))
    assert broken_limits(blocks) == []
    shown = "\n".join(block["text"]["text"] for block in blocks)
    plain = "".join(line.removeprefix(">") for line in shown.split("\n"))
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        plain = plain.replace(entity, character)
    assert "".join(plain.split()) == "".join(long.split())


@pytest.fixture(scope="module")
def full_shelf(tmp_path_factory: pytest.TempPathFactory, empty_database: Path, by_cues: Desk) -> Iterator[Shelf]:
    path = tmp_path_factory.mktemp("shelf") / "desk.db"
    shutil.copy(empty_database, path)
    database = Database(f"sqlite:///{path}")
    shelf = Shelf(database, by_cues, "en")
    for number in range(1, 12):
        shelf.puts("disclosure", "identity_checked", number)
    yield shelf
    database.close()


@given(text=TEXTS, times=TIMES, view=st.sampled_from(["due", "mine", "overdue", "own"]), state=st.sampled_from(State))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_a_home_page_or_a_modal(
    text: str, times: int, view: Any, state: State, full_shelf: Shelf
) -> None:
    long = (text * times)[:40_000]
    details = {"what": long[:3000], "person": long[:200], "reach": long[:200]}
    full_shelf.puts("disclosure", "identity_checked", 1, question=long, details=details)
    for person in (ALICES, MIKAS):
        assert broken_view(full_shelf.home.page(person, Wanted(view=view, state=state, kind=Kind.CORRECTION))) == []
        assert broken_view(full_shelf.home.page(person, Wanted(view=view, text=long[:100] or None))) == []
    assert broken_view(full_shelf.windows.give_details(1, ALICES)) == []
    assert broken_view(full_shelf.windows.details(1, MIKAS)) == []
    for step in (Step.REPLY, Step.CHANGE_DUE, Step.MERGE):
        assert broken_view(full_shelf.windows.step(step, 1, MIKAS)) == []
    assert broken_view(full_shelf.home.window("search", Wanted(text=long[:100] or None), MIKAS)) == []


def test_a_line_of_a_ticket_stays_short(by_cues: Desk) -> None:
    office = Office(by_cues, Settings(_env_file=None), CLOCKS)
    one: Ticket = ticket(by_cues, "inquiry", "en", question="<&> " * 1000)
    assert len(line_of(office, one)) < 600
