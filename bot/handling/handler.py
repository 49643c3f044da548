"""Handles stored things by their id: takes one, hands it to the surface that it belongs to, writes what follows."""

from collections.abc import Callable

from bot import replies
from bot.handling import buttons, feedback, provisions, questions, reports, steps
from bot.handling.work import Ahead, Ground, Office, Work
from bot.incoming import Incoming, Kind
from bot.store.counters import ANSWERS, count
from bot.store.database import Database
from bot.store.inbox import stored, take
from bot.tickets.access import CannotTellError, Managers
from intents.language import language_of

FOR_MANAGERS = frozenset({"ticket_step", "withdraw_precedent", "provision"})
HANDLERS: dict[Kind, Callable[[Office, Work], None]] = {
    "question": questions.question,
    "command": questions.command,
    "edit": questions.edit,
    "answer_fact": buttons.answer_fact,
    "not_meant": buttons.not_meant,
    "ask_manager": buttons.ask_manager,
    "show_channel": buttons.show_channel,
    "ticket_step": steps.ticket_step,
    "report": reports.report,
    "feedback": feedback.feedback,
    "provision": provisions.provision,
    "withdraw_precedent": feedback.withdraw_precedent,
}


class Handler:
    """Handles stored things by their id."""

    def __init__(self, database: Database, office: Office, managers: Managers) -> None:
        """Take the store, what handlers work with, and who the managers are."""
        self._database, self._office, self._managers = database, office, managers

    def handle(self, inbound_id: int) -> None:
        """Handle what was accepted under this id. Handling it again changes nothing."""
        with self._database.reading() as session:
            incoming = stored(session, inbound_id)
            ground = questions.ground_of(session, incoming) if incoming and not self._declines(incoming) else None
        if incoming is None:
            return
        managers, ahead = self._managers_for(incoming), self._ahead(incoming, ground) if ground else None
        with self._database.transaction(lazy=True) as session:
            incoming = take(session, inbound_id)
            if incoming is None:
                return
            work = Work(session, incoming, inbound_id, managers, ahead)
            if self._declines(incoming):
                work.send(replies.declined(incoming, language_of(incoming.text)))
            else:
                HANDLERS[incoming.kind](self._office, work)
            session.add_all(work.outbound)
            session.flush()
            for verdict in work.verdicts:  # at the end: others who count the same wait from here on
                count(session, f"{ANSWERS}{verdict}")

    def give_up(self, inbound_id: int) -> None:
        """Tell the asker that handling failed, so that nobody waits in silence."""
        with self._database.transaction() as session:
            incoming = take(session, inbound_id)
            if incoming is not None:
                work = Work(session, incoming, inbound_id)
                work.send(replies.failed(incoming, language_of(incoming.text), inbound_id))
                session.add_all(work.outbound)

    def _declines(self, incoming: Incoming) -> bool:
        outside = incoming.outsider and self._office.settings.privacy_desk_outsiders == "decline"
        return incoming.shared or outside

    def _ahead(self, incoming: Incoming, ground: Ground) -> Ahead:
        """The answer, made before the transaction."""
        answer, state = self._office.desk.ask(incoming.text, earlier=ground.earlier, language=ground.language)
        return Ahead(ground, answer, state)

    def _managers_for(self, incoming: Incoming) -> frozenset[str] | None:
        """Who the managers are, asked of Slack before the transaction; None where it cannot be told."""
        if incoming.kind not in FOR_MANAGERS:
            return None
        try:
            return self._managers.ids()
        except CannotTellError:
            return None
