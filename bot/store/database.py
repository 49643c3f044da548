"""The database: opened, brought to the current schema, and handed out in transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlmodel import Session, create_engine

MIGRATIONS = Path(__file__).parent / "migrations"
SECONDS_TO_WAIT_FOR_A_LOCK = 30


class DatabaseError(Exception):
    """A database that cannot be opened or brought up to date: what is wrong and what to do."""


class Database:
    """One database with its transactions."""

    def __init__(self, url: str) -> None:
        """Open the database at an SQLAlchemy URL and run its migrations. Raises DatabaseError."""
        try:
            self.engine = _engine(url)
            _migrate(self.engine)
        except (SQLAlchemyError, ArgumentError, OSError) as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            shown = _without_password(url)
            raise DatabaseError(
                f"cannot open the database {shown}: {reason} (check PRIVACY_DESK_DATABASE_URL)"
            ) from None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose changes are all kept, or none of them."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(not a database URL)"


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": SECONDS_TO_WAIT_FOR_A_LOCK, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
