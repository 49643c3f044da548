"""Who may do what with tickets: the table of docs/permissions.md, walked whole through Slack's payloads."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from people import Entered, Person, View, shown
from slackdouble import SlackDouble
from workspace import ALICE, GENERAL, GROUP, KEN, MIKA, NORI, Workspace, words

from bot.answers.actions import TicketAction, TicketCarried
from bot.forms import FORMS
from bot.store.tables import Ticket
from bot.tickets.access import may
from bot.tickets.course import Step

PERMISSIONS = Path(__file__).parents[2] / "docs" / "permissions.md"
PEOPLE = ("manager", "requester", "anybody else")
ROW = re.compile(r"^\| `([a-z_]+)` \| .* \| (yes|no) \| (yes|no) \| (yes|no) \|$", re.MULTILINE)
INQUIRY = "How long must we keep the CVs of rejected applicants?"
REFUSALS = ("Only the personal-information managers", "no such ticket, or it is not yours")
QUESTION = {
    "inquiry": INQUIRY,
    "disclosure": "I want to see all the data that the company holds about me",
    "incident": "I lost my laptop with the customer list",
}
NEEDED: dict[Step, tuple[str, tuple[Step, ...]]] = {
    Step.ANSWER: ("inquiry", ()),
    Step.TAKE: ("inquiry", ()),
    Step.CLOSE: ("inquiry", (Step.ANSWER,)),
    Step.REOPEN: ("inquiry", (Step.ANSWER, Step.CLOSE)),
    Step.SETTLE: ("inquiry", (Step.ANSWER, Step.CLOSE)),
    Step.CHECK_IDENTITY: ("disclosure", ()),
    Step.INVESTIGATE: ("disclosure", (Step.CHECK_IDENTITY,)),
    Step.DECIDE: ("disclosure", (Step.CHECK_IDENTITY, Step.INVESTIGATE)),
    Step.NOTIFY: ("disclosure", (Step.CHECK_IDENTITY, Step.INVESTIGATE, Step.DECIDE)),
    Step.GIVE_DETAILS: ("disclosure", ()),
    Step.CONTAIN: ("incident", ()),
    Step.ASSESS: ("incident", (Step.CONTAIN,)),
    Step.REPORT: ("incident", (Step.CONTAIN, Step.ASSESS)),
    Step.NOT_REPORTABLE: ("incident", (Step.CONTAIN, Step.ASSESS)),
    Step.SET_KNOWN_AT: ("incident", ()),
}
"""The kind of ticket that a step is for, and the steps before it; an open inquiry where nothing is said."""
ENTERED: dict[Step, dict[str, Entered]] = {
    Step.ANSWER: {"text": "Six months."},
    Step.ASK_REQUESTER: {"text": "Which ones?"},
    Step.REPLY: {"text": "Soon."},
    Step.CHECK_IDENTITY: {"how": "known"},
    Step.DECIDE: {"decision": "granted"},
    Step.CONTAIN: {"what": "Wiped."},
    Step.NOT_REPORTABLE: {"why": "Encrypted."},
    Step.REOPEN: {"why": "It came up again."},
    Step.ASSIGN: {"user": NORI},
    Step.SET_KNOWN_AT: {"at": 1_790_000_000},
    Step.CHANGE_DUE: {"due": "2099-03-31", "reason": "Audit."},
    Step.MERGE: {"number": "2"},
    Step.GIVE_DETAILS: {"whose": "own", "what": "My salary"},
}


def table() -> dict[str, tuple[bool, ...]]:
    """The rows of docs/permissions.md: what, and whether a manager, the requester, anybody else may do it."""
    rows = ROW.findall(PERMISSIONS.read_text(encoding="utf-8"))
    return {name: tuple(cell == "yes" for cell in cells) for name, *cells in rows}


def test_the_table_names_every_step_and_says_what_the_code_says() -> None:
    found = table()
    assert set(Step) <= set(found)
    for step in Step:
        expected = (may(step, manager=True, own=False), may(step, manager=False, own=True))
        assert found[step] == (*expected, may(step, manager=False, own=False)), step


class Desk:
    """A workspace with a ticket that stands right before a step, and the people who try it."""

    def __init__(self, workspace: Workspace, step: Step) -> None:
        self.workspace = workspace
        self.mika, self.alice, self.ken = (Person(workspace, user) for user in (MIKA, ALICE, KEN))
        kind, before = NEEDED.get(step, ("inquiry", ()))
        self.ts = workspace.mentions(QUESTION[kind])
        if step == Step.MERGE:
            workspace.mentions(QUESTION[kind], user="UZOE")
        for earlier in before:
            self.mika.takes(earlier, 1, **ENTERED.get(earlier, {}))

    def person(self, who: str) -> Person:
        return {"manager": self.mika, "requester": self.alice, "anybody else": self.ken}[who]

    def state(self) -> tuple[str, int, object]:
        ticket = self.workspace.ticket()
        return ticket.state, len(self.workspace.history()), (ticket.details, ticket.due_at, ticket.assignee_id)

    def card(self) -> View:
        return {"message": self.workspace.card()}

    def form(self, step: Step) -> View:
        """The form of a step as it comes to somebody who may have it."""
        who = self.mika if may(step, manager=True, own=False) else self.alice
        return shown(who.presses_element(opener(step), self.workspace.card()))


def opener(step: Step) -> View:
    """The button that opens a step's form."""
    name = TicketAction.GIVE_DETAILS if step == Step.GIVE_DETAILS else f"{TicketAction.FORM}.{step}"
    return {"type": "button", "action_id": name, "value": TicketCarried(ticket=1).text()}


