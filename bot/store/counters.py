"""Counters that change in the transactions that they count, so that a figure is read and never counted anew."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.store.tables import Counter

ANSWERS = "answers."
"""Answers that were given, by verdict."""
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def count(session: Session, name: str, by: int = 1) -> int:
    """Count; gives the new value. Others who count the same wait for the end of this transaction."""
    connection = session.connection()
    new = _INSERT[connection.dialect.name](Counter).values(name=name, value=by)
    more = new.on_conflict_do_update(index_elements=["name"], set_={"value": Counter.value + by})
    value: int = connection.execute(more.returning(Counter.value)).scalar_one()
    return value


def counted(session: Session, prefix: str) -> dict[str, int]:
    """The values of the counters whose names begin so, by the rest of their names."""
    rows = session.exec(select(Counter.name, Counter.value).where(col(Counter.name).startswith(prefix)))
    return {name.removeprefix(prefix): number for name, number in rows}
