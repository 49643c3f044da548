"""Tickets of every kind and in every state, as they stand on one fixed day, for golden files and for limits."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slackdouble import TEAM
from sqlmodel import Session
from workspace import ALICE, GENERAL, MIKA

from bot.answers import Answer
from bot.desk import Desk
from bot.store.tables import ConversationRow, Ticket
from bot.tickets.clocks import Clocks

NOW = datetime(2026, 5, 11, 3, 0, tzinfo=UTC)
CLOCKS = Clocks(ZoneInfo("Asia/Tokyo"))
QUESTIONS = {
    ("inquiry", "en"): "How long must we keep the CVs of rejected applicants?",
    ("inquiry", "ja"): "不採用になった応募者の履歴書はいつまで保管しますか？",
    ("disclosure", "en"): "I want to see all the data that the company holds about me",
    ("disclosure", "ja"): "会社が持っている私の個人情報をすべて開示してください",
    ("correction", "en"): "Please correct my address in the HR system, it is wrong",
    ("correction", "ja"): "人事システムの私の住所が間違っているので訂正してください",
    ("suspension", "en"): "Please delete all my data, I no longer use the service",
    ("suspension", "ja"): "私の個人情報の利用を停止して削除してください",
    ("incident", "en"): "I lost my laptop with the customer list",
    ("incident", "ja"): "顧客名簿の入ったパソコンを紛失しました",
}
_OF_A_REQUEST = {"whose": "own", "reach": "alice@example.com", "identity": "employee_card"}
DETAILS: dict[str, dict[str, Any]] = {
    "disclosure": {**_OF_A_REQUEST, "what": "My record of attendance"},
    "correction": {**_OF_A_REQUEST, "what": "My address", "right": "2-3-4 Ginza, call 03-1234-5678"},
    "suspension": {**_OF_A_REQUEST, "what": "My account", "ground": "no_longer_needed"},
    "incident": {
        "what": "A laptop", "noticed": int((NOW - timedelta(days=1)).timestamp()), "people": "mass",
        "data": ["contact", "financial"], "cause": "loss", "ongoing": "unknown",
    },
}  # fmt: skip
DECIDED = {"disclosure": ("refused", "harm"), "correction": ("granted", None), "suspension": ("alternative", None)}
COURSES = {
    "inquiry": ("open", "waiting", "overdue", "in_progress", "answered", "closed", "merged", "purged"),
    "incident": ("open", "contained", "assessed", "reported", "not_reportable", "closed"),
    **dict.fromkeys(DECIDED, ("open", "identity_checked", "investigating", "decided", "notified", "closed")),
}
"""The states of each kind in order, and other ways in which a ticket can stand."""


def ticket(desk: Desk, kind: str, language: str, stands: str = "open", number: int = 7, **more: Any) -> Ticket:
    """A ticket that stands so on the fixed day."""
    answer, _ = desk.ask(QUESTIONS[kind, language])
    opened = NOW - timedelta(days=1)
    values = {
        "id": number, "number": number, "kind": kind, "urgency": "urgent" if kind == "incident" else "normal",
        "state": "open", "conversation_id": f"c-{language}", "occasion": str(number), "requester_id": ALICE,
        "team_id": TEAM, "channel_id": GENERAL, "thread_ts": "100.1", "language": language, "question": answer.question,
        "answer": answer.model_dump(mode="json"), "policy_version": answer.policy.version, "opened_at": opened,
        "due_at": CLOCKS.due(kind, opened),
    }  # fmt: skip
    return Ticket(**{**values, **_standing(kind, stands), **more})


def _standing(kind: str, stands: str) -> dict[str, Any]:
    at = COURSES[kind].index(stands)
    if kind == "inquiry":
        return _inquiry(stands)
    if stands == "open":
        return {}
    values: dict[str, Any] = {"state": stands, "assignee_id": MIKA, "details": DETAILS[kind]}
    if stands == "closed":
        values["closed_at"] = NOW
    if kind == "incident":
        return {**values, **_incident(stands)}
    if at >= COURSES[kind].index("decided"):
        values["outcome"], values["ground"] = DECIDED[kind]
    return values


def _inquiry(stands: str) -> dict[str, Any]:
    closed = {"state": "closed", "assignee_id": MIKA, "closed_at": NOW}
    ways: dict[str, dict[str, Any]] = {
        "waiting": {"waiting_since": NOW - timedelta(hours=5)},
        "overdue": {"due_at": NOW - timedelta(days=2)},
        "closed": closed,
        "merged": {**closed, "merged_into": 3},
        "purged": {**closed, "question": "", "purged_at": NOW},
    }
    return ways.get(stands, {} if stands == "open" else {"state": stands, "assignee_id": MIKA})


def _incident(stands: str) -> dict[str, Any]:
    values: dict[str, Any] = {"known_at": NOW - timedelta(days=3)}
    if stands != "contained":
        values["classes"] = [] if stands == "not_reportable" else ["financial", "malicious"]
    if stands in ("reported", "closed"):
        values["outcome"] = "preliminary" if stands == "reported" else "final"
    return values


def conversation(session: Session, user: str, language: str, answer: Answer | None = None) -> ConversationRow:
    """A conversation of somebody, in which their language shows."""
    name = f"c-{language}" if user == ALICE else f"c-{user}-{language}"
    row = ConversationRow(id=name, team_id=TEAM, channel_id=GENERAL, thread_ts="100.1", user_id=user, language=language)
    session.add(row)
    session.flush()
    return row
