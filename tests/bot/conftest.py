"""A workspace with its own database for each test, and its cast: two colleagues and two managers."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from people import Person
from slackdouble import SlackDouble, slack_double
from workspace import ALICE, KEN, MIKA, NORI, Workspace

from bot.desk import Desk
from bot.store.database import Database
from intents import load_understanding
from knowledge import Pack


@pytest.fixture(scope="session")
def by_cues(pack: Pack) -> Desk:
    """The desk that reads by the cues alone: what is learned later changes no golden file."""
    return Desk(pack, load_understanding(pack, cues_alone=True))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the current schema, to be copied: building it takes longer than most tests."""
    path = tmp_path_factory.mktemp("database") / "desk.db"
    Database(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def database(tmp_path: Path, empty_database: Path) -> Iterator[Database]:
    shutil.copy(empty_database, tmp_path / "desk.db")
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    yield database
    database.close()


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with slack_double() as double:
        yield double
    assert double.faults == []


@pytest.fixture
def workspace(slack: SlackDouble, database: Database, desk: Desk) -> Workspace:
    return Workspace(slack, database, desk)


@pytest.fixture
def alice(workspace: Workspace) -> Person:
    return Person(workspace, ALICE)


@pytest.fixture
def ken(workspace: Workspace) -> Person:
    return Person(workspace, KEN)


@pytest.fixture
def mika(workspace: Workspace) -> Person:
    return Person(workspace, MIKA)


@pytest.fixture
def nori(workspace: Workspace) -> Person:
    return Person(workspace, NORI)


@pytest.fixture
def workspace_with(slack: SlackDouble, database: Database, desk: Desk) -> Callable[..., Workspace]:
    def make(**settings: object) -> Workspace:
        return Workspace(slack, database, desk, **settings)

    return make
