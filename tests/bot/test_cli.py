"""The command line, run in process: what is printed, and what bad input gets."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from slackdouble import SlackDouble

from bot.cli.main import main

QUESTION = "can I share applicant data with an event co-host?"
KEYS = [
    "id", "question", "language", "verdict", "headline", "conditions", "citations", "assumed", "follow_up", "ticket",
    "reading", "policy",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` is near, and databases are thrown away."""
    monkeypatch.chdir(tmp_path)


def run(*arguments: str, piped: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["--reader", "cues", *arguments], input=piped)


def lines(*arguments: str, piped: str | bytes = "") -> list[dict[str, object]]:
    return [json.loads(line) for line in run(*arguments, piped=piped).output.splitlines()]


def test_json_has_the_stable_form() -> None:
    answer = json.loads(run("ask", "--json", QUESTION).output)
    assert [key for key in KEYS if key not in answer] == []
    assert (answer["id"], answer["question"], answer["language"]) == (None, QUESTION, "en")
    assert answer["verdict"] == "conditional"
    assert answer["conditions"][0].keys() == {"text", "clauses"}
    assert [citation["clause"] for citation in answer["citations"]] == ["6(4)", "6(1)(i)", "6(1)"]
    assert answer["citations"][1]["quote"] == "When the individual has given prior consent"
    assert answer["follow_up"]["fact"] == "consent"
    assert answer["reading"]["facts"]["subject"]["evidence"] == "applicant"
    assert answer["policy"] == {"id": "atrustia", "version": "2026-02-09"}


def test_jsonl_answers_in_order_whatever_form_a_line_has() -> None:
    piped = f'{{"id": "a", "text": "{QUESTION}"}}\nwhere is the coffee machine?\n\n{{"id": 7, "text": ""}}\n[1, 2]\n'
    answers = lines("ask", "--jsonl", piped=piped)
    assert [answer["id"] for answer in answers] == ["a", None, "7", None]
    assert [answer["question"] for answer in answers] == [QUESTION, "where is the coffee machine?", "", "[1, 2]"]


def test_lines_of_one_thread_are_one_conversation() -> None:
    said = [
        ("a", QUESTION),
        ("b", "応募者の情報を共催企業に渡していいですか"),
        ("a", "yes, they signed a form"),
        ("b", "いいえ、同意は取っていません"),
    ]
    piped = "\n".join(json.dumps({"thread": thread, "text": text}) for thread, text in said)
    answers = lines("ask", "--jsonl", piped=piped)
    assert [answer["verdict"] for answer in answers] == ["conditional", "conditional", "allowed", "not_allowed"]
    assert [answer["language"] for answer in answers] == ["en", "ja", "en", "ja"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "?!", "😀", "\x00\x1b[31m"),
        *("x" * 20_000, f"{QUESTION} " * 400, "a" * 100_000),
        "Können wir Bewerberdaten teilen?",
    ],
)
def test_any_text_gets_an_answer(text: str) -> None:
    result = run("ask", "--json", piped=text)
    assert result.exit_code == 0
    assert json.loads(result.output)["verdict"] in {"clarify", "out_of_scope", "conditional"}


def test_bytes_that_are_no_text_get_an_answer() -> None:
    assert run("ask", "--jsonl", piped=b"caf\xe9 can we share\xff?\n").exit_code == 0


def test_explain_shows_words_losers_and_rules() -> None:
    question = "The co-host says the applicants have given their consent. May we share their data with them?"
    output = run("ask", "--explain", question).output
    assert "recipient = co_host (0.85, lexicon): “co-host”" in output
    assert "consent = given (0.95, lexicon): “have given their consent”; said by somebody else" in output
    assert "Rules and exceptions that decided: event_co_hosts" in output
    assert "Clauses: 6(4), 6(1)(i), 6(1)" in output


@pytest.mark.parametrize(("clause", "first"), [("6(1)(i)", "6(1)(i)"), ("13", "13  Contact Us")])
def test_policy_prints_a_clause_with_all_below_it(clause: str, first: str) -> None:
    assert run("policy", clause).output.strip().startswith(first)


def test_policy_prints_everything_without_a_clause() -> None:
    output = run("policy").output
    assert output.startswith("ATRUSTIA LLC.")
    assert "13  Contact Us" in output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["policy", "99"], "the policy has no clause '99'"),
        (["--pack", "nowhere", "ask", "hello"], "nowhere"),
        (["--pack", "nowhere", "check"], "nowhere"),
        (["--reader", "tea leaves", "ask", "hello"], "'learned', 'cues'"),
        (["serve"], "PRIVACY_DESK_PORT"),
    ],
)
def test_a_fault_is_one_clear_sentence(arguments: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVACY_DESK_PORT", "many")
    result = run(*arguments)
    assert result.exit_code != 0
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_token_that_slack_refuses_is_one_clear_sentence(slack: SlackDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"BOT_TOKEN": "xoxb-test", "APP_TOKEN": "xapp-test", "API_URL": slack.url}.items():
        monkeypatch.setenv(f"SLACK_{name}", value)
    slack.failures += ["invalid_auth"] * 5
    result = run("serve")
    assert result.exit_code == 1
    assert "SLACK_APP_TOKEN: Slack refuses it (invalid_auth)" in result.output
    assert "xapp-test" not in result.output


@pytest.mark.parametrize("command", ["ask", "chat", "policy", "check", "schema", "train", "serve"])
def test_help_says_what_each_command_does(command: str) -> None:
    assert f"\n  {command} " in run("--help").output
    assert len(run(command, "--help").output.splitlines()) > 4


def test_a_conversation_takes_numbers_and_lists_its_tickets() -> None:
    output = run("serve", piped=f"{QUESTION}\n1\nI lost my laptop with customer data\ntickets\n").output
    conditional, allowed, incident, tickets = (
        output.index(text) for text in ("[if] Only", "[yes] Yes", "[incident]", "#1  incident")
    )
    assert conditional < allowed < incident < tickets


def test_a_setting_in_the_file_counts_for_every_command(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PRIVACY_DESK_PACK=nowhere\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["ask", QUESTION])
    assert result.exit_code == 1
    assert "nowhere" in result.output


def test_schemas_are_written_for_editors(tmp_path: Path) -> None:
    assert run("schema", str(tmp_path / "schema")).exit_code == 0
    assert json.loads((tmp_path / "schema" / "facts.schema.json").read_text(encoding="utf-8"))
