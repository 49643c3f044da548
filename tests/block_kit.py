"""Block Kit's limits, from Slack's reference of blocks, block elements, composition objects and views."""

from collections.abc import Iterator
from typing import Any

BLOCKS, VIEW_BLOCKS, TEXT, FIELD, FIELDS, CONTEXT, ELEMENTS = 50, 100, 3000, 2000, 10, 10, 25
LABEL, VALUE, ACTION_ID, HEADER, CONTEXT_ACTIONS = 75, 2000, 255, 150, 5
MESSAGE_TEXT = 13_000
TITLE, METADATA, INPUT_LABEL, OPTIONS, OPTION_TEXT, OPTION_VALUE, CHECKS = 24, 3000, 2000, 100, 75, 150, 10
Block = dict[str, Any]


def broken_limits(blocks: list[Block]) -> list[str]:
    """What Slack would refuse in the blocks of a message; nothing for blocks that it takes."""
    faults = list(_faults(blocks))
    if len(blocks) > BLOCKS:
        faults.append(f"{len(blocks)} blocks")
    if sum(map(_length, blocks)) > MESSAGE_TEXT:
        faults.append("more text than Slack takes in one message")
    return faults


def broken_view(view: Block) -> list[str]:
    """What Slack would refuse in a modal or a home page."""
    faults = list(_faults(view["blocks"]))
    if len(view["blocks"]) > VIEW_BLOCKS:
        faults.append(f"{len(view['blocks'])} blocks")
    faults += _long("metadata", view.get("private_metadata") or "-", METADATA)
    for part in ("title", "submit", "close"):
        if part in view:
            faults += _long(part, view[part]["text"], TITLE)
    if view["type"] == "modal" and any(b["type"] == "input" for b in view["blocks"]) and "submit" not in view:
        faults.append("inputs without a submit button")
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    if len(set(ids)) < len(ids):
        faults.append(f"the same block id twice: {ids}")
    return faults


def _length(block: Block) -> int:
    texts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
    return sum(len(one["text"]) for one in texts if isinstance(one, dict) and isinstance(one.get("text"), str))


def _faults(blocks: list[Block]) -> Iterator[str]:
    for block in blocks:
        kind = block["type"]
        if kind == "section":
            yield from _section(block)
        elif kind == "context":
            yield from _many("context elements", block["elements"], CONTEXT)
            for element in block["elements"]:
                yield from _long("context text", element["text"], TEXT)
        elif kind == "actions":
            yield from _many("action elements", block["elements"], ELEMENTS)
            yield from _elements(block["elements"])
        elif kind == "context_actions":
            yield from _many("context actions", block["elements"], CONTEXT_ACTIONS)
            yield from _elements(block["elements"])
        elif kind == "header":
            yield from _long("header", block["text"]["text"], HEADER)
        elif kind == "input":
            yield from _long("input label", block["label"]["text"], INPUT_LABEL)
            yield from _elements([block["element"]])
        elif kind != "divider":
            yield f"a block of type {kind}"


def _section(block: Block) -> Iterator[str]:
    if "text" in block:
        yield from _long("section text", block["text"]["text"], TEXT)
    fields = block.get("fields")
    if fields is not None:
        yield from _many("fields", fields, FIELDS)
        for field in fields:
            yield from _long("field", field["text"], FIELD)
    if "text" not in block and fields is None:
        yield "a section without text"


def _elements(elements: list[Block]) -> Iterator[str]:
    for element in elements:
        yield from _long("action id", element["action_id"], ACTION_ID)
        yield from _element(element)
    ids = [element["action_id"] for element in elements]
    if len(set(ids)) < len(ids):
        yield f"the same action id twice: {ids}"


def _element(element: Block) -> Iterator[str]:
    match element["type"]:
        case "button":
            yield from _long("button label", element["text"]["text"], LABEL)
            yield from _long("button value", element["value"], VALUE)
        case "feedback_buttons":
            for part in ("positive_button", "negative_button"):
                yield from _long("feedback label", element[part]["text"]["text"], LABEL)
                yield from _long("feedback value", element[part]["value"], VALUE)
        case "static_select":
            yield from _options(element, OPTIONS)
        case "radio_buttons" | "checkboxes":
            yield from _options(element, CHECKS)
        case "plain_text_input":
            if len(element.get("initial_value") or "") > element["max_length"]:
                yield "an initial value that is longer than the input"
        case "users_select" | "datepicker" | "datetimepicker":
            pass
        case other:
            yield f"an element of type {other}"


def _options(element: Block, most: int) -> Iterator[str]:
    yield from _many("options", element["options"], most)
    for option in element["options"]:
        yield from _long("option text", option["text"]["text"], OPTION_TEXT)
        yield from _long("option value", option["value"], OPTION_VALUE)
    first = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    if any(one not in element["options"] for one in first):
        yield "a first choice that is none of the options"


def _long(what: str, text: str, limit: int) -> Iterator[str]:
    if not 0 < len(text) <= limit:
        yield f"{what} of {len(text)} characters"


def _many(what: str, some: list[Any], limit: int) -> Iterator[str]:
    if not 0 < len(some) <= limit:
        yield f"{len(some)} {what}"
