"""How many answers were given, by verdict: counted in the transactions that give them, so that asking is cheap."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.store.tables import Counter

ANSWERS = "answers."
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def count_answer(session: Session, verdict: str) -> None:
    """Count one more answer. The last thing in its transaction: others who count the same wait for its end."""
    connection = session.connection()
    new = _INSERT[connection.dialect.name](Counter).values(name=f"{ANSWERS}{verdict}", value=1)
    connection.execute(new.on_conflict_do_update(index_elements=["name"], set_={"value": Counter.value + 1}))


def answer_counts(session: Session) -> dict[str, int]:
    """How many answers of each verdict were given."""
    rows = session.exec(select(Counter.name, Counter.value).where(col(Counter.name).startswith(ANSWERS)))
    return {name.removeprefix(ANSWERS): number for name, number in rows}
