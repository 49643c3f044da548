"""Modals and home pages that come back forged, broken or half filled in: taken calmly, and nothing changes by them."""

import json
import logging
from collections.abc import Mapping
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
from fuzzing import leaves, many, still_well, trees
from hypothesis import given
from hypothesis import strategies as st
from signed import Endpoint, signed
from slackdouble import TEAM
from workspace import ALICE, DIRECT, MIKA, Workspace

from bot.answers.actions import Action, TicketAction
from bot.forms import FORMS
from bot.store.tables import ConversationRow, Feedback, Precedent, Provision, Ticket, TicketEvent
from bot.tickets import history
from bot.tickets.course import Step

Body = dict[str, Any]
MALLORY = "UMALLORY"
"""A colleague who asked nothing and manages nothing."""
HUGE = "x" * 60_000
junk = leaves | st.just(HUGE) | st.just(10**400) | st.just(-1) | st.just("9" * 400) | trees
chosen = st.fixed_dictionaries({}, optional={"value": junk, "text": junk}) | junk
entered = st.fixed_dictionaries(
    {},
    optional={
        "type": junk, "value": junk, "selected_option": chosen, "selected_options": st.lists(chosen, max_size=3) | junk,
        "selected_date": st.sampled_from(["2026-02-30", "0000-00-00", "2026-02-09"]) | junk,
        "selected_date_time": st.sampled_from([0, -(10**18), 10**18]) | junk, "selected_user": junk,
    },
)  # fmt: skip
_numbers = count(1)


def well_filled(options: tuple[str, ...]) -> Body:
    """Something that every kind of field takes."""
    option = {"value": options[0] if options else "granted"}
    return {
        "value": "1", "selected_option": option, "selected_options": [option], "selected_date": "2026-02-09",
        "selected_date_time": 1_770_000_000, "selected_user": MIKA,
    }  # fmt: skip


def filled(form: str) -> st.SearchStrategy[Body]:
    """A form as somebody might send it: each of its fields there or not, right or of any kind."""
    fields = FORMS[form].fields if form in FORMS else ()
    right = {one.id: {"value": well_filled(one.options)} for one in fields}
    wrong = {one: st.fixed_dictionaries({}, optional={"value": entered}) for one in right}
    return st.fixed_dictionaries({}, optional=wrong).map(lambda some: {**right, **some})


def carried(conversation: str) -> st.SearchStrategy[Any]:
    """What a view or a button brings back: names of real things, of others, and of none."""
    ticket = st.sampled_from([1, 2, 0, -1, 2**63, 10**400, "1", None, [1], 1.5, True])
    about = st.sampled_from([conversation, "0" * 32, "", "' OR 1=1 --", "\x00", HUGE])
    answer = st.sampled_from([1, 2, -1, 2**63, None, "1"])
    right = {"answer": answer, "right": st.booleans() | st.none()}
    made = st.fixed_dictionaries({"ticket": ticket}) | st.fixed_dictionaries({"conversation": about}, optional=right)
    page = {"page": st.sampled_from([0, 1, 2**63, -1]), "text": st.sampled_from(["%", "_", "\x00", HUGE]),
            "state": st.sampled_from(["open", "gone"]), "view": st.sampled_from(["due", "own", "no"])}  # fmt: skip
    home = st.fixed_dictionaries({}, optional=page)
    return (made | home).map(json.dumps) | st.sampled_from(["", "{", "null", "[]", "en", HUGE, "\ud800"]) | leaves


def views(conversation: str) -> st.SearchStrategy[Body]:
    """A view as it comes back."""
    forms = st.sampled_from(sorted(FORMS)) | st.sampled_from(["", "no_such_form", "details_", "../answer"])

    def view(form: str) -> st.SearchStrategy[Body]:
        parts = {
            "callback_id": st.just(form), "type": st.sampled_from(["modal", "home", "no"]),
            "state": st.fixed_dictionaries({"values": filled(form)}), "private_metadata": carried(conversation),
        }  # fmt: skip
        return st.fixed_dictionaries(parts, optional={"id": st.just("V1"), "blocks": trees, "hash": leaves})

    return forms.flatmap(view)


def pressed(conversation: str) -> st.SearchStrategy[Body]:
    """An action as it comes back from a view."""
    steps = [f"{kind}.{step}" for kind in (TicketAction.STEP, TicketAction.FORM) for step in (*Step, "no", "")]
    names = [
        *steps,
        *TicketAction,
        *Action,
        "home.filter",
        "home.search",
        "home.precedents",
        "home.",
        "home_report",
        "",
    ]
    parts = {
        "value": carried(conversation),
        "selected_option": chosen,
        "selected_options": st.lists(chosen, max_size=2),
    }
    named = {"action_id": st.sampled_from(names), "type": st.sampled_from(["button", "static_select", "no"])}
    return st.fixed_dictionaries(named, optional={**parts, "block_id": leaves})


