"""Modals that were filled in."""

from typing import Any

from pydantic import ValidationError

from bot.answers.actions import Carried, TicketCarried
from bot.forms import FORMS, read
from bot.incoming import Incoming
from bot.listeners.actions import who
from bot.listeners.too_long import too_long
from bot.tickets.course import Step
from bot.tickets.masking import masked

Payload = dict[str, Any]
DETAILS = "details_"


def translate(body: Payload) -> Incoming | None:
    """What somebody filled in; None for a form that is not ours, that only searches, or that Slack keeps open."""
    view = body.get("view") or {}
    form = str(view.get("callback_id") or "")
    if form not in FORMS or too_long(view):
        return None
    fields = read(form, (view.get("state") or {}).get("values") or {})
    carried = str(view.get("private_metadata") or "")
    try:
        return _of_a_form(body, form, carried, fields)
    except ValidationError:
        return None


def _of_a_form(body: Payload, form: str, carried: str, fields: Payload) -> Incoming | None:
    if form == "report_incident":
        spoken = carried if carried in ("en", "ja") else "en"
        return _incoming(body, kind="report", text=str(fields.get("what") or ""), fields={**fields, "language": spoken})
    if form in set(Step) or form.startswith(DETAILS):
        step = Step.GIVE_DETAILS if form.startswith(DETAILS) else form
        number = TicketCarried.model_validate_json(carried).ticket
        return _incoming(body, kind="ticket_step", ticket=number, step=str(step), fields=fields)
    if form == "feedback":
        about = Carried.model_validate_json(carried)
        reason = masked(str(fields.get("reason") or ""))
        given = {**fields, "reason": reason, "answer": about.answer, "right": False}
        return _incoming(body, kind="feedback", conversation=about.conversation, fields=given)
    if form == "provision":
        about = Carried.model_validate_json(carried)
        return _incoming(
            body, kind="provision", conversation=about.conversation, fields={**fields, "answer": about.answer}
        )
    return None


def _incoming(body: Payload, **more: Any) -> Incoming:
    user, team = who(body)
    view = (body.get("view") or {}).get("id")
    return Incoming(team=team, channel="", user=user, keys=(f"view:{view}",) if view else (), **more)
