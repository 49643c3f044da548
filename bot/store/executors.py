"""The processes that work on this database, and when each was last seen alive."""

from datetime import timedelta

from sqlmodel import Session, col, select

from bot.store.tables import Executor, now


def beat(session: Session, executor: str) -> None:
    """Note that a process is alive."""
    row = session.get(Executor, executor) or Executor(id=executor)
    row.seen_at = now()
    session.add(row)


def silent(session: Session, executor: str, since: timedelta) -> list[str]:
    """The other processes that have not been seen for so long."""
    rows = session.exec(select(Executor).where(Executor.id != executor, col(Executor.seen_at) < now() - since))
    return [row.id for row in rows]


def forget(session: Session, executors: list[str]) -> None:
    """Strike processes off whose work was taken over, or that ended in order."""
    for executor in executors:
        row = session.get(Executor, executor)
        if row is not None:
            session.delete(row)