def sent(served: Workspace, endpoint: Endpoint, user: str, body: Mapping[str, Any]) -> int:
    """Send an interaction as somebody; gives the status."""
    number = next(_numbers)
    who = {"user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM}, "trigger_id": f"fuzz{number}"}
    raw = urlencode({"payload": json.dumps({**who, **body})}).encode()
    status = endpoint.post(raw, signed(raw), "application/x-www-form-urlencoded")
    served.worker.work()
    return status


def kept(served: Workspace) -> list[Any]:
    """All that others must not change: every ticket with its steps, and what hangs on conversations."""
    tables = (Ticket, TicketEvent, Feedback, Precedent, Provision, ConversationRow)
    rows = [(table.__name__, row.model_dump(mode="json")) for table in tables for row in served.rows(table)]
    mine = [row.id for row in served.rows(Ticket) if row.requester_id == MALLORY]
    return [row for name, row in rows if not (_of_mallory(name, row) or row.get("ticket_id") in mine)]


def _of_mallory(name: str, row: Body) -> bool:
    own = {"Ticket": "requester_id", "ConversationRow": "user_id"}
    return name in own and row[own[name]] == MALLORY


def history_is_whole(served: Workspace) -> None:
    with served.database.reading() as session:
        assert history.verify(session).fault is None


@pytest.fixture
def asked(served: Workspace, endpoint: Endpoint) -> Workspace:
    """Alice has asked, and reported an incident: there is a conversation, an answer and a ticket that are hers."""
    for text in ("Can I share applicant data with an event co-host?", "I lost my laptop with the customer list"):
        number = next(_numbers)
        event = {"type": "message", "user": ALICE, "channel": DIRECT, "channel_type": "im", "text": text}
        event["ts"] = f"8.{number}"
        raw = json.dumps({"type": "event_callback", "team_id": TEAM, "event_id": f"A{number}", "event": event}).encode()
        assert endpoint.post(raw, signed(raw)) == 200
    served.worker.work()
    assert [row.requester_id for row in served.rows(Ticket)] == [ALICE]
    return served


def conversation_of(asked: Workspace) -> str:
    rows: list[ConversationRow] = asked.rows(ConversationRow)
    return rows[0].id


def changes_nothing(asked: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture, body: Body) -> None:
    """What a stranger sends leaves everything as it was, and the desk well."""
    before = kept(asked)
    with caplog.at_level(logging.WARNING):
        assert sent(asked, endpoint, MALLORY, body) < 500
        assert kept(asked) == before
        still_well(asked, endpoint, caplog)


@many
@given(data=st.data())
def test_a_stranger_changes_nothing_by_a_modal(
    data: st.DataObject, asked: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    view = data.draw(views(conversation_of(asked)))
    changes_nothing(asked, endpoint, caplog, {"type": "view_submission", "view": view})


@many
@given(data=st.data())
def test_a_stranger_changes_nothing_by_a_press_in_a_modal_or_on_a_home_page(
    data: st.DataObject, asked: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    conversation = conversation_of(asked)
    action, view = data.draw(pressed(conversation)), data.draw(views(conversation))
    acted = {**action, "action_ts": f"{next(_numbers)}.3"}
    body = {"type": "block_actions", "view": view, "container": {"type": "view", "view_id": "V1"}, "actions": [acted]}
    changes_nothing(asked, endpoint, caplog, body)


@many
@given(data=st.data())
def test_what_a_manager_or_the_asker_sends_broken_leaves_the_history_whole(
    data: st.DataObject, asked: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    conversation = conversation_of(asked)
    user = data.draw(st.sampled_from([MIKA, ALICE]))
    view, action = data.draw(views(conversation)), data.draw(pressed(conversation))
    with caplog.at_level(logging.WARNING):
        assert sent(asked, endpoint, user, {"type": "view_submission", "view": view}) < 500
        acted = {**action, "action_ts": f"{next(_numbers)}.3"}
        assert sent(asked, endpoint, user, {"type": "block_actions", "view": view, "actions": [acted]}) < 500
        history_is_whole(asked)
        still_well(asked, endpoint, caplog)


@pytest.mark.parametrize("kind", ["view_closed", "block_suggestion", "view_submission", "block_actions", "no_such"])
@pytest.mark.parametrize("view", [None, {}, {"callback_id": "answer"}, {"state": None, "callback_id": "feedback"}])
def test_a_payload_without_its_parts_changes_nothing(
    kind: str, view: Body | None, asked: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    before = kept(asked)
    with caplog.at_level(logging.WARNING):
        assert sent(asked, endpoint, MIKA, {"type": kind, **({} if view is None else {"view": view})}) < 500
        assert kept(asked) == before
        still_well(asked, endpoint, caplog)


@pytest.mark.parametrize("number", [2**63, 10**400, -1])
@pytest.mark.parametrize(
    "act", ["ticket_step.take", "ticket_form.answer", "ticket_details", "give_details", "record_form", "home.filter"]
)
def test_a_number_that_no_database_holds_changes_nothing(
    act: str, number: int, asked: Workspace, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    about = {"home.filter": {"page": number}, "record_form": {"conversation": conversation_of(asked), "answer": number}}
    value = json.dumps(about.get(act, {"ticket": number}))
    before = kept(asked)
    with caplog.at_level(logging.WARNING):
        action = {"type": "button", "action_id": act, "action_ts": "1.1", "value": value}
        view = {"type": "home", "id": "V1"}
        assert sent(asked, endpoint, MIKA, {"type": "block_actions", "view": view, "actions": [action]}) < 500
        assert kept(asked) == before
        still_well(asked, endpoint, caplog)
