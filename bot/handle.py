"""Handling what was accepted: one function of a stored thing, one transaction, safe to run again.

Everything that follows from a message (the answer, its ticket, the messages to send) is written together or not at
all; what is written goes out afterwards, by `bot.deliver`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from bot import replies
from bot.answers import Answer
from bot.desk import Conversation, Desk
from bot.incoming import Incoming
from bot.replies import Reply
from bot.settings import Settings
from bot.store import conversations
from bot.store.database import Database
from bot.store.inbox import take
from bot.store.tables import AnswerRow, ConversationRow, Outbound
from bot.tickets.deadlines import Deadlines
from bot.tickets.service import open_ticket
from intents.language import language_of

SHORT_REPLY = 80


@dataclass
class Work:
    """What handling one thing needs: its transaction, what it is, and the messages that follow from it."""

    session: Session
    incoming: Incoming
    inbound_id: int
    outbound: list[Outbound]

    def send(self, reply: Reply, conversation: str | None = None) -> None:
        """Put a message in the outbox; its name makes it the same message when this is handled again."""
        name = f"{self.inbound_id}.{len(self.outbound)}"
        self.outbound.append(
            Outbound(
                name=name,
                inbound_id=self.inbound_id,
                conversation_id=conversation,
                method=reply.method,
                body=reply.body,
            )
        )


class Handler:
    """Handles stored things by their id."""

    def __init__(self, database: Database, desk: Desk, settings: Settings) -> None:
        """Take the store, the desk that answers, and the settings."""
        self._database, self._desk, self._settings = database, desk, settings
        self._deadlines = Deadlines(
            settings.timezone,
            settings.privacy_desk_inquiry_business_days,
            settings.privacy_desk_request_days,
            settings.privacy_desk_incident_days,
        )
        self._handlers: dict[str, Callable[[Work], None]] = {
            "question": self._question,
            "command": self._command,
            "edit": self._edit,
            "answer_fact": self._answer_fact,
            "not_meant": self._not_meant,
            "ask_manager": self._ask_manager,
            "show_channel": self._show_channel,
        }

    def handle(self, inbound_id: int) -> None:
        """Handle what was accepted under this id. Handling it again changes nothing."""
        with self._database.transaction(lazy=True) as session:
            incoming = take(session, inbound_id)
            if incoming is None:
                return
            work = Work(session, incoming, inbound_id, [])
            outside = incoming.outsider and self._settings.privacy_desk_outsiders == "decline"
            if incoming.shared or outside:
                work.send(replies.declined(incoming, self._language(incoming)))
            else:
                self._handlers[incoming.kind](work)
            session.add_all(work.outbound)

    def give_up(self, inbound_id: int) -> None:
        """Tell the asker that handling failed, so that nobody waits in silence."""
        with self._database.transaction() as session:
            incoming = take(session, inbound_id)
            if incoming is not None:
                work = Work(session, incoming, inbound_id, [])
                work.send(replies.failed(incoming, self._language(incoming), inbound_id))
                session.add_all(work.outbound)

    def _question(self, work: Work) -> None:
        incoming = work.incoming
        row = conversations.in_thread(work.session, incoming)
        if not incoming.addressed and row is None:
            return
        if incoming.has_files and not incoming.text.strip():
            work.send(replies.text_only(incoming, self._language(incoming)))
            return
        earlier = row if row is not None else self._still_talking(work)
        self._ask(
            work,
            row or conversations.begin(work.session, incoming),
            conversations.state_of(earlier) if earlier else None,
        )

    def _command(self, work: Work) -> None:
        if work.incoming.text.strip().lower() in ("", "help"):
            work.send(replies.usage(work.incoming, self._language(work.incoming)))
            return
        self._ask(work, conversations.begin(work.session, work.incoming), None)

    def _still_talking(self, work: Work) -> ConversationRow | None:
        """In a direct message a short reply needs no thread: it belongs to what was just asked back."""
        incoming = work.incoming
        if not incoming.direct or incoming.thread_ts or len(incoming.text) > SHORT_REPLY or "?" in incoming.text:
            return None
        row = conversations.just_before(work.session, incoming)
        state = conversations.state_of(row) if row else None
        return row if state and state.asked else None

    def _ask(self, work: Work, row: ConversationRow, earlier: Conversation | None) -> None:
        answer, state = self._desk.ask(work.incoming.text, earlier=earlier, language=row.language)
        if earlier is None or not state.question.startswith(earlier.question):
            row.question_ts = work.incoming.ts
        self._answered(work, row, answer, state)

    def _answered(
        self, work: Work, row: ConversationRow, answer: Answer, state: Conversation, update: str | None = None
    ) -> None:
        """Write an answer with its ticket and its messages. `update` is the message to change in place."""
        conversations.keep(work.session, row, state)
        work.session.add(
            AnswerRow(
                conversation_id=row.id,
                inbound_id=work.inbound_id,
                question_ts=work.incoming.ts,
                form=answer.model_dump(mode="json"),
            )
        )
        notes = (self._open(work, row, answer),) if answer.ticket else ()
        reply = replies.answered(work.incoming, answer, self._desk.pack, self._settings, row, notes, update)
        work.outbound.insert(0, _first(work, reply, row.id))

    def _open(self, work: Work, row: ConversationRow, answer: Answer, kind: str | None = None) -> str:
        """Open the answer's ticket, post its card, and give the line that tells the asker its number."""
        ticket, new = open_ticket(work.session, answer, row, self._deadlines, kind)
        due = replies.due_text(ticket, self._settings.timezone)
        if new:
            for channel in replies.manager_channels(self._settings):
                work.send(replies.card(channel, ticket, answer, self._desk.pack, due))
        return replies.ticket_note(ticket, answer.language, due, new=new)

    def _edit(self, work: Work) -> None:
        given = conversations.by_question(work.session, work.incoming)
        if given is None:
            return
        row = work.session.get_one(ConversationRow, given.conversation_id)
        if row.user_id != work.incoming.user:
            return
        sent = conversations.sent_message(work.session, given.inbound_id)
        answer, state = self._desk.ask(work.incoming.text, language=row.language)
        self._answered(work, row, answer, state, sent.ts if sent else None)

    def _answer_fact(self, work: Work) -> None:
        row, state = self._pressed(work)
        fact, value = work.incoming.fact, work.incoming.value
        if row is None or state is None or fact is None:
            return
        answer, state = self._desk.complete(state, fact, value)
        self._answered(work, row, answer, state, work.incoming.message_ts)

    def _not_meant(self, work: Work) -> None:
        row, _ = self._pressed(work)
        if row is not None:
            conversations.keep(work.session, row, None)
            work.send(replies.restate(work.incoming, row), row.id)

    def _ask_manager(self, work: Work) -> None:
        row, _ = self._pressed(work)
        given = conversations.latest_answer(work.session, row.id) if row else None
        if row is None or given is None:
            return
        answer = Answer.model_validate(given.form)
        kind = answer.ticket.kind if answer.ticket else "inquiry"
        note = self._open(work, row, answer, kind)
        work.outbound.insert(0, _first(work, replies.note(work.incoming, row, note), row.id))

    def _show_channel(self, work: Work) -> None:
        row, _ = self._pressed(work)
        given = conversations.latest_answer(work.session, row.id) if row else None
        if row is None or given is None or row.user_id != work.incoming.user:
            return
        answer = Answer.model_validate(given.form)
        work.send(replies.shown(work.incoming, row, answer, self._desk.pack), row.id)

    def _pressed(self, work: Work) -> tuple[ConversationRow | None, Conversation | None]:
        """The conversation of a button; says so where it is gone."""
        row = work.session.get(ConversationRow, work.incoming.conversation)
        if row is None or row.team_id != work.incoming.team:
            work.send(replies.expired(work.incoming, self._language(work.incoming)))
            return None, None
        state = conversations.state_of(row)
        if state is None and work.incoming.kind == "answer_fact":
            work.send(replies.expired(work.incoming, row.language))
        return row, state

    def _language(self, incoming: Incoming) -> str:
        return language_of(incoming.text)


def _first(work: Work, reply: Reply, conversation: str) -> Outbound:
    """The asker's own message: it goes out before any card."""
    return Outbound(
        name=f"{work.inbound_id}.answer",
        inbound_id=work.inbound_id,
        conversation_id=conversation,
        method=reply.method,
        body=reply.body,
    )
