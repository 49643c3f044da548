"""The modals that buttons and shortcuts open.

They are built at once, because Slack's trigger id lives for 3 seconds, and change nothing: what is filled in comes back
as a thing of its own, and is checked again then.
"""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from bot.answers import Answer
from bot.answers.actions import Carried, TicketCarried
from bot.forms import FORMS, Choice, Value, modal
from bot.forms.catalog import UNKNOWN
from bot.handling.tickets import told_directly
from bot.handling.work import Office
from bot.kit import Block, plain_text, section, sentence
from bot.replies import others_read
from bot.store import conversations
from bot.store.database import Database
from bot.store.tables import ConversationRow, Ticket, TicketEvent, now
from bot.tickets import notices
from bot.tickets.access import CannotTellError, Managers, may
from bot.tickets.cards import title
from bot.tickets.course import CourseError, Kind, State, Step, after
from bot.tickets.details import clause_and_label, details_form, details_text
from bot.tickets.provision import prefilled
from bot.words import say

View = dict[str, Any]
TITLE_LIMIT = 24


@dataclass(frozen=True)
class Person:
    """Who pressed: their user id and their workspace."""

    user: str
    team: str


class Windows:
    """Builds modals for one office. What somebody may not see becomes a modal that says so."""

    def __init__(self, database: Database, office: Office, managers: Managers) -> None:
        """Take the store, what handlers work with, and who the managers are."""
        self._database, self._office, self._managers = database, office, managers

    def step(self, step: str, number: int, person: Person) -> View:
        """The form of a ticket's step."""
        manager = self._is_manager(person)
        with self._database.reading() as session:
            ticket = _ticket(session, number, person)
            refused = _refusal(ticket, step, person, manager=manager)
            if refused or ticket is None:
                return _notice(self._language(session, person, ticket), refused or "no_ticket")
            try:
                self._possible(ticket, Step(step))
            except CourseError:
                state = say(ticket.language, f"ticket.states.{ticket.state}")
                return _notice(ticket.language, "course", number=f"#{number}", state=state)
            return self._form(session, ticket, Step(step))

    def details(self, number: int, person: Person) -> View:
        """What the requester gave, unmasked, for a manager or the requester."""
        manager = self._is_manager(person)
        with self._database.reading() as session:
            ticket = _ticket(session, number, person)
            if ticket is None or not (_own(ticket, person) or manager):
                refused = "no_ticket" if manager else _not_a_manager(manager)
                return _notice(self._language(session, person, ticket), refused)
            text = details_text(ticket, self._office.pack, self._office.clocks) or say(ticket.language, "ticket.purged")
            heading = say(ticket.language, "form.ticket_details.title")
            return plain_view(ticket.language, heading, [section(f"*{title(ticket)}*"), section(text)])

    def give_details(self, number: int, person: Person) -> View:
        """The form in which a requester gives what their ticket needs."""
        with self._database.reading() as session:
            ticket = _ticket(session, number, person)
            if ticket is None or not _own(ticket, person):
                return _notice(self._language(session, person, ticket), "no_ticket")
            if ticket.state == State.CLOSED:
                state = say(ticket.language, f"ticket.states.{ticket.state}")
                return _notice(ticket.language, "course", number=f"#{number}", state=state)
            choices = {"ground": self._grounds(ticket)}
            initial = {"what": ticket.question, **_read_ground(ticket, self._office), **(ticket.details or {})}
            carried = TicketCarried(ticket=number).text()
            form = details_form(ticket.kind)
            return modal(form, ticket.language, carried, initial=initial, choices=choices)

    def report(self, person: Person, language: str | None = None) -> View:
        """The form that reports a data incident."""
        with self._database.reading() as session:
            spoken = language or self._language(session, person, None)
        return modal("report_incident", spoken, spoken)

    def feedback(self, carried: Carried, person: Person) -> View:
        """The form that asks why an answer is not right."""
        with self._database.reading() as session:
            row = session.get(ConversationRow, carried.conversation)
            language = row.language if row else self._language(session, person, None)
            if row is None or not _asked(row, person):
                return _notice(language, "not_the_asker")
        return modal("feedback", language, carried.text())

    def record(self, carried: Carried, person: Person) -> View:
        """The form for the record of provision, filled in from the facts as they were read."""
        manager = self._is_manager(person)
        with self._database.reading() as session:
            row = session.get(ConversationRow, carried.conversation)
            given = conversations.answer_of(session, row.id, carried.answer) if row else None
            if row is None or given is None or row.team_id != person.team or not (_asked(row, person) or manager):
                return _notice(self._language(session, person, None), "not_the_asker")
        known = prefilled(self._office.pack, Answer.model_validate(given.form).reading.values(), row.language)
        today = self._office.clocks.day(now()).isoformat()
        return modal("provision", row.language, carried.text(), initial={**known, "on": today, "form": "single"})

    def _is_manager(self, person: Person) -> bool | None:
        """Whether this is a manager, asked of Slack outside of any transaction; None where it cannot be told."""
        try:
            return self._managers.include(person.user)
        except CannotTellError:
            return None

    def _possible(self, ticket: Ticket, step: Step) -> None:
        at_once = step == Step.ANSWER and ticket.kind == Kind.INQUIRY and ticket.state == State.OPEN
        after(Kind(ticket.kind), State.IN_PROGRESS if at_once else State(ticket.state), step)

    def _form(self, session: Session, ticket: Ticket, step: Step) -> View:
        office, carried = self._office, TicketCarried(ticket=ticket.number).text()
        today = office.clocks.day(now()).isoformat()
        initial: dict[str, Value] = {}
        choices: dict[str, list[Choice]] = {}
        if step == Step.DECIDE:
            choices["decision"] = self._decisions(ticket)
        if step == Step.NOTIFY:
            initial = {"text": self._draft(session, ticket), "way": "thread"}
        if step == Step.REPORT:
            initial = {"on": today, "stage": "final" if ticket.outcome else "preliminary"}
        if step == Step.CHANGE_DUE:
            initial = {"due": office.clocks.day(ticket.due_at).isoformat()}
        if step == Step.SET_KNOWN_AT:
            initial = {"at": _known_at(ticket)}
        if step == Step.ASSESS:
            initial = {"classes": tuple(ticket.classes or suggested_classes(ticket))}
        intro = [section(f"*{title(ticket)}*\n{self._readers(session, ticket, step)}")]
        return modal(step, ticket.language, carried, initial=initial, choices=choices, intro=intro)

    def _readers(self, session: Session, ticket: Ticket, step: Step) -> str:
        """Where others can read the requester's thread: a line that says where what a manager writes goes."""
        row = session.get_one(ConversationRow, ticket.conversation_id)
        if step not in (Step.ANSWER, Step.ASK_REQUESTER, Step.REPLY, Step.NOTIFY):
            return ""
        if not others_read(row, self._office.settings):
            return ""
        key = "form.goes_directly" if told_directly(ticket, row, self._office.settings) else "form.read_by_others"
        return say(ticket.language, key, channel=f"<#{row.channel_id}>")

    def _decisions(self, ticket: Ticket) -> list[Choice]:
        """Every decision that the policy allows, each with its ground, and no other."""
        rules, language = self._office.pack.requests.get(ticket.kind), ticket.language
        found = []
        for outcome in rules.outcomes if rules else ():
            label = sentence(outcome.label.in_language(language))
            grounds = rules.grounds_of(outcome.id) if rules else ()
            found += [
                Choice(
                    f"{outcome.id}:{one.id}",
                    f"{label}: {clause_and_label(one, language)}",
                    one.label.in_language(language),
                )
                for one in grounds
            ]
            if not grounds:
                found.append(Choice(outcome.id, f"{label}: {outcome.clause}"))
        return found

    def _draft(self, session: Session, ticket: Ticket) -> str:
        explanation = _explanation(session, ticket)
        return notices.draft(
            self._office.pack, ticket.kind, ticket.language, str(ticket.outcome), ticket.ground, explanation
        )

    def _grounds(self, ticket: Ticket) -> list[Choice]:
        rules, language = self._office.pack.requests.get(ticket.kind), ticket.language
        named = [Choice(one.id, clause_and_label(one, language)) for one in rules.grounds_to_name] if rules else []
        return [*named, Choice(UNKNOWN, say(language, f"form.option.{UNKNOWN}"))]

    def _language(self, session: Session, person: Person, ticket: Ticket | None) -> str:
        """The language to speak to somebody: the ticket's, or that of their last conversation, or the company's."""
        return ticket.language if ticket else self._office.language_of(session, person.user)


