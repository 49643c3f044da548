"""Tickets as people meet them: opened under an answer, taken a step further, told of to their requesters."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.answers import Answer
from bot.answers.actions import TicketAction, TicketCarried
from bot.handling.work import Office, Work
from bot.incoming import Incoming
from bot.kit import Block, actions, button, context, quoted, section, sections, sentence, shortened
from bot.replies import POST, UPDATE, Reply, alone, manager_channels, note, others_read
from bot.settings import Settings
from bot.store.tables import ConversationRow, Outbound, Ticket
from bot.tickets import service
from bot.tickets.cards import card_blocks, due_text, title
from bot.tickets.changes import Act, Change, Letter
from bot.tickets.clocks import Clocks
from bot.tickets.course import REQUESTS, Kind, Step
from bot.words import say

NO_UNFURL = {"unfurl_links": False, "unfurl_media": False}
MOST_SHOWN, LINE_LIMIT = 15, 100
"""Tickets that the command lists, and characters of each question: together they fit into one message."""


@dataclass(frozen=True)
class Opened:
    """A ticket that an answer opened, or had opened before, and the line that tells the asker so."""

    ticket: Ticket
    note: str


def opened(office: Office, work: Work, row: ConversationRow, answer: Answer, kind: str | None = None) -> Opened:
    """Open the answer's ticket and post its card, once."""
    ticket, new = service.open_ticket(work.session, answer, row, office.clocks, kind)
    if new:
        post_card(office, work, ticket)
    told = opened_note(ticket, answer.language, office.clocks, new=new)
    direct = told_directly(ticket, row, office.settings)
    how = say(answer.language, "ticket.by_direct" if direct else "ticket.by_thread")
    return Opened(ticket, f"{told} {how}")


def opened_note(ticket: Ticket, language: str, clocks: Clocks, *, new: bool) -> str:
    """The line that tells the asker a ticket's number and due date."""
    key = "ticket.opened" if new else "ticket.already"
    kind, due = say(language, f"ticket.kind.{ticket.kind}"), clocks.day(ticket.due_at).isoformat()
    return sentence(say(language, key, kind=kind, number=f"#{ticket.number}", due=due))


def wants_details(ticket: Ticket) -> bool:
    """Whether the requester can still be asked for what this kind of ticket needs."""
    return ticket.kind in REQUESTS | {Kind.INCIDENT} and ticket.details is None and ticket.closed_at is None


def step(office: Office, work: Work, ticket: Ticket, taken: Step, fields: dict[str, Any]) -> Change:
    """Take a ticket a step further: history, card, and what the requester is told.

    Raises CourseError or Refused where the step cannot be taken; nothing is changed then.
    """
    act = Act(ticket, work.incoming.user, work.at, fields, office.clocks, office.pack)
    change = service.take_step(work.session, taken, act)
    update_card(office, work, ticket)
    if change.letter:
        to_requester(office, work, ticket, _letter(ticket, change.letter))
    if taken == Step.WRITE:
        _under_the_card(office, work, ticket, "wrote", quoted(str(fields["text"])))
    return change


def card_name(ticket: Ticket, place: int) -> str:
    """The outbox's name of a ticket's card in the managers' n-th channel."""
    return f"card.{ticket.id}.{place}"


def post_card(office: Office, work: Work, ticket: Ticket) -> None:
    """Post the card where the managers are."""
    for place, channel in enumerate(manager_channels(office.settings)):
        body = {"channel": channel, **card(office, ticket)}
        work.send(Reply(POST, body), ticket=ticket.id, name=card_name(ticket, place))


def update_card(office: Office, work: Work, ticket: Ticket) -> None:
    """Bring the card up to date, in place."""
    for place, channel in enumerate(manager_channels(office.settings)):
        body = {"channel": channel, **card(office, ticket)}
        work.send(Reply(UPDATE, body, in_place_of=card_name(ticket, place)), ticket=ticket.id)


def card(office: Office, ticket: Ticket, at: datetime | None = None) -> dict[str, Any]:
    """The card as a message, as it stands at a moment (None: now)."""
    return {"text": title(ticket), "blocks": card_blocks(ticket, office.pack, office.clocks, at)}


def _under_the_card(office: Office, work: Work, ticket: Ticket, key: str, below: str = "", **values: object) -> None:
    """Tell the managers something in the thread under the card."""
    text = say(ticket.language, f"letter.{key}", **{"requester": ticket.requester_id, **values})
    for place, channel in enumerate(manager_channels(office.settings)):
        body = {"channel": channel, "text": f"{text}\n{below}".strip(), **NO_UNFURL}
        work.send(Reply(POST, body, thread_of=card_name(ticket, place)), ticket=ticket.id)


def tell_managers(office: Office, work: Work, ticket: Ticket, key: str, below: str = "", **values: object) -> None:
    """Tell the managers, under the card, what the requester did; `below` is what somebody wrote."""
    _under_the_card(office, work, ticket, key, below, **values)


def told_directly(ticket: Ticket, row: ConversationRow, settings: Settings) -> bool:
    """Whether the requester is told of their ticket by direct message, not in the thread where they asked.

    A person's own request, or an incident, is nothing for others who read a channel; an inquiry may be.
    """
    return alone(row, settings) or (ticket.kind != Kind.INQUIRY and others_read(row, settings))


