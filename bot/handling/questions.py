"""Questions: direct messages, mentions, replies in threads, the command, edits; and the answers to them."""

from sqlmodel import Session

from bot import replies
from bot.answers import Answer
from bot.answers.blocks import Extras
from bot.desk import Conversation
from bot.handling import tickets
from bot.handling.precedents import cited
from bot.handling.work import Ground, Office, Work
from bot.incoming import Incoming
from bot.store import conversations
from bot.store.tables import AnswerRow, ConversationRow, Ticket
from bot.tickets import service
from bot.tickets.course import Kind, Step
from bot.tickets.provision import record_wanted
from intents.language import language_of
from knowledge import Verdict, decide

SHORT_REPLY = 80
ANEW = Ground(None, "en")
"""Of a question that nothing was said before."""
SPOKEN_FOR = frozenset({Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.NOT_ALLOWED, Verdict.INFORM})
"""Verdicts that answer a message even where its thread belongs to a ticket."""


def question(office: Office, work: Work) -> None:
    """A message: a new question, a further word of a conversation, or a word for a ticket."""
    incoming = work.incoming
    row = conversations.in_thread(work.session, incoming)
    if not incoming.addressed and row is None:
        return
    if incoming.has_files and not incoming.text.strip():
        work.send(replies.text_only(incoming, language_of(incoming.text)))
        return
    ticket = (
        service.of_conversation(work.session, row.id, conversations.ticket_of_thread(work.session, incoming))
        if row
        else None
    )
    if row is not None and ticket is not None:
        _for_a_ticket(office, work, row, ticket)
        return
    ground = _ground(work.session, incoming, row)
    _ask(office, work, row or conversations.begin(work.session, incoming), ground)


def command(office: Office, work: Work) -> None:
    """The command: help, one's own tickets, or a question that is answered to the asker alone."""
    asked, language = work.incoming.text.strip().lower(), language_of(work.incoming.text)
    if asked in ("", "help", "ヘルプ"):
        work.send(replies.usage(work.incoming, language))
    elif asked in ("mine", "自分"):
        work.send(tickets.mine(office, work, language))
    else:
        _ask(office, work, conversations.begin(work.session, work.incoming), ANEW)


def edit(office: Office, work: Work) -> None:
    """An edited question: its answer changes in place."""
    given = conversations.by_question(work.session, work.incoming)
    if given is None:
        return
    row = work.session.get_one(ConversationRow, given.conversation_id)
    if row.user_id != work.incoming.user:
        return
    sent = conversations.sent_message(work.session, given.inbound_id)
    answer, state = work.ask(office.desk, Ground(None, row.language))
    answered(office, work, row, answer, state, sent.ts if sent else None)


def ground_of(session: Session, incoming: Incoming) -> Ground | None:
    """What the answer to a message will stand on if nothing changes meanwhile; None where none will be made."""
    match incoming.kind:
        case "command":
            return ANEW
        case "edit":
            given = conversations.by_question(session, incoming)
            return Ground(None, session.get_one(ConversationRow, given.conversation_id).language) if given else None
        case "question":
            row = conversations.in_thread(session, incoming)
            return _ground(session, incoming, row) if row or incoming.addressed else None
    return None


def answered(
    office: Office, work: Work, row: ConversationRow, answer: Answer, state: Conversation, update: str | None = None
) -> None:
    """Write an answer with its ticket and its messages. `update` is the message to change in place."""
    answer, extras, _ = kept(office, work, row, answer, state)
    reply = replies.answered(work.incoming, answer, office.pack, office.settings, row, extras, update)
    work.send(reply, conversation=row.id, first=True)


