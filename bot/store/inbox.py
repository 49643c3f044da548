"""Accepting what people send: stored once, before Slack is told that it arrived."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, insert, or_, select

from bot.incoming import Incoming
from bot.store.database import Database
from bot.store.tables import Inbound, InboundKey, now
from bot.store.together import Together


class Inbox:
    """Accepts what people send. What comes in the same moment is stored in one transaction."""

    def __init__(self, database: Database) -> None:
        """Take the store."""
        self._database = database
        self._together = Together(self._store)

    def accept(self, incoming: Incoming) -> int | None:
        """Store an incoming thing; gives its id, or None where the same thing was stored before by any of its keys.

        A copy brings keys of its own (a mention knows no client_msg_id): they are stored too, so that copies of the
        copy are known.
        """
        try:
            return self._together.run(incoming)
        except IntegrityError:
            return None  # another process stored it in the same moment

    def _store(self, some: Sequence[Incoming]) -> list[int | None]:
        with self._database.transaction(urgent=True) as session:
            return _store(session, some)


def _store(session: Session, some: Sequence[Incoming]) -> list[int | None]:
    """Store what is new among some things; gives the id of each, None for a copy."""
    brought = {key for one in some for key in one.keys}
    query = select(InboundKey.key, InboundKey.inbound_id).where(col(InboundKey.key).in_(brought))
    known: dict[str, int] = dict(session.exec(query).all())
    rows: list[Inbound | None] = []
    of_key: dict[str, Inbound | int] = dict(known)
    for incoming in some:
        same = next((of_key[key] for key in incoming.keys if key in of_key), None)
        row = Inbound(kind=incoming.kind, payload=incoming.model_dump(mode="json")) if same is None else None
        rows.append(row)
        owner = same if row is None else row
        of_key = {**{key: owner for key in incoming.keys if owner is not None}, **of_key}
    session.add_all(row for row in rows if row is not None)
    session.flush()
    keys = [{"key": key, "inbound_id": _id(of_key[key])} for key in sorted(brought - known.keys())]
    if keys:  # plain rows, without the session's care for objects: Slack waits for them
        session.connection().execute(insert(InboundKey), keys)
    return [None if row is None else row.id for row in rows]


def _id(row: Inbound | int) -> int:
    """The id of what was stored now or before."""
    found = row if isinstance(row, int) else row.id
    assert found is not None  # noqa: S101 - the database has just given it
    return found


def unhandled(session: Session) -> list[int]:
    """The ids of what was accepted and not yet handled, in the order of arrival."""
    rows = session.exec(select(Inbound.id).where(col(Inbound.handled_at).is_(None)).order_by(col(Inbound.id)))
    return [row for row in rows if row is not None]


def stored(session: Session, inbound_id: int) -> Incoming | None:
    """What was accepted under this id and is not yet handled."""
    inbound = session.get(Inbound, inbound_id)
    return Incoming.model_validate(inbound.payload) if inbound and inbound.handled_at is None else None


def latest_of_message(session: Session, channel: str, ts: str) -> Incoming | None:
    """What was last accepted of a message, as a question or as its edit; None where its text was removed since."""
    asked, edited = f"question:{channel}:{ts}", f"edit:{channel}:{ts}:"  # as the listeners name them
    of_it = or_(col(InboundKey.key) == asked, col(InboundKey.key).startswith(edited, autoescape=True))
    query = select(Inbound).join(InboundKey, col(InboundKey.inbound_id) == col(Inbound.id)).where(of_it)
    row = session.exec(query.order_by(col(Inbound.id).desc()).limit(1)).first()
    return Incoming.model_validate(row.payload) if row and not row.purged_at else None


def take(session: Session, inbound_id: int) -> Incoming | None:
    """What was accepted under this id, marked as handled by this transaction; None where it was handled before."""
    inbound = session.exec(select(Inbound).where(Inbound.id == inbound_id).with_for_update()).first()
    if inbound is None or inbound.handled_at is not None:
        return None
    inbound.handled_at = now()
    session.add(inbound)
    return Incoming.model_validate(inbound.payload)