def _letter(ticket: Ticket, letter: Letter) -> dict[str, Any]:
    """What the requester is told of a step."""
    language = ticket.language
    named = {"kind": say(language, f"ticket.kind.{ticket.kind}"), "number": f"#{ticket.number}"}
    values = dict(letter.values)
    if "stage" in values:
        values["stage"] = say(language, f"ticket.stage.{values['stage']}")
    text = sentence(say(language, f"letter.{letter.key}", **named, **values))
    blocks: list[Block] = [section(text), *sections(letter.below)]
    if letter.key == "close":
        blocks += actions(_settled(ticket))
    return {"text": text, "blocks": blocks}


def _settled(ticket: Ticket) -> list[Block]:
    value = TicketCarried(ticket=ticket.number).text()
    labels = {Step.SETTLE: "ticket.settled_button", Step.REOPEN: "ticket.reopen_button"}
    return [button(f"{TicketAction.STEP}.{one}", say(ticket.language, key), value) for one, key in labels.items()]


def to_requester(office: Office, work: Work, ticket: Ticket, content: dict[str, Any], *, first: bool = False) -> None:
    """Send the requester a message: in the thread where they asked, or in a direct thread of the ticket's own.

    When a direct thread begins, a word in the thread where they asked says so. `first`: before all others of this work.
    """
    row = work.session.get_one(ConversationRow, ticket.conversation_id)
    if not told_directly(ticket, row, office.settings):
        _in_their_thread(work, ticket, row, content)
        return
    begins = _directly(work, ticket, content, first=first)
    if begins and others_read(row, office.settings):
        kind = say(ticket.language, f"ticket.kind.{ticket.kind}")
        text = sentence(say(ticket.language, "letter.goes_on_directly", kind=kind, number=f"#{ticket.number}"))
        _in_their_thread(work, ticket, row, {"text": text})


def _in_their_thread(work: Work, ticket: Ticket, row: ConversationRow, content: dict[str, Any]) -> None:
    body = {"channel": row.channel_id, "thread_ts": row.thread_ts, **NO_UNFURL, **content}
    work.send(Reply(POST, body), conversation=row.id, ticket=ticket.id)


def _directly(work: Work, ticket: Ticket, content: dict[str, Any], *, first: bool) -> bool:
    """Send the requester a message in the ticket's own thread of direct messages; True where it begins that thread."""
    about: dict[str, Any] = {"conversation": ticket.conversation_id, "ticket": ticket.id}
    body = {"channel": ticket.requester_id, **NO_UNFURL, **content}
    root = direct_name(ticket)
    begun = any(one.name == root for one in work.outbound)
    if begun or work.session.exec(select(Outbound).where(Outbound.name == root)).first():
        work.send(Reply(POST, body, thread_of=root), **about)
        return False
    work.send(Reply(POST, body), name=root, first=first, **about)
    return True


def direct_name(ticket: Ticket) -> str:
    """The outbox's name of the first direct message about a ticket: later ones stand in its thread."""
    return f"direct.{ticket.id}"


def passed_on(office: Office, incoming: Incoming, row: ConversationRow, ticket: Ticket) -> Reply:
    """Tell the requester that their words reached the ticket."""
    return note(incoming, row, say(ticket.language, "letter.passed_on", number=f"#{ticket.number}"), office.settings)


def own_tickets(session: Session, user: str, team: str, limit: int) -> list[Ticket]:
    """The tickets of a requester in a workspace, the latest first."""
    query = select(Ticket).where(Ticket.requester_id == user, Ticket.team_id == team)
    return list(session.exec(query.order_by(col(Ticket.number).desc()).limit(limit)))


def line_of(office: Office, ticket: Ticket) -> str:
    """A ticket in one paragraph: what it is, how it stands, when it is due, and what was asked."""
    language = ticket.language
    state, due = say(language, f"ticket.states.{ticket.state}"), due_text(ticket, office.clocks)
    mark = ":rotating_light: " if ticket.urgency == "urgent" and not ticket.closed_at else ""
    head = f"{mark}*{title(ticket)}* · {state}"
    head += "" if ticket.closed_at else f" · {say(language, 'ticket.due')} {due}"
    return f"{head}\n{quoted(shortened(ticket.question, LINE_LIMIT))}" if ticket.question else head


def mine(office: Office, work: Work, language: str) -> Reply:
    """The asker's own tickets, shown to them alone."""
    tickets = own_tickets(work.session, work.incoming.user, work.incoming.team, MOST_SHOWN)
    blocks = [section(line_of(office, ticket)) for ticket in tickets]
    blocks = blocks or [context(say(language, "say.no_tickets"))]
    text = say(language, "say.your_tickets")
    content = {"text": text, "blocks": [section(f"*{text}*"), *blocks]}
    incoming = work.incoming
    if incoming.answer_url:
        return Reply("respond", {"url": incoming.answer_url, "replace_original": False, **content})
    return Reply("chat.postEphemeral", {"channel": incoming.channel, "user": incoming.user, **content})
