"""The kinds of fields that forms have, each as the Block Kit element that takes its value.

Elements and their limits: Slack's reference of block elements and of the input block.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.kit import plain_text, shortened

Type = Literal["text", "long", "choice", "radio", "checks", "user", "date", "moment"]
Value = str | tuple[str, ...] | int | None
Values = Mapping[str, Value]
Element = dict[str, Any]
LAST_MOMENT = 32_503_680_000
"""The year 3000, in seconds since 1970."""
OPTION_LIMIT, TEXT_LIMIT, MOST_OPTIONS = 75, 3000, 100


@dataclass(frozen=True)
class Field:
    """One field. `options` are the ids of fixed choices; a field without them gets its choices when it is shown."""

    id: str
    type: Type
    optional: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """One choice of a field: what comes back, what people see, and a line below it."""

    value: str
    label: str
    description: str = ""


def element(field: Field, choices: Sequence[Choice], initial: Value) -> Element:
    """The element of a field, with what it shows at first."""
    return {"action_id": "value", **_MAKERS[field.type](choices, initial)}


def value_of(field: Field, state: Mapping[str, Any]) -> Value:
    """What somebody entered: text, an option's id, several, a user id, a date (YYYY-MM-DD) or seconds since 1970.

    None where the field was left empty, or where what came back is nothing that its element could have given.
    """
    match field.type:
        case "text" | "long":
            return _text(state.get("value")).strip() or None
        case "choice" | "radio":
            return _chosen_of(field, state.get("selected_option"))
        case "checks":
            several = state.get("selected_options")
            found = [_chosen_of(field, one) for one in several] if isinstance(several, list) else []
            return tuple(one for one in found if one)
        case "moment":
            return _moment(state.get("selected_date_time"))
        case "date":
            return _date(_text(state.get("selected_date")))
        case "user":
            return _text(state.get("selected_user")) or None


def _text(value: object) -> str:
    return value.replace("\0", "") if isinstance(value, str) else ""


def _chosen_of(field: Field, option: object) -> str | None:
    value = _text(option.get("value")) if isinstance(option, dict) else ""
    return value if value and (not field.options or value in field.options) else None


def _moment(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < LAST_MOMENT else None


def _date(value: str) -> str | None:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return None


def _option(choice: Choice) -> Element:
    option: Element = {"text": plain_text(choice.label, OPTION_LIMIT), "value": choice.value}
    return {**option, "description": plain_text(choice.description, OPTION_LIMIT)} if choice.description else option


def _written(choices: Sequence[Choice], initial: Value, *, long: bool) -> Element:  # noqa: ARG001 - as all makers
    made: Element = {"type": "plain_text_input", "multiline": long, "max_length": TEXT_LIMIT if long else 200}
    return {**made, "initial_value": shortened(str(initial), made["max_length"])} if initial else made


def _chosen(kind: str) -> Callable[[Sequence[Choice], Value], Element]:
    def make(choices: Sequence[Choice], initial: Value) -> Element:
        made: Element = {"type": kind, "options": [_option(choice) for choice in choices[:MOST_OPTIONS]]}
        if kind == "checkboxes":
            at_first = [_option(choice) for choice in choices if choice.value in (initial or ())]  # type: ignore[operator]
            return {**made, "initial_options": at_first} if at_first else made
        first = next((_option(choice) for choice in choices if choice.value == initial), None)
        return {**made, "initial_option": first} if first else made

    return make


def _picked(kind: str, key: str) -> Callable[[Sequence[Choice], Value], Element]:
    def make(choices: Sequence[Choice], initial: Value) -> Element:  # noqa: ARG001 - as all makers
        return {"type": kind, key: initial} if initial else {"type": kind}

    return make


_MAKERS: Mapping[Type, Callable[[Sequence[Choice], Value], Element]] = {
    "text": lambda choices, initial: _written(choices, initial, long=False),
    "long": lambda choices, initial: _written(choices, initial, long=True),
    "choice": _chosen("static_select"),
    "radio": _chosen("radio_buttons"),
    "checks": _chosen("checkboxes"),
    "user": _picked("users_select", "initial_user"),
    "date": _picked("datepicker", "initial_date"),
    "moment": _picked("datetimepicker", "initial_date_time"),
}
