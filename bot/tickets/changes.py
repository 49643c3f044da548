"""What each step changes: in the ticket, in its history, and what the requester is told. Pure functions of a form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from bot.kit import escape, quoted
from bot.store.tables import Ticket
from bot.tickets.clocks import Clocks
from bot.tickets.course import Kind, Step
from knowledge import Pack

Fields = Mapping[str, Any]
PRELIMINARY, FINAL = "preliminary", "final"


class RefusedError(Exception):
    """A step that cannot be done: the key of the sentence that says why, and its values."""

    def __init__(self, key: str, **values: object) -> None:
        """Take the sentence's key under `refusal` in the wording files."""
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True)
class Letter:
    """What the requester is told: a sentence under `letter` with its values, and what somebody wrote below it."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    below: str = ""


@dataclass(frozen=True)
class Change:
    """What a step does. `columns` are the ticket's new values; `detail` is kept for good, `texts` only for a time."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Any] = field(default_factory=dict)
    letter: Letter | None = None


@dataclass(frozen=True)
class Act:
    """A step as somebody takes it: on which ticket, by whom, when, with what filled in, under which policy and law."""

    ticket: Ticket
    actor: str
    at: datetime
    fields: Fields
    clocks: Clocks
    pack: Pack

    def text(self, name: str) -> str:
        """What was filled in under this name, or nothing."""
        return str(self.fields.get(name) or "")


def change_of(step: Step, act: Act) -> Change:
    """What this step changes. Raises RefusedError where what was filled in cannot be taken."""
    return _CHANGES[step](act)


def _take(act: Act) -> Change:
    if act.ticket.assignee_id:
        raise RefusedError("taken", assignee=act.ticket.assignee_id)
    return Change({"assignee_id": act.actor}, letter=Letter("take", {"manager": act.actor}))


def _assign(act: Act) -> Change:
    user = act.text("user")
    if not user:
        raise RefusedError("pick_one")
    return Change({"assignee_id": user}, letter=Letter("assign", {"manager": user}))


def _answer(act: Act) -> Change:
    taken = {} if act.ticket.assignee_id else {"assignee_id": act.actor}
    return Change(
        {**taken, **_no_longer_waiting(act)}, texts={"answer": act.text("text")}, letter=_words("answer", act)
    )


def _words(key: str, act: Act) -> Letter:
    return Letter(key, {"manager": act.actor}, quoted(act.text("text")))


def _check_identity(act: Act) -> Change:
    texts = {"note": act.text("note")} if act.text("note") else {}
    return Change(detail={"how": act.text("how")}, texts=texts, letter=Letter("check_identity"))


def _investigate(act: Act) -> Change:  # noqa: ARG001 - as all changes
    return Change(letter=Letter("investigate"))


def _decide(act: Act) -> Change:
    outcome, _, ground = act.text("decision").partition(":")
    rules = act.pack.requests.get(act.ticket.kind)
    if rules is None or not rules.may_decide(outcome, ground or None):
        raise RefusedError("pick_one")
    decided = {"outcome": outcome, "ground": ground or None}
    texts = {"explanation": act.text("explanation")} if act.text("explanation") else {}
    return Change(decided, decided, texts, Letter("decide"))


def _notify(act: Act) -> Change:
    way = act.text("way") or "thread"
    below = Letter("notify", {}, escape(act.text("text"))) if way == "thread" else Letter("notified_otherwise")
    return Change(detail={"way": way}, texts={"notice": act.text("text")}, letter=below)


def _contain(act: Act) -> Change:
    return Change(texts={"what": act.text("what")}, letter=Letter("contain"))


def _assess(act: Act) -> Change:
    classes = list(act.fields.get("classes") or ())
    columns: dict[str, Any] = {"classes": classes}
    if act.ticket.outcome == PRELIMINARY:
        columns["due_at"] = _final_due(act, classes)
    texts = {"note": act.text("note")} if act.text("note") else {}
    return Change(columns, {"classes": classes}, texts)


def _report(act: Act) -> Change:
    stage, on = act.text("stage"), act.text("on") or act.clocks.day(act.at).isoformat()
    if stage not in (PRELIMINARY, FINAL):
        raise RefusedError("pick_one")
    columns: dict[str, Any] = {"outcome": stage}
    if stage == PRELIMINARY:
        columns["due_at"] = _final_due(act, act.ticket.classes or ())
    texts = {"note": act.text("note")} if act.text("note") else {}
    return Change(columns, {"stage": stage, "on": on}, texts, Letter("report", {"stage": stage}))


