"""Settings are checked at start, and what is secret never shows."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings

SOCKET = {"slack_bot_token": "xoxb-secret", "slack_app_token": "xapp-secret"}
HTTP = {"slack_bot_token": "xoxb-secret", "slack_signing_secret": "sign-secret"}


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(("given", "mode"), [({}, "terminal"), (SOCKET, "socket"), (HTTP, "http")])
def test_the_mode_follows_from_the_tokens(given: dict[str, str], mode: str) -> None:
    assert load_settings(None, **given).mode == mode


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"slack_bot_token": "xoxb-secret"}, "the mode 'http' also needs SLACK_SIGNING_SECRET"),
        ({"privacy_desk_mode": "socket"}, "the mode 'socket' also needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN"),
        ({"privacy_desk_mode": "carrier pigeon"}, "PRIVACY_DESK_MODE: Input should be 'socket', 'http' or 'terminal'"),
        ({"privacy_desk_port": "many"}, "PRIVACY_DESK_PORT: Input should be a valid integer"),
        ({"privacy_desk_port": "70000"}, "PRIVACY_DESK_PORT: Input should be less than or equal to 65535"),
        ({"privacy_desk_timezone": "Asia/Atlantis"}, "PRIVACY_DESK_TIMEZONE: no such time zone"),
        ({"slack_api_url": "slack.example"}, "SLACK_API_URL: give a URL that starts with http:// or https://"),
        ({"privacy_desk_incident_days": "9"}, "PRIVACY_DESK_INCIDENT_DAYS: Input should be less than or equal to 5"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(None, **given)
    assert sentence in str(error.value)
    assert "secret" not in str(error.value).lower().replace("slack_signing_secret", "")


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        load_settings(None, privacy_desk_port="many", privacy_desk_timezone="Mars")
    assert len(str(error.value).splitlines()) == 2


def test_secrets_do_not_show() -> None:
    settings = load_settings(None, **SOCKET, slack_signing_secret="sign-secret")
    assert "-secret" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_the_environment_counts_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("PRIVACY_DESK_PORT=4000\nPRIVACY_DESK_MANAGERS=U1, U2\nSLACK_BOT_TOKEN=\n")
    from_file = load_settings(tmp_path / ".env")
    monkeypatch.setenv("PRIVACY_DESK_PORT", "5000")
    from_both = load_settings(tmp_path / ".env")
    assert (from_file.privacy_desk_port, from_both.privacy_desk_port) == (4000, 5000)
    assert from_both.privacy_desk_managers == ("U1", "U2")
    assert from_both.mode == "terminal"
