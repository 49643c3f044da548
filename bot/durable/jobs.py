"""What the engine is asked to do: jobs, each named, and kept in order with those that share its lane."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from bot.incoming import Incoming
from bot.store.tables import Inbound, Outbound

Kind = Literal["handle", "deliver", "duty"]
GIVE_UP = "give up "
"""Before the subject of a "handle" job: do not try again, tell the asker."""


@dataclass(frozen=True)
class Job:
    """One job. The same `name` is done once; jobs of one `lane` are done one after the other, in order of asking."""

    kind: Kind
    name: str
    lane: str
    subject: str
    delay: float | None = None


def handling(inbound: Inbound) -> Job:
    """Handle what was accepted, in order with what belongs to the same thread."""
    incoming = Incoming.model_validate(inbound.payload)
    return Job("handle", f"in-{inbound.id:012d}", _thread(incoming), str(inbound.id))


def delivery(outbound: Outbound) -> Job:
    """Send what waits for the place that this message goes to."""
    return Job("deliver", f"out-{outbound.id:012d}", outbound.destination, outbound.destination)


def delivery_later(destination: str, turn: int, delay: float | None) -> Job:
    """Send what waits for a place, after so many seconds; asked for twice in one `turn` it is one job."""
    place = sha256(destination.encode()).hexdigest()[:16]
    return Job("deliver", f"again-{place}-{turn}", destination, destination, delay)


def duty_turn(name: str, turn: int) -> Job:
    """One turn of a periodic duty, by whichever process asks first."""
    return Job("duty", f"duty-{name}-{turn}", name, name)


def _thread(incoming: Incoming) -> str:
    if incoming.ticket is not None:
        return f"ticket:{incoming.ticket}"
    if not incoming.channel:
        return f"person:{incoming.user}"
    if incoming.direct:
        return incoming.channel
    if incoming.kind == "command":
        return f"{incoming.channel}:{incoming.user}"
    return f"{incoming.channel}:{incoming.thread_ts or incoming.message_ts or incoming.ts}"