def kept(
    office: Office, work: Work, row: ConversationRow, answer: Answer, state: Conversation
) -> tuple[Answer, Extras, Ticket | None]:
    """Write an answer with its ticket, and what belongs under it."""
    answer = cited(work.session, answer)
    conversations.keep(work.session, row, state)
    given = AnswerRow(
        conversation_id=row.id,
        inbound_id=work.inbound_id,
        question_ts=work.incoming.ts,
        form=answer.model_dump(mode="json"),
    )
    work.session.add(given)
    work.session.flush()
    work.verdicts.append(answer.verdict)
    opened = tickets.opened(office, work, row, answer) if answer.ticket else None
    wanted = opened.ticket.number if opened and tickets.wants_details(opened.ticket) else None
    extras = Extras(
        notes=(opened.note,) if opened else (),
        details_of=wanted,
        answer_id=given.id,
        record=_asks_for_a_record(office, state),
        private=work.incoming.kind == "command" or bool(work.incoming.answer_url),
    )
    return answer, extras, opened.ticket if opened else None


def _asks_for_a_record(office: Office, state: Conversation) -> bool:
    """Whether the law asks for a record when this is done, because it rests on consent."""
    facts = state.reading.values()
    return state.reading.topical and record_wanted(office.pack, facts, decide(office.pack, facts))


def _ground(session: Session, incoming: Incoming, row: ConversationRow | None) -> Ground:
    """What is known before a message is read; `row` is the conversation of its thread."""
    if row is not None:
        return Ground(conversations.state_of(row), row.language)
    earlier = _still_talking(session, incoming)
    return Ground(conversations.state_of(earlier), ANEW.language) if earlier else ANEW


def _still_talking(session: Session, incoming: Incoming) -> ConversationRow | None:
    """In a direct message a short reply needs no thread: it belongs to what was just asked back."""
    if not incoming.direct or incoming.thread_ts or len(incoming.text) > SHORT_REPLY or "?" in incoming.text:
        return None
    row = conversations.just_before(session, incoming)
    state = conversations.state_of(row) if row else None
    return row if state and state.asked else None


def _ask(office: Office, work: Work, row: ConversationRow, ground: Ground) -> None:
    answer, state = work.ask(office.desk, ground)
    _keep_answer(office, work, row, answer, state, ground.earlier)


def _keep_answer(
    office: Office,
    work: Work,
    row: ConversationRow,
    answer: Answer,
    state: Conversation,
    earlier: Conversation | None,
) -> None:
    if earlier is None or not state.question.startswith(earlier.question):
        row.question_ts = work.incoming.ts
    answered(office, work, row, answer, state)


def _for_a_ticket(office: Office, work: Work, row: ConversationRow, ticket: Ticket) -> None:
    """A reply in the thread of an open ticket reaches the ticket; where it also asks something, it is answered too."""
    waited = ticket.waiting_since is not None
    tickets.step(office, work, ticket, Step.WRITE, {"text": work.incoming.text})
    ground = _ground(work.session, work.incoming, row)
    answer, state = work.ask(office.desk, ground)
    earlier = ground.earlier
    if not waited and _asks(work, row, answer, state, earlier, ticket):
        _keep_answer(office, work, row, answer, state, earlier)
    else:
        work.send(tickets.passed_on(office, work.incoming, row, ticket), conversation=row.id, ticket=ticket.id)


def _asks(
    work: Work,
    row: ConversationRow,
    answer: Answer,
    state: Conversation,
    earlier: Conversation | None,
    ticket: Ticket,
) -> bool:
    """Whether words in the thread of a ticket ask something of the desk too, or change what it answered last."""
    if earlier is None:
        return True
    if not state.question.startswith(earlier.question):
        return answer.verdict in SPOKEN_FOR or _is_another_matter(answer, ticket)
    given = conversations.latest_answer(work.session, row.id)
    return answer.verdict in SPOKEN_FOR and (given is None or answer.verdict.value != given.form["verdict"])


def _is_another_matter(answer: Answer, ticket: Ticket) -> bool:
    """A request or an incident, told in the thread of something else, needs a ticket and a clock of its own."""
    return answer.ticket is not None and answer.ticket.kind not in (ticket.kind, Kind.INQUIRY)
