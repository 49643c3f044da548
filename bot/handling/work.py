"""What handling one thing needs: its transaction, what it is, and the messages that follow from it."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.answers import Answer
from bot.desk import Conversation, Desk
from bot.incoming import Incoming
from bot.replies import Reply
from bot.settings import Settings
from bot.store import conversations
from bot.store.tables import Outbound, now
from bot.tickets.clocks import Clocks
from knowledge import Pack


@dataclass(frozen=True)
class Office:
    """What every handler works with: the desk that answers, the settings, the clocks."""

    desk: Desk
    settings: Settings
    clocks: Clocks

    @property
    def pack(self) -> Pack:
        """The policy that decides."""
        return self.desk.pack

    def language_of(self, session: Session, user: str) -> str:
        """The language to speak to somebody: that of their last conversation, or the company's."""
        return conversations.last_language(session, user) or self.settings.privacy_desk_language


@dataclass(frozen=True)
class Ground:
    """What an answer to a message stands on, beside its words: what was said before, and the language so far."""

    earlier: Conversation | None
    language: str


@dataclass(frozen=True)
class Ahead:
    """An answer that was made before the transaction: reading takes long, and on SQLite all writers wait for one."""

    ground: Ground
    answer: Answer
    state: Conversation


@dataclass
class Work:
    """One thing in hand. `managers` is None where they do not matter, or where Slack did not say who they are."""

    session: Session
    incoming: Incoming
    inbound_id: int
    managers: frozenset[str] | None = None
    ahead: Ahead | None = None
    at: datetime = field(default_factory=now)
    outbound: list[Outbound] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    """Of the answers that were given."""

    @property
    def by_manager(self) -> bool | None:
        """Whether a manager did this; None where it does not matter, or where Slack did not say."""
        return None if self.managers is None else self.incoming.user in self.managers

    def ask(self, desk: Desk, ground: Ground) -> tuple[Answer, Conversation]:
        """Answer the message. What was made ahead counts where it stands on the same ground: the desk is pure."""
        if self.ahead is not None and self.ahead.ground == ground:
            return self.ahead.answer, self.ahead.state
        return desk.ask(self.incoming.text, earlier=ground.earlier, language=ground.language)

    def send(
        self,
        reply: Reply,
        *,
        conversation: str | None = None,
        ticket: int | None = None,
        name: str | None = None,
        first: bool = False,
    ) -> None:
        """Put a message in the outbox; its name makes it the same message when this is handled again.

        `first`: it goes out before all others (the asker's own message goes out before any card).
        """
        outbound = Outbound(
            name=name or f"{self.inbound_id}.{'answer' if first else len(self.outbound)}",
            inbound_id=self.inbound_id,
            conversation_id=conversation,
            ticket_id=ticket,
            method=reply.method,
            body=reply.body,
            thread_of=reply.thread_of,
            in_place_of=reply.in_place_of,
        )
        self.outbound.insert(0 if first else len(self.outbound), outbound)
