"""What a requester gave in a form, in words. The only place where contact data is kept as it was written."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from bot.forms.catalog import FORMS
from bot.forms.view import field_label, label_of
from bot.kit import escape
from bot.store.tables import Ticket
from bot.tickets.clocks import Clocks
from bot.words import say
from knowledge import Pack
from knowledge.requests import Ground, Outcome

GROUND = "ground"


def details_form(kind: str) -> str:
    """The form that asks for what a ticket of this kind needs."""
    return f"details_{kind}"


def details_text(ticket: Ticket, pack: Pack, clocks: Clocks, shown: Callable[[str], str] = str) -> str:
    """A line for each field that was filled in, in Slack's markup. `shown` is what becomes of each value."""
    return "\n".join(
        f"_{escape(label)}_ {escape(shown(text))}" for label, text in labelled_details(ticket, pack, clocks)
    )


def labelled_details(ticket: Ticket, pack: Pack, clocks: Clocks) -> Iterator[tuple[str, str]]:
    """The label of each field that was filled in, and its value in words; moments are in the company's time."""
    form, details = FORMS[details_form(ticket.kind)], ticket.details or {}
    for field in form.fields:
        value: Any = details.get(field.id)
        if value in (None, "", []):
            continue
        if field.type == "moment":
            text = datetime.fromtimestamp(int(value), clocks.timezone).strftime("%Y-%m-%d %H:%M")
        elif field.id == GROUND:
            text = ground_label(pack, ticket.kind, str(value), ticket.language)
        else:
            text = label_of(form.id, field.id, ticket.language, value)
        yield field_label(form.id, field.id, ticket.language), text


def ground_label(pack: Pack, kind: str, ground_id: str, language: str) -> str:
    """A ground of the policy that a requester named, with its clause."""
    rules = pack.requests.get(kind)
    found = next((one for one in rules.grounds if one.id == ground_id), None) if rules else None
    return clause_and_label(found, language) if found else say(language, "form.option.unknown")


def clause_and_label(found: Ground | Outcome, language: str) -> str:
    """A ground or an outcome, as people see it."""
    return f"{found.clause} {found.label.in_language(language)}"