def pressed(step: Step, number: int = 1) -> View:
    """The button that takes a step at once."""
    value = TicketCarried(ticket=number).text()
    return {"type": "button", "action_id": f"{TicketAction.STEP}.{step}", "value": value}


def attempt(desk: Desk, step: Step, person: Person) -> None:
    """Somebody tries a step by the form that they may have from elsewhere, or by its button, or by writing."""
    if step == Step.WRITE:
        person.writes("A word more.", thread=desk.ts, channel=GENERAL)
    elif step == Step.GIVE_DETAILS or step in FORMS:
        person.submits(desk.form(step), **ENTERED.get(step, {}))
    else:
        person.presses_element(pressed(step), desk.workspace.card())


ALLOWED = [(step, who) for step in Step for who, yes in zip(PEOPLE, table()[step], strict=True) if yes]


@pytest.mark.parametrize(("step", "who"), ALLOWED)
def test_each_step_is_taken_by_whom_the_table_names_and_by_nobody_else(
    step: Step, who: str, workspace: Workspace
) -> None:
    desk = Desk(workspace, step)
    before = desk.state()
    for other in (one for one, yes in zip(PEOPLE, table()[step], strict=True) if not yes):
        sent = len(workspace.slack.messages)
        attempt(desk, step, desk.person(other))
        assert desk.state() == before
        assert_told_alone(workspace, desk.person(other), sent, step)
    attempt(desk, step, desk.person(who))
    assert workspace.history()[before[1] :] in ([step], ["take", step])


def assert_told_alone(workspace: Workspace, person: Person, sent: int, step: Step) -> None:
    """Somebody was refused with a sentence, and nobody else was told anything since then."""
    if step == Step.WRITE:  # words in a thread are no step of others: nobody is told anything
        assert workspace.slack.messages[sent:] == []
        return
    assert any(refusal in person.private()[-1] for refusal in REFUSALS)
    assert [one for one in workspace.slack.messages[sent:] if one.channel != person.direct] == []


@pytest.mark.parametrize("step", [step for step in Step if step in FORMS])
def test_the_form_of_a_step_opens_for_whom_the_table_names(step: Step, workspace: Workspace) -> None:
    desk = Desk(workspace, step)
    for who, allowed in zip(PEOPLE, table()[step], strict=True):
        view = shown(desk.person(who).presses_element(opener(step), workspace.card()))
        assert ("submit" in view) == allowed
        assert allowed or INQUIRY not in words(view)


def sees_the_details(desk: Desk, person: Person) -> bool:
    desk.alice.submits(desk.form(Step.GIVE_DETAILS), whose="own", what="Salary", reach="alice@example.com")
    button = {"type": "button", "action_id": TicketAction.DETAILS, "value": TicketCarried(ticket=1).text()}
    return "alice@example.com" in words(shown(person.presses_element(button, desk.workspace.card())))


def sees_the_tickets(desk: Desk, person: Person) -> bool:
    return QUESTION["disclosure"] in words(person.opens_home())


def sees_own_tickets_by_command(desk: Desk, person: Person) -> bool:
    person.commands("mine")
    return QUESTION["disclosure"] in person.private()[-1]


