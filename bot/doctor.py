"""Looking the desk over: what is set, what Slack and the database say, and what to do about what is wrong.

It changes nothing: no migration runs, nothing is posted. Secrets are never part of a finding.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, func, select

from bot.scopes import SCOPES
from bot.sending.calls import sending_client
from bot.settings import Settings
from bot.store.database import MIGRATIONS, DatabaseError, open_engine
from bot.store.search import HOW_TO_INDEX, has_index
from bot.store.tables import Outbound
from knowledge import PackError, load_pack


@dataclass(frozen=True)
class Found:
    """One thing that was looked at. `advice` says what to do; None where all is well."""

    what: str
    advice: str | None = None


def look_over(settings: Settings) -> Iterator[Found]:
    """Everything that can be looked at with these settings, in the order in which to mend it."""
    yield Found(f"settings: mode {settings.mode}")
    yield from _pack(settings)
    yield from _database(settings)
    if settings.slack_bot_token:
        yield from _slack(settings)
    yield from _managers(settings)


def _pack(settings: Settings) -> Iterator[Found]:
    try:
        pack = load_pack(settings.privacy_desk_pack)
    except PackError as error:
        yield Found(f"pack: {error}", "Mend the file that is named, or set PRIVACY_DESK_PACK to another pack.")
        return
    yield Found(f"pack: {pack.policy.company}, version {pack.policy.version}")


def _database(settings: Settings) -> Iterator[Found]:
    try:
        engine = open_engine(settings.privacy_desk_database_url)
        with engine.connect() as connection:
            now = MigrationContext.configure(connection).get_current_revision()
            tables = set(inspect(connection).get_table_names())
            waiting = _waiting(connection) if "executor" in tables else None
            indexed = now is None or has_index(connection)
        engine.dispose()
    except (SQLAlchemyError, DatabaseError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        yield Found(
            f"database: {reason}", "Check PRIVACY_DESK_DATABASE_URL, that the server runs and the disk has room."
        )
        return
    newest = _newest_revision()
    if now == newest:
        yield Found(f"database: reached, schema {now}")
    elif now is None:
        yield Found("database: reached, still empty")
    else:
        yield Found(
            f"database: schema {now}, this release has {newest}", "Back it up, then start `privacy-desk serve`."
        )
    if now == newest and not indexed:
        yield Found("search: without an index, so it is slow with many tickets", f"Run in the database: {HOW_TO_INDEX}")
    yield from _messages(waiting)


def _newest_revision() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()


def _waiting(connection: Any) -> tuple[int, int]:
    with Session(connection) as session:
        given_up = col(Outbound.given_up).is_not(None)
        waits = (col(Outbound.sent_at).is_(None), col(Outbound.given_up).is_(None))
        count = select(func.count()).select_from(Outbound)
        return session.exec(count.where(*waits)).one(), session.exec(count.where(given_up)).one()


def _messages(waiting: tuple[int, int] | None) -> Iterator[Found]:
    if waiting is None:
        return
    waits, given_up = waiting
    yield Found(f"messages: {waits} wait, {given_up} could not be delivered")


def _slack(settings: Settings) -> Iterator[Found]:
    client = sending_client(settings)
    found = _asked("bot token", client.auth_test, "Install the app again and set SLACK_BOT_TOKEN.")
    yield found[0]
    if found[1] is None:
        return
    yield from _scopes(found[1])
    if settings.mode == "socket" and settings.slack_app_token:
        app = WebClient(settings.slack_app_token.get_secret_value(), base_url=settings.slack_api_url, retry_handlers=[])
        advice = "Generate an app-level token with connections:write and set SLACK_APP_TOKEN."
        yield _asked("app token", lambda: app.apps_connections_open(app_token=app.token or ""), advice)[0]
    channel = settings.privacy_desk_manager_channel
    if channel:
        advice = "Invite the app to it (/invite @Privacy Desk), and check PRIVACY_DESK_MANAGER_CHANNEL."
        yield _asked("managers' channel", lambda: client.conversations_history(channel=channel, limit=1), advice)[0]


def _asked(what: str, ask: Callable[[], Any], advice: str) -> tuple[Found, Any]:
    try:
        answer = ask()
    except SlackApiError as error:
        return Found(f"{what}: Slack says {error.response['error']}", advice), None
    except OSError as error:
        return Found(
            f"{what}: Slack cannot be reached ({type(error).__name__})", "Check the network and SLACK_API_URL."
        ), None
    return Found(f"{what}: accepted"), answer


def _scopes(answer: Any) -> Iterator[Found]:
    """Slack names a token's scopes in a header of each answer (x-oauth-scopes)."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    granted = headers.get("x-oauth-scopes")
    if granted is None:
        yield Found("scopes: Slack does not say")
        return
    given = {scope.strip() for scope in str(granted).split(",")}
    missing = {scope: why for scope, why in SCOPES.items() if scope not in given}
    for scope, why in missing.items():
        yield Found(f"scope {scope} is missing: {why}", "Paste app_manifest.yml into the app again, and reinstall it.")
    if not missing:
        yield Found("scopes: all there")


def _managers(settings: Settings) -> Iterator[Found]:
    if settings.privacy_desk_managers or settings.privacy_desk_manager_channel:
        yield Found(f"managers: {len(settings.privacy_desk_managers)} named")
        return
    advice = "Set PRIVACY_DESK_MANAGER_CHANNEL or PRIVACY_DESK_MANAGERS."
    yield Found("managers: nobody hears of tickets", advice)
