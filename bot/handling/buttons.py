"""The buttons under an answer."""

from bot import replies
from bot.answers import Answer
from bot.handling import questions, tickets
from bot.handling.work import Office, Work
from bot.store import conversations
from bot.store.tables import AnswerRow, ConversationRow
from bot.words import say
from intents.language import language_of


def answer_fact(office: Office, work: Work) -> None:
    """The question back, answered by a button."""
    row = pressed(work)
    fact, value = work.incoming.fact, work.incoming.value
    if row is None or fact is None:
        return
    state = conversations.state_of(row)
    if state is None:
        work.send(replies.expired(work.incoming, row.language))
        return
    answer, state = office.desk.complete(state, fact, value)
    questions.answered(office, work, row, answer, state, work.incoming.message_ts)


def not_meant(office: Office, work: Work) -> None:
    """After "not what I meant": the next message is a new question."""
    row = pressed(work)
    if row is not None:
        conversations.keep(work.session, row, None)
        work.send(replies.restate(work.incoming, row, office.settings), conversation=row.id)


def ask_manager(office: Office, work: Work) -> None:
    """Ask the privacy manager: a ticket for this question."""
    row, given = _latest_answer(work)
    if row is None or given is None:
        return
    answer = Answer.model_validate(given.form)
    ticket = tickets.opened(office, work, row, answer, answer.ticket.kind if answer.ticket else "inquiry")
    work.send(replies.note(work.incoming, row, ticket.note, office.settings), conversation=row.id, first=True)


def show_channel(office: Office, work: Work) -> None:
    """Show to the channel: the asker shows a private answer."""
    row, given = _latest_answer(work)
    if row is None or given is None:
        return
    answer = Answer.model_validate(given.form)
    work.send(replies.shown(work.incoming, row, answer, office.pack), conversation=row.id)


def _latest_answer(work: Work) -> tuple[ConversationRow | None, AnswerRow | None]:
    """The conversation of a button and its latest answer; says so where its texts were removed."""
    row = pressed(work)
    given = conversations.latest_answer(work.session, row.id) if row else None
    if row is not None and given is not None and given.purged_at:
        work.send(replies.expired(work.incoming, row.language))
        return row, None
    return row, given


def pressed(work: Work, *, by_managers: bool = False) -> ConversationRow | None:
    """The conversation of a button, where this person may press it; says why not otherwise.

    That is the one who asked, and for some buttons a manager.
    """
    row = work.session.get(ConversationRow, work.incoming.conversation)
    if row is None or row.team_id != work.incoming.team:
        work.send(replies.expired(work.incoming, language_of(work.incoming.text)))
        return None
    if row.user_id != work.incoming.user and not (by_managers and work.by_manager):
        work.send(replies.to_the_person(work.incoming, say(row.language, "refusal.not_the_asker")))
        return None
    return row