def searches(desk: Desk, person: Person) -> bool:
    search = shown(desk.mika.presses_in_view("Search", desk.mika.opens_home()))
    person.submits(search, text="holds about me")
    home = words(desk.workspace.slack.homes[person.user])
    return QUESTION["disclosure"] in home and "app_redirect" in home


def lists_precedents(desk: Desk, person: Person) -> bool:
    window = person.presses_in_view("Precedents", desk.mika.opens_home())
    return "No precedents yet" in words(window)


def withdraws_a_precedent(desk: Desk, person: Person) -> bool:
    desk.workspace.mentions(INQUIRY, user="UZOE")
    desk.mika.takes("answer", 2, text="Six months.", keep=["precedent"])
    window = desk.mika.presses_in_view("Precedents", desk.mika.opens_home())
    person.presses_in_view("Withdraw", window)
    return "no longer shown" in person.private()[-1]


def makes_a_record(desk: Desk, person: Person) -> bool:
    desk.workspace.mentions("can I share applicant data with an event co-host?")
    answer = desk.workspace.slack.messages[-1]
    return "submit" in shown(person.presses("Record of provision", answer))


def gives_feedback(desk: Desk, person: Person) -> bool:
    answer = desk.workspace.slack.thread(GENERAL, desk.ts)[0]
    return "submit" in shown(person.presses("Not right", answer))


def uses_the_buttons_of_an_answer(desk: Desk, person: Person) -> bool:
    answer = desk.workspace.slack.thread(GENERAL, desk.ts)[0]
    person.presses("Not what I meant", answer)
    return "in other words" in desk.workspace.said(desk.ts)[-1]


OTHERS: dict[str, Callable[[Desk, Person], bool]] = {
    "details": sees_the_details,
    "tickets": sees_the_tickets,
    "mine": sees_own_tickets_by_command,
    "search": searches,
    "precedents": lists_precedents,
    "withdraw_precedent": withdraws_a_precedent,
    "record": makes_a_record,
    "feedback": gives_feedback,
    "answer_buttons": uses_the_buttons_of_an_answer,
}


def test_the_table_names_everything_that_is_tried_here_and_nothing_else() -> None:
    assert set(table()) == {*Step, *OTHERS}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("what", OTHERS)
def test_all_else_is_for_whom_the_table_names(what: str, who: str, workspace: Workspace) -> None:
    desk = Desk(workspace, Step.GIVE_DETAILS)
    assert OTHERS[what](desk, desk.person(who)) == table()[what][PEOPLE.index(who)]


@pytest.mark.parametrize("step", [Step.TAKE, Step.ANSWER])
def test_a_former_manager_of_the_group_loses_access_between_press_and_press(step: Step, workspace: Workspace) -> None:
    desk = Desk(workspace, step)
    view = desk.form(Step.ANSWER)
    workspace.slack.groups[GROUP] = [NORI]
    before = desk.state()
    if step == Step.TAKE:
        desk.mika.presses("Take", workspace.card())
    else:
        desk.mika.submits(view, text="Six months.")
    assert desk.state() == before
    assert "Only the personal-information managers" in desk.mika.private()[-1]
    assert "submit" not in desk.mika.presses_element(opener(Step.ANSWER), workspace.card())  # type: ignore[operator]
    assert INQUIRY not in words(desk.mika.opens_home())


def test_a_manager_who_is_no_longer_listed_loses_access(workspace_with: Callable[..., Workspace]) -> None:
    workspace = workspace_with(privacy_desk_managers=f"{MIKA},{NORI}")
    desk = Desk(workspace, Step.TAKE)
    view = desk.form(Step.ANSWER)
    later = workspace_with(privacy_desk_managers=NORI)
    mika, before = Person(later, MIKA), desk.state()
    mika.submits(view, text="Six months.")
    mika.presses("Take", later.card())
    assert desk.state() == before
    assert all("Only the personal-information managers" in text for text in mika.private()[-2:])


@pytest.mark.parametrize("step", [Step.SETTLE, Step.GIVE_DETAILS, Step.REOPEN])
def test_a_ticket_of_somebody_else_is_not_reached_by_a_forged_number(step: Step, workspace: Workspace) -> None:
    desk = Desk(workspace, step)
    workspace.mentions(QUESTION["disclosure"], user=KEN)
    theirs = workspace.slack.thread(GENERAL, workspace.ticket(2).thread_ts or "")[0]
    before = desk.state()
    if step == Step.GIVE_DETAILS:
        view = shown(desk.ken.presses("Give the details", theirs))
        desk.ken.submits({**view, "private_metadata": TicketCarried(ticket=1).text()}, whose="own", what="x")
    else:
        desk.ken.presses_element(pressed(step), theirs)
    assert desk.state() == before
    assert any(refusal in desk.ken.private()[-1] for refusal in REFUSALS)


