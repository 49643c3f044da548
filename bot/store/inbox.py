"""Accepting what people send: stored once, before Slack is told that it arrived."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, insert, or_, select

from bot.incoming import Incoming
from bot.store.database import Database
from bot.store.tables import Inbound, InboundKey, now


def accept(database: Database, incoming: Incoming) -> int | None:
    """Store an incoming thing; gives its id, or None where the same thing was stored before by any of its keys.

    A copy brings keys of its own (a mention knows no client_msg_id): they are stored too, so that copies of the copy
    are known.
    """
    try:
        stored: int | None = database.together.run(lambda session: _store(session, incoming))
    except IntegrityError:
        return None  # another process stored it in the same moment
    return stored


def _store(session: Session, incoming: Incoming) -> int | None:
    query = select(InboundKey.key, InboundKey.inbound_id).where(col(InboundKey.key).in_(incoming.keys))
    known = dict(session.exec(query).all())
    if known:
        _add_keys(session, set(incoming.keys) - known.keys(), min(known.values()))
        return None
    inbound = Inbound(kind=incoming.kind, payload=incoming.model_dump(mode="json"))
    session.add(inbound)
    session.flush()
    assert inbound.id is not None  # noqa: S101 - the database has just given it
    _add_keys(session, set(incoming.keys), inbound.id)
    return inbound.id


def _add_keys(session: Session, keys: set[str], inbound_id: int) -> None:
    """Plain rows, without the session's care for objects: Slack waits for them."""
    if keys:
        session.connection().execute(
            insert(InboundKey), [{"key": key, "inbound_id": inbound_id} for key in sorted(keys)]
        )


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
