"""Settings from the environment or `.env`, checked at start. Secrets never show: not in errors, not in `repr`."""

from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Mode = Literal["socket", "http", "terminal"]


def _empty_is_missing(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _listed(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Secret = Annotated[SecretStr | None, BeforeValidator(_empty_is_missing)]
Optional = Annotated[str | None, BeforeValidator(_empty_is_missing)]


class SettingsError(Exception):
    """Settings that cannot be used: one line for each fault, with what to do."""


class Settings(BaseSettings):
    """Every setting, with its default. Names are those of the environment, in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True)

    slack_bot_token: Secret = Field(None, description="Bot token of the Slack app (xoxb-...).")
    slack_app_token: Secret = Field(
        None, description="App-level token with connections:write (xapp-...), for Socket Mode."
    )
    slack_signing_secret: Secret = Field(None, description="Signing secret of the Slack app, for HTTP.")
    slack_api_url: str = Field("https://slack.com/api/", description="Base of Slack's Web API.")
    privacy_desk_mode: Mode | None = Field(
        None,
        description="socket, http or terminal. Left out: socket or http by the tokens that are set, else terminal.",
    )
    privacy_desk_host: str = Field("0.0.0.0", description="Address that the HTTP server listens on.")  # noqa: S104
    privacy_desk_port: int = Field(3000, ge=0, le=65535, description="Port of the HTTP server; 0 picks a free one.")
    privacy_desk_database_url: str = Field("sqlite:///privacy-desk.db", description="Database, as an SQLAlchemy URL.")
    privacy_desk_pack: str = Field(
        "atrustia", description="The policy: a shipped pack's name, or the path of a folder."
    )
    privacy_desk_reader: Literal["learned", "cues"] = Field(
        "learned", description="How questions are read: with what was learned, or by the cues alone."
    )
    privacy_desk_manager_channel: Optional = Field(None, description="Channel id where cards of tickets are posted.")
    privacy_desk_managers: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        (), description="User ids of the managers, separated by commas, or one user group id."
    )
    privacy_desk_language: Literal["en", "ja"] = Field(
        "en", description="Language for people who have not written to the desk yet: en or ja."
    )
    privacy_desk_timezone: str = Field("Asia/Tokyo", description="Time zone of due dates.")
    privacy_desk_mention_answers: Literal["thread", "private"] = Field(
        "thread", description="Where an @mention in a channel is answered: in the thread, or privately to the asker."
    )
    privacy_desk_outsiders: Literal["decline", "answer"] = Field(
        "decline", description="People of other workspaces, in shared channels: decline, or answer them too."
    )
    privacy_desk_inquiry_business_days: int = Field(3, ge=1, description="Days to answer an inquiry, without holidays.")
    privacy_desk_request_days: int = Field(14, ge=1, description="Days to handle a request of an individual.")
    privacy_desk_incident_days: int = Field(3, ge=1, le=5, description="Days to the preliminary report of an incident.")
    privacy_desk_keep_questions_days: int = Field(
        90, ge=7, description="Days after which the texts of questions, answers and messages are removed."
    )
    privacy_desk_keep_inquiry_days: int = Field(
        365, ge=30, description="Days after its closing in which the texts of an inquiry are kept."
    )
    privacy_desk_keep_request_days: int = Field(
        1095, ge=30, description="Days after its closing in which the texts of an individual's request are kept."
    )
    privacy_desk_keep_incident_days: int = Field(
        1825, ge=30, description="Days after its closing in which the texts of an incident are kept."
    )

    @field_validator("privacy_desk_timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("no such time zone; use a name such as Asia/Tokyo")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("give a URL that starts with http:// or https://")
        return value.rstrip("/") + "/"

    @model_validator(mode="after")
    def _complete(self) -> "Settings":
        needs: dict[Mode, tuple[str, ...]] = {
            "socket": ("slack_bot_token", "slack_app_token"),
            "http": ("slack_bot_token", "slack_signing_secret"),
            "terminal": (),
        }
        missing = [name.upper() for name in needs[self.mode] if getattr(self, name) is None]
        if missing:
            raise ValueError(f"the mode '{self.mode}' also needs {' and '.join(missing)}")
        return self

    @property
    def mode(self) -> Mode:
        """The mode that is set, or the one that the tokens allow."""
        if self.privacy_desk_mode:
            return self.privacy_desk_mode
        if self.slack_bot_token and self.slack_app_token:
            return "socket"
        return "http" if self.slack_bot_token else "terminal"

    @property
    def timezone(self) -> ZoneInfo:
        """The time zone of due dates."""
        return ZoneInfo(self.privacy_desk_timezone)


def load_settings(env_file: Path | None = Path(".env"), **given: Any) -> Settings:
    """The settings; what is `given` counts before the environment, and that before the file.

    Raises SettingsError naming each setting that is wrong or missing, and never its value.
    """
    try:
        return Settings(_env_file=env_file, **given)
    except ValidationError as error:
        raise SettingsError("\n".join(_line(dict(fault)) for fault in error.errors())) from None


def _line(fault: dict[str, object]) -> str:
    place = fault["loc"]
    name = str(place[0]).upper() if isinstance(place, tuple) and place else "settings"
    return f"{name}: {str(fault['msg']).removeprefix('Value error, ')}"