@pytest.mark.parametrize("carried", ["", "{}", "not json", '{"ticket":"#1"}', '{"ticket":1,"more":2}', '{"ticket":99}'])
def test_forged_metadata_changes_nothing(carried: str, workspace: Workspace) -> None:
    desk = Desk(workspace, Step.TAKE)
    before = desk.state()
    desk.mika.sends({**desk.form(Step.ANSWER), "private_metadata": carried, "state": {"values": {}}})
    desk.mika.presses_element({**pressed(Step.TAKE), "value": carried}, workspace.card())
    desk.mika.presses_element({**opener(Step.ANSWER), "value": carried}, workspace.card())
    assert desk.state() == before


@pytest.mark.parametrize("action", ["ticket_step.eat", "ticket_step", "ticket_step.decide", "ticket_step.write",
                                    "ticket_form.eat", "ticket_form.take", "ticket_form", "home.eat"])  # fmt: skip
def test_forged_buttons_change_nothing(action: str, workspace: Workspace) -> None:
    desk = Desk(workspace, Step.TAKE)
    before = desk.state()
    for person in (desk.mika, desk.alice, desk.ken):
        person.presses_element({**pressed(Step.TAKE), "action_id": action}, workspace.card())
    assert desk.state() == before


@pytest.mark.parametrize("user", [MIKA, ALICE])
def test_from_another_workspace_nothing_is_seen_or_changed(user: str, workspace: Workspace) -> None:
    desk = Desk(workspace, Step.SETTLE)
    stranger, before = Person(workspace, user, team="T2"), desk.state()
    for step in (Step.REOPEN, Step.SETTLE, Step.REPLY):
        stranger.presses_element(pressed(step), workspace.card())
    stranger.submits(desk.form(Step.REPLY), text="Hello.")
    assert desk.state() == before
    assert any(refusal in stranger.private()[-1] for refusal in REFUSALS)
    button = {"type": "button", "action_id": TicketAction.DETAILS, "value": TicketCarried(ticket=1).text()}
    assert INQUIRY not in words(shown(stranger.presses_element(button, workspace.card())))
    assert INQUIRY not in words(stranger.opens_home())
    stranger.commands("mine")
    assert INQUIRY not in stranger.private()[-1]


def test_where_slack_does_not_say_who_manages_everybody_is_refused_kindly(
    workspace: Workspace, slack: SlackDouble
) -> None:
    desk = Desk(workspace, Step.TAKE)
    view, home = desk.form(Step.ANSWER), desk.mika.opens_home()
    slack.silent.add("usergroups.users.list")
    before, sentence = desk.state(), "could not look up in Slack"
    desk.mika.presses("Take", workspace.card())
    assert sentence in desk.mika.private()[-1]
    desk.mika.submits(view, text="Six months.")
    assert sentence in desk.mika.private()[-1]
    assert desk.state() == before
    assert sentence in words(shown(desk.mika.presses("Answer", workspace.card())))
    assert sentence in words(shown(desk.mika.presses_in_view("Search", home)))
    assert sentence in words(desk.mika.opens_home())
    details = {"type": "button", "action_id": TicketAction.DETAILS, "value": TicketCarried(ticket=1).text()}
    assert sentence in words(shown(desk.mika.presses_element(details, workspace.card())))


def test_requesters_need_no_managers_for_what_is_theirs(workspace: Workspace, slack: SlackDouble) -> None:
    desk = Desk(workspace, Step.GIVE_DETAILS)
    slack.silent.add("usergroups.users.list")
    view = desk.alice.presses("Give the details", slack.thread(GENERAL, desk.ts)[0])
    desk.alice.submits(view, whose="own", what="My salary")
    assert workspace.ticket().details is not None
    assert "could not" not in desk.alice.private()[-1] if desk.alice.private() else True


def test_nobody_manages_where_no_managers_are_set(workspace_with: Callable[..., Workspace]) -> None:
    workspace = workspace_with(privacy_desk_managers="")
    workspace.mentions(INQUIRY)
    Person(workspace, MIKA).presses("Take", workspace.card())
    assert [ticket.state for ticket in workspace.rows(Ticket)] == ["open"]