CLASSES_OF_DETAILS = {
    ("people", "mass"): "mass",
    ("data", "financial"): "financial",
    ("data", "sensitive"): "sensitive",
    ("cause", "attack"): "malicious",
}
"""What a reporter said that speaks for a class of the duty to report (Enforcement Rules of the APPI, Rule 7)."""


def suggested_classes(ticket: Ticket) -> list[str]:
    """The classes of the duty to report that the details speak for: a suggestion, until a manager assesses."""
    details = ticket.details or {}
    return [found for (field, value), found in CLASSES_OF_DETAILS.items() if value in (details.get(field) or ())]


def _known_at(ticket: Ticket) -> int:
    """When an incident became known, in seconds since 1970: as a manager said, else as its reporter noticed it."""
    noticed = (ticket.details or {}).get("noticed")
    known = ticket.known_at or ticket.opened_at
    return int(noticed) if noticed and ticket.known_at is None else int(known.timestamp())


def _read_ground(ticket: Ticket, office: Office) -> dict[str, Any]:
    """The ground that the question itself named, as the form's first choice."""
    rules = office.pack.requests.get(ticket.kind)
    read = ticket.answer.get("reading", {}).get("facts", {}).get(rules.fact) if rules and rules.fact else None
    return {"ground": read["value"] if read and read.get("value") else UNKNOWN}


