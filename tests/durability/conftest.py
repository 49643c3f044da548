"""Each test of this folder that takes `database_url` runs on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import PostgresServer, postgres_server
from slackserver import slack_process

from bot.desk import Desk
from intents import load_understanding
from knowledge import Pack


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/desk.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(scope="module")
def slack_url() -> Iterator[str]:
    with slack_process() as url:
        yield url


@pytest.fixture(scope="session")
def quick_desk(pack: Pack) -> Desk:
    """The desk that reads by cues alone: at once, and without threads, so that it may be forked."""
    return Desk(pack, load_understanding(pack, cues_alone=True))
