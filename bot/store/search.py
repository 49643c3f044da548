"""Finding tickets by words of their questions, from an index over groups of three characters.

On SQLite that is an FTS5 table, `ticket_search`, kept up to date by triggers; on PostgreSQL an index of the extension
pg_trgm, where it may be used. The migration 0101 makes both.
"""

from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table, inspect, literal_column, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import Join, Select
from sqlmodel import Session, col

from bot.store.tables import Ticket

INDEX_NAME, ON_POSTGRESQL = "ticket_search", "ix_ticket_question_words"
HOW_TO_INDEX = f"CREATE EXTENSION pg_trgm; CREATE INDEX {ON_POSTGRESQL} ON ticket USING gin (question gin_trgm_ops);"
"""What somebody with the right to make extensions does where the migration had not."""
SHORTEST = 3
"""Characters: the index knows nothing shorter."""
PAGES_AT_ONCE = 200
_INDEX = Table(INDEX_NAME, MetaData(), Column("rowid", Integer, primary_key=True))
Query = Select[Any]


class _Then(Join):
    """A join that SQLite does in this order: for each row of the left, the row of the right."""

    inherit_cache = True


@compiles(_Then, "sqlite")
def _cross_join(join: _Then, compiler: Any, **more: Any) -> str:
    more["asfrom"] = True
    left, right = compiler.process(join.left, **more), compiler.process(join.right, **more)
    more["asfrom"] = False
    return f"{left} CROSS JOIN {right} ON {compiler.process(join.onclause, **more)}"


def with_words(session: Session, query: Query, wanted: str) -> Query:
    """Of a query for tickets those whose questions hold all of these words, in any order; the latest first."""
    words = wanted.replace("\0", " ").split()
    indexed = [word for word in words if len(word) >= SHORTEST] if _on_sqlite(session) else []
    for word in words:
        if word not in indexed:
            query = query.where(col(Ticket.question).icontains(word, autoescape=True))
    if not indexed:
        return query.order_by(col(Ticket.number).desc())
    tickets: Any = Ticket.__table__  # type: ignore[attr-defined]
    found = _Then(_INDEX, tickets, tickets.c.id == _INDEX.c.rowid)
    query = query.select_from(found).where(literal_column(INDEX_NAME).op("MATCH")(_phrases(indexed)))
    return query.order_by(_INDEX.c.rowid.desc())  # ids rise with numbers, and so the index need not be read to its end


def _phrases(words: list[str]) -> str:
    """Words as FTS5 takes them to the letter: in quotation marks, with those inside doubled."""
    return " AND ".join('"{}"'.format(word.replace('"', '""')) for word in words)


def has_index(connection: Connection) -> bool:
    """Whether this database has the index."""
    inspected = inspect(connection)
    if connection.dialect.name == "sqlite":
        return inspected.has_table(INDEX_NAME)
    return any(index["name"] == ON_POSTGRESQL for index in inspected.get_indexes("ticket"))


def forget(session: Session) -> bool:
    """Bring the index a little nearer to holding nothing that was removed; True where more is to be done.

    FTS5 only marks what is removed, until its segments are merged into one. PostgreSQL does the like by its VACUUM.
    """
    if not _on_sqlite(session):
        return False
    before = _changes(session)
    session.connection().execute(
        text(f"INSERT INTO {INDEX_NAME} ({INDEX_NAME}, rank) VALUES ('merge', :pages)"),  # noqa: S608
        {"pages": -PAGES_AT_ONCE},
    )
    return _changes(session) - before > 1  # one change is the command itself


def _changes(session: Session) -> int:
    return int(session.connection().execute(text("SELECT total_changes()")).scalar_one())


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
