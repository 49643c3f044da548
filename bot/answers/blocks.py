"""Answers and cards as Slack blocks, within Block Kit's limits (Slack's reference for blocks and block elements)."""

from typing import Any

from bot.answers.actions import Action, Carried
from bot.answers.form import Answer
from bot.answers.templating import escape, macros
from bot.words import say
from knowledge import Pack

Block = dict[str, Any]
SECTION_LIMIT, BUTTON_LIMIT, BUTTONS_IN_A_BLOCK = 3000, 75, 25
DONT_KNOW = "?"


def shortened(text: str, limit: int) -> str:
    """Text of at most `limit` characters, with a mark where it was cut, never inside an escaped character."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    amp = cut.rfind("&")
    if amp > cut.rfind(";"):
        cut = cut[:amp]
    return cut.rstrip() + "…"


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": shortened(text.strip(), SECTION_LIMIT)}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": shortened(text.strip(), SECTION_LIMIT)}]}


def _button(action_id: str, label: str, carried: Carried, style: str | None = None) -> Block:
    button: Block = {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": shortened(label, BUTTON_LIMIT)},
        "value": carried.text(),
    }
    return {**button, "style": style} if style else button


def answer_blocks(
    answer: Answer, pack: Pack, conversation: str, *, notes: tuple[str, ...] = (), private: bool = False
) -> list[Block]:
    """An answer: the verdict first, then conditions, clauses, how it was read, and what can be done next.

    `notes` are further lines (such as the ticket's number). `private` adds the button that shows it to the channel.
    """
    texts = macros(answer, pack)
    blocks = [_section(texts.headline(answer))]
    blocks += [_section(f":ticket: {escape(note)}") for note in notes]
    if len(answer.conditions) > 1:
        blocks.append(_section(texts.conditions(answer)))
    if answer.citations:
        blocks.append(_section(f"*{escape(say(answer.language, 'label.citations'))}*"))
        blocks += [_section(texts.citation(citation)) for citation in answer.citations]
    if answer.follow_up:
        blocks += _follow_up(answer, conversation)
    if answer.reading.facts:
        blocks.append(_context(texts.reading(answer)))
    if answer.assumed:
        blocks.append(_context(texts.assumed(answer)))
    blocks.append(_buttons(answer, conversation, private=private))
    blocks.append(_context(texts.source(answer)))
    return blocks


def _follow_up(answer: Answer, conversation: str) -> list[Block]:
    follow_up = answer.follow_up
    assert follow_up is not None  # noqa: S101 - the caller has looked
    choices = [(option.value, option.label) for option in follow_up.options]
    choices.append((DONT_KNOW, say(answer.language, "button.dont_know")))
    buttons = [
        _button(
            f"{Action.ANSWER_FACT}.{n}", label, Carried(conversation=conversation, fact=follow_up.fact, value=value)
        )
        for n, (value, label) in enumerate(choices)
    ]
    groups = [buttons[i : i + BUTTONS_IN_A_BLOCK] for i in range(0, len(buttons), BUTTONS_IN_A_BLOCK)]
    return [
        _section(f"*{escape(follow_up.question)}*"),
        *({"type": "actions", "elements": group} for group in groups),
    ]


def _buttons(answer: Answer, conversation: str, *, private: bool) -> Block:
    carried = Carried(conversation=conversation)
    kinds = [(Action.NOT_MEANT, "button.not_meant"), (Action.ASK_MANAGER, "button.ask_manager")]
    if private:
        kinds.append((Action.SHOW_CHANNEL, "button.show_channel"))
    elements = [_button(action, say(answer.language, key), carried) for action, key in kinds]
    return {"type": "actions", "elements": elements}


def plain(answer: Answer) -> str:
    """The answer in one line, for notifications and screen readers."""
    verdict = say(answer.language, f"verdict.{answer.verdict}")
    return shortened(escape(say(answer.language, "plain", verdict=verdict, headline=answer.headline)), SECTION_LIMIT)


def card_blocks(
    answer: Answer, pack: Pack, *, kind: str, number: int, urgency: str, requester: str, due: str
) -> list[Block]:
    """The manager's card of a ticket."""
    language = answer.language
    title = say(language, "ticket.card", kind=say(language, f"ticket.kind.{kind}"), number=f"#{number}")
    if urgency == "urgent":
        title = f":rotating_light: {title} ({say(language, 'ticket.urgent')})"
    texts = macros(answer, pack)
    fields = [
        f"*{say(language, 'ticket.requester')}*\n<@{requester}>",
        f"*{say(language, 'ticket.due')}*\n{due}",
        f"*{say(language, 'ticket.state')}*\n{say(language, 'ticket.states.open')}",
    ]
    blocks: list[Block] = [
        _section(f"*{title}*"),
        {"type": "section", "fields": [{"type": "mrkdwn", "text": field} for field in fields]},
        _section(f"*{say(language, 'ticket.question')}*\n>{escape(answer.question).replace(chr(10), chr(10) + '>')}"),
        _section(texts.headline(answer)),
    ]
    blocks += [_section(texts.citation(citation)) for citation in answer.citations]
    if answer.reading.facts:
        blocks.append(_context(texts.reading(answer)))
    blocks.append(_context(texts.source(answer)))
    return blocks
