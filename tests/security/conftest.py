"""A workspace whose desk reads by cues alone, behind HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from signed import SECRET, Endpoint
from slackdouble import SlackDouble, slack_double
from workspace import Workspace

from bot.desk import Desk
from bot.store.database import Database
from intents import load_understanding
from knowledge import Pack


@pytest.fixture
def served(tmp_path: Path, slack: SlackDouble, pack: Pack) -> Iterator[Workspace]:
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    desk = Desk(pack, load_understanding(pack, cues_alone=True))
    yield Workspace(slack, database, desk, privacy_desk_mode="http", slack_signing_secret=SECRET)
    database.close()


@pytest.fixture
def endpoint(served: Workspace) -> Endpoint:
    return Endpoint(served)


@pytest.fixture
def workspace(tmp_path: Path, slack: SlackDouble, pack: Pack) -> Iterator[Workspace]:
    database = Database(f"sqlite:///{tmp_path}/desk.db")
    yield Workspace(slack, database, Desk(pack, load_understanding(pack, cues_alone=True)))
    database.close()


@pytest.fixture
def slack() -> Iterator[SlackDouble]:
    with slack_double() as double:
        yield double
