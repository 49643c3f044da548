"""A workspace with its own database for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from slackdouble import SlackDouble, slack_double
from workspace import Workspace

from bot.desk import Desk
from bot.store.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    yield database
    database.close()


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with slack_double() as double:
        yield double


@pytest.fixture
def workspace(slack: SlackDouble, database: Database, desk: Desk) -> Workspace:
    return Workspace(slack, database, desk)


@pytest.fixture
def workspace_with(slack: SlackDouble, database: Database, desk: Desk) -> Callable[..., Workspace]:
    def make(**settings: object) -> Workspace:
        return Workspace(slack, database, desk, **settings)

    return make
