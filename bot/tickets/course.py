"""The course of a ticket: which step leads from which state to which, as one table."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a ticket is about."""

    INQUIRY = "inquiry"
    DISCLOSURE = "disclosure"
    CORRECTION = "correction"
    SUSPENSION = "suspension"
    INCIDENT = "incident"


class State(StrEnum):
    """How far a ticket has come."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    IDENTITY_CHECKED = "identity_checked"
    INVESTIGATING = "investigating"
    DECIDED = "decided"
    NOTIFIED = "notified"
    CONTAINED = "contained"
    ASSESSED = "assessed"
    REPORTED = "reported"
    NOT_REPORTABLE = "not_reportable"
    CLOSED = "closed"


class Step(StrEnum):
    """What can be done with a ticket, by a manager or by its requester. The word is also kept in the history."""

    TAKE = "take"
    ANSWER = "answer"
    CHECK_IDENTITY = "check_identity"
    INVESTIGATE = "investigate"
    DECIDE = "decide"
    NOTIFY = "notify"
    CONTAIN = "contain"
    ASSESS = "assess"
    REPORT = "report"
    NOT_REPORTABLE = "not_reportable"
    CLOSE = "close"
    REOPEN = "reopen"
    ASK_REQUESTER = "ask_requester"
    REPLY = "reply"
    ASSIGN = "assign"
    SET_KNOWN_AT = "set_known_at"
    CHANGE_DUE = "change_due"
    MERGE = "merge"
    WRITE = "write"
    GIVE_DETAILS = "give_details"
    SETTLE = "settle"


class CourseError(Exception):
    """A step that the ticket's course does not allow."""


@dataclass(frozen=True)
class Move:
    """One line of the table: a step, of which kinds, from which states, and the state after it (None: the same)."""

    step: Step
    kinds: frozenset[Kind]
    sources: frozenset[State]
    target: State | None = None


EVERY = frozenset(Kind)
REQUESTS = frozenset({Kind.DISCLOSURE, Kind.CORRECTION, Kind.SUSPENSION})
_INQUIRY, _INCIDENT = frozenset({Kind.INQUIRY}), frozenset({Kind.INCIDENT})
_NOT_CLOSED = frozenset(State) - {State.CLOSED}
_FINISHED = frozenset({State.ANSWERED, State.NOTIFIED, State.REPORTED, State.NOT_REPORTABLE})
_CLOSED = frozenset({State.CLOSED})


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


MOVES: tuple[Move, ...] = (
    Move(Step.TAKE, _INQUIRY, _from(State.OPEN), State.IN_PROGRESS),
    Move(Step.TAKE, _INQUIRY, _NOT_CLOSED - {State.OPEN}),
    Move(Step.TAKE, REQUESTS | _INCIDENT, _NOT_CLOSED),
    Move(Step.ANSWER, _INQUIRY, _from(State.IN_PROGRESS), State.ANSWERED),
    Move(Step.CHECK_IDENTITY, REQUESTS, _from(State.OPEN), State.IDENTITY_CHECKED),
    Move(Step.INVESTIGATE, REQUESTS, _from(State.IDENTITY_CHECKED), State.INVESTIGATING),
    Move(Step.DECIDE, REQUESTS, _from(State.INVESTIGATING), State.DECIDED),
    Move(Step.NOTIFY, REQUESTS, _from(State.DECIDED), State.NOTIFIED),
    Move(Step.CONTAIN, _INCIDENT, _from(State.OPEN), State.CONTAINED),
    Move(Step.ASSESS, _INCIDENT, _from(State.CONTAINED), State.ASSESSED),
    Move(Step.ASSESS, _INCIDENT, _from(State.ASSESSED, State.REPORTED)),
    Move(Step.REPORT, _INCIDENT, _from(State.ASSESSED, State.REPORTED), State.REPORTED),
    Move(Step.NOT_REPORTABLE, _INCIDENT, _from(State.ASSESSED), State.NOT_REPORTABLE),
    Move(Step.CLOSE, EVERY, _FINISHED, State.CLOSED),
    Move(Step.REOPEN, _INQUIRY, _CLOSED, State.IN_PROGRESS),
    Move(Step.REOPEN, REQUESTS, _CLOSED, State.INVESTIGATING),
    Move(Step.REOPEN, _INCIDENT, _CLOSED, State.CONTAINED),
    Move(Step.ASK_REQUESTER, EVERY, _NOT_CLOSED),
    Move(Step.REPLY, EVERY, frozenset(State)),
    Move(Step.ASSIGN, _INQUIRY, _from(State.OPEN), State.IN_PROGRESS),
    Move(Step.ASSIGN, _INQUIRY, _NOT_CLOSED - {State.OPEN}),
    Move(Step.ASSIGN, REQUESTS | _INCIDENT, _NOT_CLOSED),
    Move(Step.SET_KNOWN_AT, _INCIDENT, _NOT_CLOSED),
    Move(Step.CHANGE_DUE, EVERY, _NOT_CLOSED),
    Move(Step.MERGE, EVERY, _NOT_CLOSED, State.CLOSED),
    Move(Step.WRITE, EVERY, frozenset(State)),
    Move(Step.GIVE_DETAILS, REQUESTS | _INCIDENT, _NOT_CLOSED),
    Move(Step.SETTLE, EVERY, _CLOSED),
)

OF_THE_REQUESTER = frozenset({Step.WRITE, Step.GIVE_DETAILS, Step.SETTLE, Step.REOPEN})
"""What a requester may do with a ticket of their own."""
OF_A_MANAGER = frozenset(Step) - {Step.WRITE, Step.GIVE_DETAILS, Step.SETTLE}
"""What a manager may do with any ticket."""


def after(kind: Kind, state: State, step: Step) -> State:
    """The state after a step. Raises CourseError where the course does not allow it."""
    for move in MOVES:
        if move.step == step and kind in move.kinds and state in move.sources:
            return move.target or state
    raise CourseError(f"{step} is no step of a ticket of kind {kind} in state {state}")


def steps(kind: Kind, state: State) -> tuple[Step, ...]:
    """The steps that are open in a state, in the order of the table."""
    possible = (move.step for move in MOVES if kind in move.kinds and state in move.sources)
    return tuple(dict.fromkeys(possible))
