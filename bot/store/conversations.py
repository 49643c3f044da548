"""Finding and keeping conversations."""

from datetime import timedelta
from uuid import uuid4

from sqlmodel import Session, col, select

from bot.desk import Conversation
from bot.incoming import Incoming
from bot.store.tables import AnswerRow, ConversationRow, Outbound, now

STILL_TALKING = timedelta(minutes=30)
"""How long a short reply in a direct message counts as part of what was just said, outside any thread."""


def in_thread(session: Session, incoming: Incoming) -> ConversationRow | None:
    """The conversation of this person in the thread that a message stands in, if the desk has one there.

    A thread is known by where the conversation began, or by a message of the desk's that began it.
    """
    if incoming.thread_ts is None:
        return None
    of_this_person = (ConversationRow.team_id == incoming.team, ConversationRow.user_id == incoming.user)
    latest = col(ConversationRow.updated_at).desc()
    begun = session.exec(
        select(ConversationRow)
        .where(ConversationRow.channel_id == incoming.channel, ConversationRow.thread_ts == incoming.thread_ts)
        .where(*of_this_person)
        .order_by(latest)
    ).first()
    return (
        begun
        or session.exec(
            select(ConversationRow)
            .join(Outbound, col(Outbound.conversation_id) == col(ConversationRow.id))
            .where(Outbound.ts == incoming.thread_ts, Outbound.channel == incoming.channel)
            .where(*of_this_person)
            .order_by(latest)
        ).first()
    )


def ticket_of_thread(session: Session, incoming: Incoming) -> int | None:
    """The id of the ticket whose own direct thread, begun by the desk, a message stands in."""
    begun = select(Outbound.ticket_id).where(Outbound.ts == incoming.thread_ts, Outbound.channel == incoming.channel)
    return session.exec(begun).first() if incoming.thread_ts else None


def just_before(session: Session, incoming: Incoming) -> ConversationRow | None:
    """The latest conversation of this person in this direct message, where it is still going on."""
    return session.exec(
        select(ConversationRow)
        .where(ConversationRow.channel_id == incoming.channel, ConversationRow.user_id == incoming.user)
        .where(col(ConversationRow.updated_at) > now() - STILL_TALKING)
        .order_by(col(ConversationRow.updated_at).desc())
    ).first()


def by_question(session: Session, incoming: Incoming) -> AnswerRow | None:
    """The first answer that was given to the message with this id in this channel."""
    return session.exec(
        select(AnswerRow)
        .join(ConversationRow, col(ConversationRow.id) == col(AnswerRow.conversation_id))
        .where(ConversationRow.team_id == incoming.team, ConversationRow.channel_id == incoming.channel)
        .where(AnswerRow.question_ts == incoming.ts)
        .order_by(col(AnswerRow.id))
    ).first()


def begin(session: Session, incoming: Incoming) -> ConversationRow:
    """A new conversation, where the message stands."""
    row = ConversationRow(
        id=uuid4().hex,
        team_id=incoming.team,
        channel_id=incoming.channel,
        thread_ts=incoming.thread_ts or incoming.ts,
        user_id=incoming.user,
        question_ts=incoming.ts,
    )
    session.add(row)
    session.flush()
    return row


def keep(session: Session, row: ConversationRow, state: Conversation | None) -> None:
    """Keep what a conversation has come to; None where its next message starts anew."""
    row.state = state.model_dump(mode="json") if state else None
    row.language = state.reading.language if state else row.language
    row.updated_at = now()
    session.add(row)


def state_of(row: ConversationRow) -> Conversation | None:
    """What a conversation has come to so far."""
    return Conversation.model_validate(row.state) if row.state else None


def latest_answer(session: Session, conversation_id: str) -> AnswerRow | None:
    """The latest answer of a conversation."""
    return session.exec(
        select(AnswerRow).where(AnswerRow.conversation_id == conversation_id).order_by(col(AnswerRow.id).desc())
    ).first()


def answer_of(session: Session, conversation_id: str, answer_id: object) -> AnswerRow | None:
    """An answer of a conversation; the latest where none is named, None where it is another conversation's."""
    if answer_id is None:
        return latest_answer(session, conversation_id)
    query = select(AnswerRow).where(AnswerRow.id == answer_id, AnswerRow.conversation_id == conversation_id)
    return session.exec(query).first()


def last_language(session: Session, user_id: str) -> str | None:
    """The language of somebody's last conversation, or None where they had none."""
    latest = select(ConversationRow.language).where(ConversationRow.user_id == user_id)
    return session.exec(latest.order_by(col(ConversationRow.updated_at).desc()).limit(1)).first()


def sent_message(session: Session, inbound_id: int | None) -> Outbound | None:
    """The answer's message that was sent for what was accepted under this id."""
    return session.exec(
        select(Outbound)
        .where(Outbound.inbound_id == inbound_id, Outbound.method == "chat.postMessage", col(Outbound.ts).is_not(None))
        .order_by(col(Outbound.id))
    ).first()
