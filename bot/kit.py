"""Pieces of Block Kit within its limits (Slack's reference of blocks, block elements and composition objects)."""

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]
SECTION_LIMIT, FIELD_LIMIT, BUTTON_LIMIT, BUTTONS_IN_A_BLOCK, FIELDS_IN_A_BLOCK = 3000, 2000, 75, 25, 10
CONFIRM_TITLE_LIMIT, CONFIRM_LIMIT = 100, 300


def shortened(text: str, limit: int) -> str:
    """Text of at most `limit` characters, with a mark where it was cut, never inside an escaped character."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    amp = cut.rfind("&")
    if amp > cut.rfind(";"):
        cut = cut[:amp]
    return cut.rstrip() + "…"


def sentence(text: str) -> str:
    """Text that begins as a sentence does."""
    return text[:1].upper() + text[1:]


def escape(text: str) -> str:
    """Text that Slack shows as it is. Slack's documentation names these three characters as the ones to escape."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """What somebody wrote, as a quotation."""
    return "\n".join(f">{line}" for line in escape(text).splitlines())


def plain_text(text: str, limit: int) -> Block:
    """A plain text object."""
    return {"type": "plain_text", "text": shortened(text, limit)}


def section(text: str) -> Block:
    """A paragraph in Slack's markup."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": shortened(text.strip(), SECTION_LIMIT)}}


def sections(text: str) -> list[Block]:
    """A text in Slack's markup as paragraphs, in as many blocks as it needs. Lines stay whole where they can."""
    parts: list[str] = []
    part = ""
    for line in text.strip().splitlines():
        for piece in _pieces(line):
            if part and len(part) + 1 + len(piece) > SECTION_LIMIT:
                parts, part = [*parts, part], ""
            part = f"{part}\n{piece}" if part else piece
    return [section(one) for one in [*parts, part] if one.strip()]


def _pieces(line: str) -> list[str]:
    """A line in pieces that each fit into a block, never cut inside an escaped character; a quotation stays one."""
    pieces, mark = [], ">" if line.startswith(">") else ""
    while len(line) > SECTION_LIMIT:
        amp = line.rfind("&", SECTION_LIMIT - 5, SECTION_LIMIT)
        end = amp if amp > 0 and ";" not in line[amp:SECTION_LIMIT] else SECTION_LIMIT
        pieces.append(line[:end])
        line = mark + line[end:]
    return [*pieces, line]


def fields(texts: Sequence[str]) -> Block:
    """Short texts in two columns, in Slack's markup."""
    shown = [{"type": "mrkdwn", "text": shortened(text, FIELD_LIMIT)} for text in texts[:FIELDS_IN_A_BLOCK]]
    return {"type": "section", "fields": shown}


def context(text: str) -> Block:
    """A paragraph in small type."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": shortened(text.strip(), SECTION_LIMIT)}]}


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain_text(text, 150)}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def button(action_id: str, label: str, value: str, style: str | None = None, confirm: Block | None = None) -> Block:
    """A button; `value` is what it brings back, `style` "primary" or "danger"."""
    made: Block = {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(label, BUTTON_LIMIT),
        "value": value,
    }
    if style:
        made["style"] = style
    if confirm:
        made["confirm"] = confirm
    return made


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """The question that is asked before a button acts."""
    return {
        "title": plain_text(title, CONFIRM_TITLE_LIMIT),
        "text": plain_text(text, CONFIRM_LIMIT),
        "confirm": plain_text(yes, 30),
        "deny": plain_text(no, 30),
    }


def actions(elements: Sequence[Block]) -> list[Block]:
    """Buttons, in as many blocks as they need."""
    groups = [list(elements[i : i + BUTTONS_IN_A_BLOCK]) for i in range(0, len(elements), BUTTONS_IN_A_BLOCK)]
    return [{"type": "actions", "elements": group} for group in groups]
