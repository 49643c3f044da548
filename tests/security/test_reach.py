"""Who reaches what: people of other companies, forged buttons, and what logs and figures give away."""

import json
import logging
from typing import Any

import pytest
from signed import Endpoint
from slackdouble import TEAM
from workspace import ALICE, DIRECT, GENERAL, Workspace, buttons

from bot.logs import JsonLines
from bot.store.tables import AnswerRow, Ticket

QUESTION = "can I share applicant data with an event co-host?"
SECRET_TEXT = "I lost the laptop with Tanaka Hanako's salary"


@pytest.mark.parametrize("where", [{"team": "T9"}, {"user_team": "T9", "team": TEAM}])
def test_a_member_of_another_workspace_gets_no_answer(where: dict[str, str], workspace: Workspace) -> None:
    workspace.says(QUESTION, channel=DIRECT, user="UOTHER", **where)
    assert workspace.rows(AnswerRow) == []
    (declined,) = workspace.slack.posted()
    assert "only members" in declined["text"]


def test_ones_own_workspace_named_is_no_other(workspace: Workspace) -> None:
    workspace.says(QUESTION, channel=DIRECT, team=TEAM, user_team=TEAM)
    assert len(workspace.rows(AnswerRow)) == 1


def test_a_button_forged_for_another_conversation_opens_nothing(workspace: Workspace) -> None:
    workspace.mentions(QUESTION)
    (message,) = workspace.slack.posted()
    forged = json.loads(json.dumps(message))
    for button in buttons(forged):
        button["value"] = json.dumps({**json.loads(button["value"]), "conversation": "0" * 32})
    workspace.presses("Ask the privacy manager", forged)
    assert workspace.rows(Ticket) == []


def test_figures_and_health_hold_nothing_that_anybody_wrote(workspace: Workspace) -> None:
    workspace.says(SECRET_TEXT, channel=DIRECT)
    endpoint = Endpoint(workspace)
    assert endpoint.get("/readyz") == (200, "ready\n")
    status, page = endpoint.get("/metrics")
    assert status == 200
    assert 'privacy_desk_questions_total{verdict="incident"} 1.0' in page
    assert 'privacy_desk_tickets{kind="incident",state="open"} 1.0' in page
    assert not any(word in page for word in ("Tanaka", ALICE, DIRECT, GENERAL))


def test_without_its_database_the_desk_is_not_ready_but_lives(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace.database.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("DROP TABLE inbound")
    endpoint = Endpoint(workspace)
    assert endpoint.get("/healthz")[0] == 200
    status, why = endpoint.get("/readyz")
    assert (status, "database" in why) == (503, True)


def test_logs_hold_ids_and_states_and_no_words(workspace: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        workspace.slack.failures += ["internal_error", "channel_not_found"]
        workspace.says(SECRET_TEXT, channel=DIRECT)
        workspace.worker.work()
    lines = "\n".join(JsonLines().format(record) for record in caplog.records if record.name.startswith("bot"))
    assert "given up" in lines
    assert not any(word in lines for word in ("Tanaka", "laptop", ALICE))


def test_an_error_is_logged_by_kind_and_place_not_by_what_it_says() -> None:
    def broken(text: str) -> None:
        raise ValueError(text)

    try:
        broken(SECRET_TEXT)
    except ValueError as error:
        given: Any = (type(error), error, error.__traceback__)
    record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "handling failed, reference %s", (7,), given)
    line = json.loads(JsonLines().format(record))
    assert (line["error"], line["message"]) == ("ValueError", "handling failed, reference 7")
    assert "Tanaka" not in JsonLines().format(record)


@pytest.mark.parametrize(
    "secret",
    ["xoxb-" + "1-a", "xapp-" + "1-a", "postgresql://desk:hush@host/db", "https://hooks.slack.com/commands/T/1/hush"],
)
def test_a_secret_in_a_line_is_taken_out(secret: str) -> None:
    record = logging.LogRecord("bot", logging.ERROR, __file__, 1, f"cannot use {secret}", (), None)
    assert secret not in JsonLines().format(record)
    assert "hush" not in JsonLines().format(record)
