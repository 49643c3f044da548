"""Forms as Slack's modals, and what people submitted (Slack's reference of views and view payloads)."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.forms.catalog import FORMS, Form
from bot.forms.fields import Choice, Field, Value, Values, element, value_of
from bot.kit import Block, plain_text
from bot.words import say, says

TITLE_LIMIT, LABEL_LIMIT, PLACEHOLDER_LIMIT = 24, 2000, 2000
NO_CHOICES: Mapping[str, Sequence[Choice]] = {}


def modal(
    form_id: str,
    language: str,
    carried: str,
    *,
    initial: Values | None = None,
    choices: Mapping[str, Sequence[Choice]] = NO_CHOICES,
    intro: Sequence[Block] = (),
) -> dict[str, Any]:
    """The modal of a form. `carried` comes back with what is submitted; `choices` are those that are not fixed.

    Raises KeyError for a form that there is not.
    """
    form, at_first = FORMS[form_id], initial or {}
    inputs = [_input(form, field, language, choices.get(field.id, ()), at_first.get(field.id)) for field in form.fields]
    return {
        "type": "modal",
        "callback_id": form.id,
        "private_metadata": carried,
        "title": plain_text(say(language, f"form.{form.id}.title"), TITLE_LIMIT),
        "submit": plain_text(say(language, f"form.{form.id}.submit"), TITLE_LIMIT),
        "close": plain_text(say(language, "form.close"), TITLE_LIMIT),
        "blocks": [*intro, *inputs],
    }


def read(form_id: str, state: Mapping[str, Any]) -> dict[str, Value]:
    """What was submitted, by field. `state` is the view's `state.values`; what does not fit a field is left out."""
    found: dict[str, Value] = {}
    for field in FORMS[form_id].fields:
        entered = state.get(field.id)
        given = entered.get("value") if isinstance(entered, dict) else None
        found[field.id] = value_of(field, given) if isinstance(given, dict) else None
    return found


def missing(form_id: str, values: Values) -> bool:
    """Whether a field that must be filled in is empty, or holds only spaces, which Slack lets pass.

    What is no form needs nothing.
    """
    form = FORMS.get(form_id)
    return form is not None and any(not field.optional and not values.get(field.id) for field in form.fields)


def label_of(form_id: str, field_id: str, language: str, value: Value) -> str:
    """A submitted value in words: the labels of options, other values as they are."""
    field = next(one for one in FORMS[form_id].fields if one.id == field_id)
    if not field.options:
        return "" if value is None else str(value)
    chosen = (value,) if isinstance(value, str) else value if isinstance(value, tuple | list) else ()
    return ", ".join(_option_label(form_id, field, language, one) for one in chosen if one in field.options)


def field_label(form_id: str, field_id: str, language: str) -> str:
    """What a field is called."""
    own = says(language, f"form.{form_id}.{field_id}.label")
    return own or say(language, f"form.field.{field_id}")


def _option_label(form_id: str, field: Field, language: str, option: str) -> str:
    return says(language, f"form.{form_id}.{field.id}.{option}") or say(language, f"form.option.{option}")


def _input(form: Form, field: Field, language: str, choices: Sequence[Choice], initial: Value) -> Block:
    fixed = [Choice(option, _option_label(form.id, field, language, option)) for option in field.options]
    block: Block = {
        "type": "input",
        "block_id": field.id,
        "optional": field.optional,
        "label": plain_text(field_label(form.id, field.id, language), LABEL_LIMIT),
        "element": element(field, fixed or choices, initial),
    }
    hint = says(language, f"form.{form.id}.{field.id}.hint") or says(language, f"form.hint.{field.id}")
    return {**block, "hint": plain_text(hint, LABEL_LIMIT)} if hint else block
