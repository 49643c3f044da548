"""What askers think of answers, and what becomes of it."""

from sqlmodel import select

from bot import replies
from bot.answers import Answer
from bot.handling import precedents, tickets
from bot.handling.buttons import pressed
from bot.handling.work import Office, Work
from bot.kit import quoted
from bot.replies import POST, Reply, manager_channels
from bot.store import conversations
from bot.store.tables import AnswerRow, ConversationRow, Feedback
from bot.words import say


def feedback(office: Office, work: Work) -> None:
    """Keep "right" or "not right"; where a reason was given, the managers see it."""
    row = pressed(work)
    given = conversations.answer_of(work.session, row.id, work.incoming.fields.get("answer")) if row else None
    if row is None or given is None:
        return
    reason = str(work.incoming.fields.get("reason") or "")
    _keep(work, given, right=bool(work.incoming.fields.get("right")), reason=reason)
    if not reason:
        return
    _tell_managers(office, work, row, given, reason)
    if "inquiry" in (work.incoming.fields.get("ask") or ()):
        opened = tickets.opened(office, work, row, Answer.model_validate(given.form), "inquiry")
        work.send(replies.note(work.incoming, row, opened.note, office.settings), conversation=row.id, first=True)
    else:
        thanks = say(row.language, "say.feedback_thanks")
        work.send(replies.to_the_person(work.incoming, thanks), conversation=row.id, first=True)


def _keep(work: Work, given: AnswerRow, *, right: bool, reason: str) -> None:
    kept = work.session.exec(
        select(Feedback).where(Feedback.answer_id == given.id, Feedback.user_id == work.incoming.user)
    ).first()
    assert given.id is not None  # noqa: S101 - the answer has been written
    kept = kept or Feedback(answer_id=given.id, user_id=work.incoming.user, right=right)
    kept.right, kept.reason, kept.at = right, reason or None, work.at
    work.session.add(kept)


def _tell_managers(office: Office, work: Work, row: ConversationRow, given: AnswerRow, reason: str) -> None:
    answer = Answer.model_validate(given.form)
    verdict = say(answer.language, f"verdict.{answer.verdict}")
    told = say(answer.language, "say.feedback_told", user=row.user_id, verdict=verdict)
    text = f"{told}\n{quoted(answer.question)}\n{say(answer.language, 'say.feedback_reason')}\n{quoted(reason)}"
    for channel in manager_channels(office.settings):
        work.send(Reply(POST, {"channel": channel, "text": text, "unfurl_links": False, "unfurl_media": False}))


def withdraw_precedent(office: Office, work: Work) -> None:
    """A manager withdraws a precedent."""
    language = office.language_of(work.session, work.incoming.user)
    if not work.by_manager:
        key = "refusal.cannot_tell" if work.by_manager is None else "refusal.not_a_manager"
    else:
        done = precedents.withdraw(work.session, work.incoming.ticket or 0, work.incoming.user, work.at)
        key = "say.precedent_withdrawn" if done else "refusal.no_ticket"
    text = say(language, key, number=f"#{work.incoming.ticket}") if "say" in key else say(language, key)
    work.send(replies.to_the_person(work.incoming, text))
