"""The manager's card of a ticket: what it is about, how it stands, and what can be done with it."""

from datetime import datetime

from bot.answers import Answer
from bot.answers.actions import TicketAction, TicketCarried
from bot.answers.passages import passages
from bot.answers.templating import macros
from bot.kit import Block, actions, button, confirm, context, fields, quoted, section, sentence
from bot.store.tables import Ticket, now
from bot.tickets.clocks import Clocks
from bot.tickets.course import REQUESTS, Kind, State, Step, steps
from bot.tickets.details import clause_and_label, details_text
from bot.tickets.masking import masked
from bot.words import say
from knowledge import Pack

AT_ONCE = frozenset({Step.TAKE, Step.INVESTIGATE, Step.CLOSE})
"""Steps that need nothing to be filled in."""
FORWARD = (
    Step.TAKE, Step.ANSWER, Step.CHECK_IDENTITY, Step.INVESTIGATE, Step.DECIDE, Step.NOTIFY, Step.CONTAIN, Step.ASSESS,
    Step.REPORT, Step.NOT_REPORTABLE, Step.CLOSE, Step.REOPEN,
)  # fmt: skip
BESIDE = (Step.ASK_REQUESTER, Step.REPLY, Step.ASSIGN, Step.SET_KNOWN_AT, Step.CHANGE_DUE, Step.MERGE)
FINAL = "final"


def title(ticket: Ticket) -> str:
    """What a ticket is called, in one line."""
    kind = say(ticket.language, f"ticket.kind.{ticket.kind}")
    return sentence(say(ticket.language, "ticket.card", kind=kind, number=f"#{ticket.number}"))


def card_blocks(ticket: Ticket, pack: Pack, clocks: Clocks, at: datetime | None = None) -> list[Block]:
    """The card, as it stands at a moment (None: now)."""
    language = ticket.language
    head = title(ticket)
    if ticket.urgency == "urgent":
        head = f":rotating_light: {head} ({say(language, 'ticket.urgent')})"
    blocks = [section(f"*{head}*"), fields(_fields(ticket, clocks, at))]
    lines = _lines(ticket, pack, clocks)
    blocks += [context("\n".join(lines))] if lines else []
    return [*blocks, *_said(ticket, pack, clocks), *_found(ticket, pack), *_buttons(ticket)]


def _fields(ticket: Ticket, clocks: Clocks, at: datetime | None) -> list[str]:
    language = ticket.language
    assignee = f"<@{ticket.assignee_id}>" if ticket.assignee_id else say(language, "ticket.nobody")
    texts = {
        "requester": f"<@{ticket.requester_id}>",
        "due": due_text(ticket, clocks, at),
        "state": say(language, f"ticket.states.{ticket.state}"),
        "assignee": assignee,
    }
    return [f"*{say(language, f'ticket.{name}')}*\n{text}" for name, text in texts.items()]


def due_text(ticket: Ticket, clocks: Clocks, at: datetime | None = None) -> str:
    """The due date as a day, marked where it has passed at a moment (None: now)."""
    day = clocks.day(ticket.due_at)
    late = ticket.due_at < (at or now()) and ticket.state != State.CLOSED and ticket.waiting_since is None
    return say(ticket.language, "ticket.overdue", due=day.isoformat()) if late else day.isoformat()


def _lines(ticket: Ticket, pack: Pack, clocks: Clocks) -> list[str]:
    """What else must be seen at a glance: pauses, legal clocks, decisions."""
    language, lines = ticket.language, []
    if ticket.waiting_since:
        lines.append(say(language, "ticket.waiting", day=clocks.day(ticket.waiting_since).isoformat()))
    if ticket.kind == Kind.INCIDENT:
        lines += _incident_lines(ticket, clocks)
    if ticket.kind in REQUESTS:
        lines.append(say(language, "ticket.suit_day", day=clocks.request_suit_day(ticket.opened_at).isoformat()))
    if ticket.outcome and ticket.kind in REQUESTS:
        key = "ticket.decided_before" if ticket.state == State.INVESTIGATING else "ticket.decision"
        lines.append(say(language, key, decision=decision_text(ticket, pack)))
    if ticket.merged_into:
        lines.append(say(language, "ticket.merged", number=f"#{ticket.merged_into}"))
    return lines