def _final_due(act: Act, classes: list[str] | tuple[str, ...]) -> datetime:
    known = act.ticket.known_at or act.ticket.opened_at
    return act.clocks.end_of(act.clocks.incident_clock(known, malicious="malicious" in classes).final)


def _not_reportable(act: Act) -> Change:
    return Change(texts={"why": act.text("why")}, letter=Letter("not_reportable"))


def _close(act: Act) -> Change:
    until = act.clocks.day(act.clocks.reopen_until(act.at)).isoformat()
    return Change({"closed_at": act.at, "waiting_since": None}, letter=Letter("close", {"until": until}))


def _reopen(act: Act) -> Change:
    late = act.ticket.due_at < act.at
    due = {"due_at": act.clocks.due(act.ticket.kind, act.at)} if late else {}
    texts = {"why": act.text("why")} if act.text("why") else {}
    return Change({"closed_at": None, "merged_into": None, **due}, texts=texts, letter=Letter("reopen"))


def _ask_requester(act: Act) -> Change:
    paused = {} if act.ticket.kind == Kind.INCIDENT else {"waiting_since": act.ticket.waiting_since or act.at}
    return Change(paused, texts={"question": act.text("text")}, letter=_words("ask_requester", act))


def _reply(act: Act) -> Change:
    return Change(texts={"reply": act.text("text")}, letter=_words("reply", act))


def _set_known_at(act: Act) -> Change:
    known = datetime.fromtimestamp(int(act.fields.get("at") or 0), UTC)
    if not act.fields.get("at") or known > act.at:
        raise RefusedError("future_moment")
    try:
        clock = act.clocks.incident_clock(known, malicious="malicious" in (act.ticket.classes or ()))
    except LookupError:
        raise RefusedError("unknown_day") from None
    due = clock.final if act.ticket.outcome else clock.preliminary
    columns = {"known_at": known, "due_at": act.clocks.end_of(due)}
    texts = {"why": act.text("why")} if act.text("why") else {}
    return Change(columns, {"known_at": known.isoformat()}, texts)


def _change_due(act: Act) -> Change:
    try:
        day = date.fromisoformat(act.text("due"))
    except ValueError:
        raise RefusedError("past_day") from None
    if day < act.clocks.day(act.at):
        raise RefusedError("past_day")
    due = act.clocks.end_of(day)
    letter = Letter("change_due", {"due": day.isoformat()}, quoted(act.text("reason")))
    return Change({"due_at": due}, texts={"reason": act.text("reason")}, letter=letter)


def _merge(act: Act) -> Change:
    into = int(act.fields["into"])
    columns = {"merged_into": into, "closed_at": act.at, "waiting_since": None}
    return Change(columns, {"into": into}, letter=Letter("merge", {"other": f"#{into}"}))


def _write(act: Act) -> Change:
    return Change(_no_longer_waiting(act), texts={"message": act.text("text")})


def _no_longer_waiting(act: Act) -> dict[str, Any]:
    """The pause ends: the due date moves by the days waited."""
    since = act.ticket.waiting_since
    if since is None:
        return {}
    return {"waiting_since": None, "due_at": act.clocks.resumed(act.ticket.kind, act.ticket.due_at, since, act.at)}


def _give_details(act: Act) -> Change:
    given = {name: value for name, value in act.fields.items() if value not in (None, "", [], ())}
    return Change({"details": given, **_no_longer_waiting(act)}, {"fields": sorted(given)})


def _settle(act: Act) -> Change:  # noqa: ARG001 - as all changes
    return Change()


_CHANGES: Mapping[Step, Callable[[Act], Change]] = {
    Step.TAKE: _take,
    Step.ASSIGN: _assign,
    Step.ANSWER: _answer,
    Step.CHECK_IDENTITY: _check_identity,
    Step.INVESTIGATE: _investigate,
    Step.DECIDE: _decide,
    Step.NOTIFY: _notify,
    Step.CONTAIN: _contain,
    Step.ASSESS: _assess,
    Step.REPORT: _report,
    Step.NOT_REPORTABLE: _not_reportable,
    Step.CLOSE: _close,
    Step.REOPEN: _reopen,
    Step.ASK_REQUESTER: _ask_requester,
    Step.REPLY: _reply,
    Step.SET_KNOWN_AT: _set_known_at,
    Step.CHANGE_DUE: _change_due,
    Step.MERGE: _merge,
    Step.WRITE: _write,
    Step.GIVE_DETAILS: _give_details,
    Step.SETTLE: _settle,
}
