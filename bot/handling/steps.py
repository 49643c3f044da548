"""Steps of tickets, by buttons and modals. Who may do what is checked here, each time."""

from typing import Any

from bot import replies
from bot.forms import FORMS, missing
from bot.handling import tickets
from bot.handling.precedents import keep_precedent
from bot.handling.work import Office, Work
from bot.kit import escape, quoted
from bot.store.tables import Ticket
from bot.tickets import service
from bot.tickets.access import may
from bot.tickets.changes import RefusedError
from bot.tickets.course import CourseError, State, Step
from bot.tickets.history import latest_kind
from bot.words import say

BY_THE_REQUESTER = {
    Step.SETTLE: ("settled", "thanks"),
    Step.REOPEN: ("reopened_by_requester", None),
    Step.GIVE_DETAILS: ("gave_details", "details_kept"),
}
"""Steps of a requester: what the managers are told under the card, and what the requester is told beside the letter."""

WRITTEN = tuple(dict.fromkeys(field.id for form in FORMS.values() for field in form.fields if field.type == "long"))
"""The fields in which people write at length."""


def ticket_step(office: Office, work: Work) -> None:
    """A step of a ticket: taken, or refused with a sentence to the person alone."""
    ticket = service.locked(work.session, work.incoming.ticket, work.incoming.team)
    language = ticket.language if ticket else office.language_of(work.session, work.incoming.user)
    try:
        step = _allowed(office, work, ticket)
        assert ticket is not None  # noqa: S101 - it is there where it is allowed
        _take(office, work, ticket, step)
    except RefusedError as refused:
        values = {"number": f"#{work.incoming.ticket}", **refused.values}
        text = say(language, f"refusal.{refused.key}", **{name: escape(str(value)) for name, value in values.items()})
        _refuse(work, language, text)
    except CourseError:
        assert ticket is not None  # noqa: S101 - only a ticket has a course
        state = say(language, f"ticket.states.{ticket.state}")
        _refuse(work, language, say(language, "refusal.course", number=f"#{ticket.number}", state=state))


def _refuse(work: Work, language: str, text: str) -> None:
    """Tell the person alone, and give back what they wrote: their window is closed by now."""
    written = [str(work.incoming.fields[field]) for field in WRITTEN if work.incoming.fields.get(field)]
    kept = [say(language, "refusal.you_wrote"), *map(quoted, written)] if written else []
    work.send(replies.to_the_person(work.incoming, "\n".join([text, *kept])))


def _allowed(office: Office, work: Work, ticket: Ticket | None) -> Step:
    """The step, where this person may take it. Raises RefusedError where not."""
    incoming = work.incoming
    requester = ticket is not None and (ticket.requester_id, ticket.team_id) == (incoming.user, incoming.team)
    if incoming.step not in set(Step) or not may(Step(incoming.step), manager=bool(work.by_manager), own=requester):
        raise RefusedError(_why_not(work, requester=requester))
    if ticket is None:
        raise RefusedError("no_ticket")
    step = Step(incoming.step)
    if step == Step.SETTLE:
        _not_yet_settled(work, ticket)
    if step == Step.REOPEN and requester:
        _in_time(office, work, ticket)
    elif missing(step, incoming.fields):
        raise RefusedError("fill_in")
    return step


def _not_yet_settled(work: Work, ticket: Ticket) -> None:
    """That it is settled is said once for each closing."""
    if latest_kind(work.session, ticket.id, {Step.CLOSE, Step.MERGE, Step.SETTLE}) == Step.SETTLE:
        raise RefusedError("settled")


def _in_time(office: Office, work: Work, ticket: Ticket) -> None:
    """A requester reopens within the days for it; a manager at any time."""
    if ticket.closed_at is None or work.by_manager:
        return
    until = office.clocks.reopen_until(ticket.closed_at)
    if work.at > until:
        raise RefusedError("too_late", days=(until - ticket.closed_at).days)


def _why_not(work: Work, *, requester: bool) -> str:
    if work.by_manager is None and work.incoming.step not in (Step.SETTLE, Step.GIVE_DETAILS):
        return "cannot_tell"
    own = work.incoming.step in (Step.SETTLE, Step.GIVE_DETAILS, Step.WRITE)
    return "no_ticket" if own and not requester else "not_a_manager"


def _take(office: Office, work: Work, ticket: Ticket, step: Step) -> None:
    fields = dict(work.incoming.fields)
    if step == Step.ASSIGN and fields["user"] not in (work.managers or ()):
        raise RefusedError("assignee", user=fields["user"])
    target = _merge_target(work, ticket, fields) if step == Step.MERGE else None
    tickets.step(office, work, ticket, step, fields)
    if step == Step.ANSWER and "precedent" in (fields.get("keep") or ()):
        keep_precedent(work.session, ticket, str(fields.get("text") or ""), work.incoming.user, work.at)
    if target is not None:
        tickets.tell_managers(office, work, target, "joined", quoted(ticket.question), other=f"#{ticket.number}")
    if step in BY_THE_REQUESTER and not (step == Step.REOPEN and work.by_manager):
        _tell_both(office, work, ticket, step)


def _merge_target(work: Work, ticket: Ticket, fields: dict[str, Any]) -> Ticket:
    """The open ticket that stays; its number is put into the fields. Raises RefusedError where there is none."""
    written = str(fields.get("number") or "")
    number = service.number_in(written)
    target = service.locked(work.session, number, ticket.team_id) if number != ticket.number else None
    if target is None or target.state == State.CLOSED:
        raise RefusedError("merge_target", number=f"#{written.strip().lstrip('#＃')}")
    fields["into"] = number
    return target


def _tell_both(office: Office, work: Work, ticket: Ticket, step: Step) -> None:
    to_managers, to_requester = BY_THE_REQUESTER[step]
    tickets.tell_managers(office, work, ticket, to_managers, number=f"#{ticket.number}")
    if to_requester:
        text = say(ticket.language, f"letter.{to_requester}", number=f"#{ticket.number}")
        tickets.to_requester(office, work, ticket, {"text": text})
