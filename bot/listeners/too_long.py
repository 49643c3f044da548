"""What is too long for one message is said in the modal, which stays open with all that was typed into it."""

from typing import Any

from bot.forms import read
from bot.kit import quoted
from bot.tickets.course import Step
from bot.words import say

Payload = dict[str, Any]
MOST = 12_000
"""Characters as they go out: Slack takes about 13,000 in all blocks of a message together."""
LETTERS = {
    Step.ANSWER: "text", Step.ASK_REQUESTER: "text", Step.REPLY: "text", Step.NOTIFY: "text",
    Step.CHANGE_DUE: "reason",
}  # fmt: skip
"""The forms that send what is written to the requester, and the field that holds it."""
NOT_FROM_HERE = "other"


def too_long(view: Payload) -> dict[str, str]:
    """Of a submitted view the field that cannot be sent, with the sentence that says so; nothing where all can be."""
    form = str(view.get("callback_id") or "")
    field = LETTERS.get(form)  # type: ignore[call-overload]
    if field is None:
        return {}
    fields = read(form, (view.get("state") or {}).get("values") or {})
    if fields.get("way") == NOT_FROM_HERE or len(quoted(str(fields.get(field) or ""))) <= MOST:
        return {}
    return {field: say(_language(view, form), "refusal.too_long")}


def _language(view: Payload, form: str) -> str:
    """The language that a modal is in, told by its title."""
    title = view.get("title")
    shown = title.get("text") if isinstance(title, dict) else None
    return "ja" if shown == say("ja", f"form.{form}.title") else "en"
