"""The figures count each answer once, whichever process is asked, without reading all answers and tickets."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from prometheus_client import CollectorRegistry, generate_latest
from slackdouble import SlackDouble
from sqlalchemy import event
from workspace import DIRECT, Workspace

from bot.desk import Desk
from bot.health import Figures
from bot.store.database import MIGRATIONS, Database, open_engine

INCIDENT = "I lost my laptop with the customer list"
INCIDENTS = 'questions_total{verdict="incident"}'


def figures(database: Database) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(Figures(database))
    lines = [line for line in generate_latest(registry).decode().splitlines() if line.startswith("privacy_desk_")]
    return {line.split()[0].removeprefix("privacy_desk_"): float(line.split()[1]) for line in lines}


@pytest.fixture
def workspace(slack: SlackDouble, database: Database, by_cues: Desk) -> Workspace:
    return Workspace(slack, database, by_cues)


def test_each_answer_counts_once(workspace: Workspace) -> None:
    for number in (1, 2):
        ts = workspace.says(INCIDENT, channel=DIRECT)
        assert figures(workspace.database)[INCIDENTS] == number
    workspace.edits(ts, INCIDENT, f"{INCIDENT}!", channel=DIRECT)
    assert figures(workspace.database)[INCIDENTS] == 3


def test_another_process_gives_the_same_figures(workspace: Workspace) -> None:
    workspace.says(INCIDENT, channel=DIRECT)
    other = Database(workspace.database.url)
    assert figures(other) == figures(workspace.database)
    other.close()


def test_an_answer_that_could_not_be_written_does_not_count(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("bot.handling.tickets.card_blocks", lambda *_, **__: 1 / 0)
        workspace.says(INCIDENT, channel=DIRECT)
    assert INCIDENTS not in figures(workspace.database)


def test_no_figure_is_counted_from_all_answers_or_tickets(workspace: Workspace) -> None:
    workspace.says(INCIDENT, channel=DIRECT)
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(workspace.database.engine, "before_cursor_execute", note)
    assert figures(workspace.database)['tickets{kind="incident",state="open"}'] == 1
    assert [one for one in asked if "FROM ticket" in one or "FROM answer" in one] == []


def test_answers_of_earlier_releases_count(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/before.db"
    engine, config = open_engine(url), Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0100")
        connection.exec_driver_sql("INSERT INTO conversation (id, team_id, channel_id, user_id, language, updated_at)"
                                   " VALUES ('c', 'T1', 'D1', 'U1', 'en', '2026-01-01 00:00:00')")  # fmt: skip
        for verdict in ("allowed", "incident", "incident"):
            connection.exec_driver_sql(
                "INSERT INTO answer (conversation_id, form, given_at) VALUES ('c', ?, '2026-01-01 00:00:00')",
                                       (f'{{"verdict": "{verdict}"}}',))  # fmt: skip
    engine.dispose()
    database = Database(url)
    found = figures(database)
    assert (found['questions_total{verdict="allowed"}'], found[INCIDENTS]) == (1, 2)
    database.close()
