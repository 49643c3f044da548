"""The doctor says what is wrong and what to do, and shows no secret."""

from pathlib import Path
from typing import Any

import pytest
from network import network
from slacksim import SlackSim, Trouble

from bot.doctor import Found, look_over
from bot.settings import Settings
from bot.store.database import Database


def found(database_url: str, slack: SlackSim | None = None, **more: Any) -> list[Found]:
    settings = Settings(
        _env_file=None, slack_bot_token="xoxb-hush", slack_signing_secret="hush", slack_api_url="http://slack/api/",
        privacy_desk_database_url=database_url, privacy_desk_manager_channel="CMANAGERS", **more,
    )  # fmt: skip
    with network(slack or SlackSim()):
        return list(look_over(settings))


def wrong(findings: list[Found]) -> list[str]:
    return [one.what for one in findings if one.advice]


@pytest.fixture
def url(tmp_path: Path) -> str:
    Database(f"sqlite:///{tmp_path}/desk.db").close()
    return f"sqlite:///{tmp_path}/desk.db"


def test_a_desk_in_order(url: str) -> None:
    findings = found(url)
    assert wrong(findings) == []
    assert {one.what.split(":")[0] for one in findings} >= {"settings", "pack", "database", "bot token", "managers"}


def test_it_changes_nothing(tmp_path: Path) -> None:
    assert wrong(found(f"sqlite:///{tmp_path}/new.db")) == []
    with Database(f"sqlite:///{tmp_path}/new.db").transaction():
        pass


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    (fault,) = wrong(found(f"sqlite:///{tmp_path}/no/such/folder.db"))
    assert fault.startswith("database:")


def test_an_older_schema(url: str) -> None:
    database = Database(url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    database.close()
    (fault,) = wrong(found(url))
    assert "schema 0001" in fault


def test_a_pack_that_cannot_be_loaded(url: str) -> None:
    (fault,) = wrong(found(url, privacy_desk_pack="no-such-pack"))
    assert fault.startswith("pack:")


@pytest.mark.parametrize(
    ("method", "error", "what"),
    [
        ("auth.test", "invalid_auth", "bot token: Slack says invalid_auth"),
        ("conversations.history", "not_in_channel", "managers' channel: Slack says not_in_channel"),
    ],
)
def test_what_slack_refuses(method: str, error: str, what: str, url: str) -> None:
    def trouble(called: str, _body: dict[str, Any]) -> Trouble:
        return Trouble(error=error) if called == method else Trouble()

    assert wrong(found(url, SlackSim(trouble))) == [what]


def test_a_missing_scope_is_named_with_what_fails_without_it(url: str) -> None:
    class Granting(SlackSim):
        def call(self, method: str, body: dict[str, Any]) -> tuple[int, dict[str, str], str]:
            status, headers, payload = super().call(method, body)
            return status, {**headers, "x-oauth-scopes": "chat:write,commands"}, payload

    faults = wrong(found(url, Granting()))
    assert "scope im:history is missing: direct messages are not heard" in faults
    assert not any("chat:write" in fault for fault in faults)


def test_no_secret_is_shown(url: str) -> None:
    def trouble(_method: str, _body: dict[str, Any]) -> Trouble:
        return Trouble(error="invalid_auth")

    assert "hush" not in str(found(url, SlackSim(trouble)))
    assert "hush" not in str(found("postgresql://desk:hush@127.0.0.1:1/desk"))
