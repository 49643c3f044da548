"""The database: opened, brought to the current schema, and handed out in transactions."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, create_engine

from bot.store.writers import LAZY, READING, URGENT, take_turns

MIGRATIONS = Path(__file__).parent / "migrations"
SECONDS_TO_WAIT = 2.5
"""For a lock or a connection. Slack waits 3 seconds; what could not be stored by then is not acknowledged."""
MIGRATION_LOCK = 7_083_001
"""A number of our own among PostgreSQL's advisory locks."""


_READING: dict[bool, dict[str, Any]] = {
    True: {READING: True},
    False: {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
"""How a connection that only reads is set up, for SQLite or not."""


class DatabaseError(Exception):
    """A database that cannot be opened or brought up to date: what is wrong and what to do."""


class Database:
    """One database with its transactions."""

    def __init__(self, url: str) -> None:
        """Open the database at an SQLAlchemy URL and run its migrations. Raises DatabaseError."""
        self.url = _with_driver(url)
        try:
            self.engine = open_engine(self.url)
            with _closed_on_failure(self.engine):
                _migrate(self.engine)
        except (SQLAlchemyError, ArgumentError, OSError) as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            shown = _without_password(url)
            raise DatabaseError(
                f"cannot open the database {shown}: {reason} (check PRIVACY_DESK_DATABASE_URL)"
            ) from None
        self.sessions = sessionmaker(self.engine, class_=Session, expire_on_commit=False)

    @contextmanager
    def transaction(self, *, lazy: bool = False, urgent: bool = False) -> Iterator[Session]:
        """A session whose changes are all kept, or none of them.

        `lazy`: in a power cut SQLite may lose it, but nothing that was written otherwise before it or since. For work
        that is then done again, to the same effect. `urgent`: it goes before all that waits in this process.
        """
        engine = self.engine.execution_options(**{LAZY: lazy, URGENT: urgent})
        with self.sessions(bind=engine) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads, from one moment's state, and that holds up nobody who writes meanwhile."""
        engine = self.engine.execution_options(**_READING[self.engine.dialect.name == "sqlite"])
        with self.sessions(bind=engine) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


@contextmanager
def _closed_on_failure(engine: Engine) -> Iterator[None]:
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


def _with_driver(url: str) -> str:
    """`postgresql:` and `postgres:` mean psycopg, the driver that is installed."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(not a database URL)"


def open_engine(url: str) -> Engine:
    """Connections to the database at an SQLAlchemy URL, as the desk needs them. Nothing is read or written yet."""
    url = _with_driver(url)
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            connect_args={"connect_timeout": round(SECONDS_TO_WAIT)},
            pool_pre_ping=True,
            pool_size=20,
            pool_timeout=SECONDS_TO_WAIT,
            hide_parameters=True,
        )
    engine = create_engine(
        url,
        connect_args={"timeout": SECONDS_TO_WAIT, "check_same_thread": False},
        hide_parameters=True,  # what people write stays out of errors, and so out of logs
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    take_turns(engine)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if options.get(READING):
            connection.exec_driver_sql("BEGIN")
            return
        connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if options.get(LAZY) else 'FULL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # processes that start together migrate one after the other
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
