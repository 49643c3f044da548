"""Block Kit's limits, from Slack's reference of blocks, block elements and composition objects."""

from collections.abc import Iterator
from typing import Any

BLOCKS, TEXT, FIELD, FIELDS, CONTEXT, ELEMENTS = 50, 3000, 2000, 10, 10, 25
LABEL, VALUE, ACTION_ID = 75, 2000, 255


def broken_limits(blocks: list[dict[str, Any]]) -> list[str]:
    """What Slack would refuse in these blocks; nothing for blocks that it takes."""
    faults = list(_faults(blocks))
    if len(blocks) > BLOCKS:
        faults.append(f"{len(blocks)} blocks")
    return faults


def _faults(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "section":
            yield from _section(block)
        elif block["type"] == "context":
            yield from _many("context elements", block["elements"], CONTEXT)
            for element in block["elements"]:
                yield from _long("context text", element["text"], TEXT)
        elif block["type"] == "actions":
            yield from _many("action elements", block["elements"], ELEMENTS)
            yield from _buttons(block["elements"])
        else:
            yield f"a block of type {block['type']}"


def _section(block: dict[str, Any]) -> Iterator[str]:
    if "text" in block:
        yield from _long("section text", block["text"]["text"], TEXT)
    fields = block.get("fields")
    if fields is not None:
        yield from _many("fields", fields, FIELDS)
        for field in fields:
            yield from _long("field", field["text"], FIELD)
    if "text" not in block and fields is None:
        yield "a section without text"


def _buttons(elements: list[dict[str, Any]]) -> Iterator[str]:
    for element in elements:
        yield from _long("button label", element["text"]["text"], LABEL)
        yield from _long("button value", element["value"], VALUE)
        yield from _long("action id", element["action_id"], ACTION_ID)
    ids = [element["action_id"] for element in elements]
    if len(set(ids)) < len(ids):
        yield f"the same action id twice: {ids}"


def _long(what: str, text: str, limit: int) -> Iterator[str]:
    if not 0 < len(text) <= limit:
        yield f"{what} of {len(text)} characters"


def _many(what: str, some: list[Any], limit: int) -> Iterator[str]:
    if not 0 < len(some) <= limit:
        yield f"{len(some)} {what}"