def _explanation(session: Session, ticket: Ticket) -> str:
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == Step.DECIDE)
    event = session.exec(query.order_by(col(TicketEvent.position).desc())).first()
    return str((event.texts or {}).get("explanation") or "") if event else ""


def _ticket(session: Session, number: int, person: Person) -> Ticket | None:
    """The ticket of that number in the person's workspace."""
    return session.exec(select(Ticket).where(Ticket.number == number, Ticket.team_id == person.team)).first()


def _own(ticket: Ticket, person: Person) -> bool:
    return (ticket.requester_id, ticket.team_id) == (person.user, person.team)


def _asked(row: ConversationRow, person: Person) -> bool:
    return (row.user_id, row.team_id) == (person.user, person.team)


def _refusal(ticket: Ticket | None, step: str, person: Person, *, manager: bool | None) -> str | None:
    """Why this person may not open the form of a step; None where they may."""
    own = ticket is not None and _own(ticket, person)
    if step in set(Step) and step in FORMS and may(Step(step), manager=bool(manager), own=own):
        return None
    return _not_a_manager(manager)


def _not_a_manager(manager: bool | None) -> str:
    return "cannot_tell" if manager is None else "not_a_manager"


def _notice(language: str, key: str, **values: object) -> View:
    """A modal that says why something cannot be done."""
    return plain_view(language, "Privacy Desk", [section(say(language, f"refusal.{key}", **values))])


def plain_view(language: str, heading: str, blocks: list[Block]) -> View:
    """A modal that only shows something."""
    return {
        "type": "modal",
        "title": plain_text(heading, TITLE_LIMIT),
        "close": plain_text(say(language, "form.back"), TITLE_LIMIT),
        "blocks": blocks,
    }
