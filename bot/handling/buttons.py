"""The buttons under an answer."""

from bot import replies
from bot.answers import Answer
from bot.desk import Conversation
from bot.handling import questions, tickets
from bot.handling.work import Office, Work
from bot.store import conversations
from bot.store.tables import AnswerRow, ConversationRow
from intents.language import language_of


def answer_fact(office: Office, work: Work) -> None:
    """The question back, answered by a button."""
    row, state = _pressed(work)
    fact, value = work.incoming.fact, work.incoming.value
    if row is None or state is None or fact is None:
        return
    answer, state = office.desk.complete(state, fact, value)
    questions.answered(office, work, row, answer, state, work.incoming.message_ts)


def not_meant(office: Office, work: Work) -> None:  # noqa: ARG001 - as all handlers
    """After "not what I meant": the next message is a new question."""
    row, _ = _pressed(work)
    if row is not None:
        conversations.keep(work.session, row, None)
        work.send(replies.restate(work.incoming, row), conversation=row.id)


def ask_manager(office: Office, work: Work) -> None:
    """Ask the privacy manager: a ticket for this question."""
    row, given = given_answer(work)
    if row is None or given is None:
        return
    answer = Answer.model_validate(given.form)
    ticket = tickets.opened(office, work, row, answer, answer.ticket.kind if answer.ticket else "inquiry")
    work.send(replies.note(work.incoming, row, ticket.note), conversation=row.id, first=True)


def show_channel(office: Office, work: Work) -> None:
    """Show to the channel: the asker shows a private answer."""
    row, given = given_answer(work)
    if row is None or given is None or row.user_id != work.incoming.user:
        return
    answer = Answer.model_validate(given.form)
    work.send(replies.shown(work.incoming, row, answer, office.pack), conversation=row.id)


def given_answer(work: Work) -> tuple[ConversationRow | None, AnswerRow | None]:
    """The conversation of a button and its latest answer; says so where its texts were removed."""
    row, _ = _pressed(work)
    given = conversations.latest_answer(work.session, row.id) if row else None
    if row is not None and given is not None and given.purged_at:
        work.send(replies.expired(work.incoming, row.language))
        return row, None
    return row, given


def _pressed(work: Work) -> tuple[ConversationRow | None, Conversation | None]:
    """The conversation of a button; says so where it is gone."""
    row = work.session.get(ConversationRow, work.incoming.conversation)
    if row is None or row.team_id != work.incoming.team:
        work.send(replies.expired(work.incoming, language_of(work.incoming.text)))
        return None, None
    state = conversations.state_of(row)
    if state is None and work.incoming.kind == "answer_fact":
        work.send(replies.expired(work.incoming, row.language))
    return row, state