def _incident_lines(ticket: Ticket, clocks: Clocks) -> list[str]:
    language = ticket.language
    clock = clocks.incident_clock(ticket.known_at or ticket.opened_at, malicious="malicious" in (ticket.classes or ()))
    lines = [
        say(
            language,
            "ticket.clock",
            known=clocks.day(ticket.known_at or ticket.opened_at).isoformat(),
            preliminary=clock.preliminary.isoformat(),
            latest=clock.preliminary_latest.isoformat(),
            final=clock.final.isoformat(),
        )
    ]
    if ticket.known_at is None:
        lines.append(say(language, "ticket.known_from_opening"))
    if ticket.classes:
        classes = ", ".join(say(language, f"ticket.class.{one}") for one in ticket.classes)
        lines.append(say(language, "ticket.classes", classes=classes))
    if ticket.outcome:
        stages = say(language, f"ticket.stage.{ticket.outcome}")
        lines.append(say(language, "ticket.reported_so_far", stages=stages))
    return lines


def decision_text(ticket: Ticket, pack: Pack) -> str:
    """The decision on a request with its ground, in words."""
    rules, language = pack.requests.get(ticket.kind), ticket.language
    if rules is None or ticket.outcome not in {outcome.id for outcome in rules.outcomes}:
        return str(ticket.outcome)
    outcome = rules.outcome(ticket.outcome)
    if not ticket.ground:
        return clause_and_label(outcome, language)
    return f"{outcome.label.in_language(language)}: {clause_and_label(rules.ground(ticket.ground), language)}"


def _said(ticket: Ticket, pack: Pack, clocks: Clocks) -> list[Block]:
    """What the requester asked, and what they gave in a form."""
    language = ticket.language
    if ticket.purged_at:
        return [context(say(language, "ticket.purged"))]
    blocks = []
    if ticket.question:
        blocks.append(section(f"*{say(language, 'ticket.question')}*\n{quoted(masked(ticket.question))}"))
    if ticket.details:
        blocks.append(section(f"*{say(language, 'ticket.details')}*\n{details_text(ticket, pack, clocks, masked)}"))
    return blocks


def _found(ticket: Ticket, pack: Pack) -> list[Block]:
    """How the desk read it, what it answered, and the clauses."""
    if ticket.purged_at:
        return []
    answer = Answer.model_validate(ticket.answer)
    texts = macros(answer, pack)
    blocks = [section(texts.finding(answer))]
    blocks += [context(texts.passage(passage)) for passage in passages(answer)]
    if answer.reading.facts:
        blocks.append(context(texts.reading_of(answer)))
    return [*blocks, context(texts.source(answer))]


def _buttons(ticket: Ticket) -> list[Block]:
    possible = offered(ticket)
    onwards = [step for step in FORWARD if step in possible]
    onwards.sort(key=lambda step: not _leads_on(ticket, step))
    forward = [_step_button(ticket, step, primary=n == 0) for n, step in enumerate(onwards)]
    beside = [_step_button(ticket, step) for step in BESIDE if step in possible]
    if ticket.details:
        label = say(ticket.language, "ticket.details_button")
        beside.append(button(TicketAction.DETAILS, label, TicketCarried(ticket=ticket.number).text()))
    return [*actions(forward), *actions(beside)]


def _leads_on(ticket: Ticket, step: Step) -> bool:
    """Whether a step is what the ticket waits for, rather than one that may be done again."""
    if ticket.state == State.REPORTED and ticket.outcome != FINAL:
        return step == Step.REPORT
    again = {State.ASSESSED: {Step.ASSESS}, State.REPORTED: {Step.ASSESS, Step.REPORT}}
    return step not in again.get(State(ticket.state), set())


def offered(ticket: Ticket) -> set[Step]:
    """The steps that a manager is offered: those of the course, and answering at once, which takes the ticket too."""
    possible = set(steps(Kind(ticket.kind), State(ticket.state)))
    if ticket.assignee_id:
        possible.discard(Step.TAKE)
    if ticket.kind == Kind.INQUIRY and ticket.state == State.OPEN:
        possible.add(Step.ANSWER)
    if ticket.state == State.CLOSED:
        possible &= {Step.REOPEN, Step.REPLY}
    return possible


def _step_button(ticket: Ticket, step: Step, *, primary: bool = False) -> Block:
    action = TicketAction.STEP if step in AT_ONCE else TicketAction.FORM
    label = say(ticket.language, f"ticket.step.{step}")
    asked = _closing(ticket) if step == Step.CLOSE else None
    value = TicketCarried(ticket=ticket.number).text()
    return button(f"{action}.{step}", label, value, "primary" if primary else None, asked)


def _closing(ticket: Ticket) -> Block:
    """The question before closing; it warns where the final report on an incident is not recorded."""
    language = ticket.language
    open_report = ticket.state == State.REPORTED and ticket.outcome != FINAL
    key = "ticket.close_confirm.with_final_open" if open_report else "ticket.close_confirm.text"
    return confirm(
        say(language, "ticket.close_confirm.title", number=f"#{ticket.number}"),
        say(language, key),
        say(language, "ticket.close_confirm.go"),
        say(language, "ticket.close_confirm.back"),
    )
