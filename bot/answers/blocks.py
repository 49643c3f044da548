"""Answers as Slack blocks."""

from dataclasses import dataclass

from bot.answers.actions import Action, Carried, TicketAction, TicketCarried
from bot.answers.form import Answer
from bot.answers.passages import passages
from bot.answers.templating import macros
from bot.kit import (
    BUTTON_LIMIT,
    SECTION_LIMIT,
    Block,
    actions,
    button,
    context,
    escape,
    plain_text,
    section,
    sentence,
    shortened,
)
from bot.words import say
from knowledge import Pack

DONT_KNOW = "?"
LABELS = {
    Action.ASK_MANAGER: "button.ask_manager",
    Action.RECORD: "button.record",
    Action.SHOW_CHANNEL: "button.show_channel",
    Action.NOT_MEANT: "button.not_meant",
}


@dataclass(frozen=True)
class Extras:
    """What belongs to an answer besides itself.

    `notes` are further lines (such as the ticket's number); `details_of` is the number of a ticket that wants details;
    `answer_id` is what feedback is about; `record` offers the record of provision; `private` offers to show it to the
    channel.
    """

    notes: tuple[str, ...] = ()
    details_of: int | None = None
    answer_id: int | None = None
    record: bool = False
    private: bool = False


NOTHING_ELSE = Extras()


def answer_blocks(answer: Answer, pack: Pack, conversation: str, extras: Extras = NOTHING_ELSE) -> list[Block]:
    """An answer: the verdict, its conditions, the deciding clause and what to do next; then, small, the rest of it.

    A thread is narrow: whoever reads no further than a screen has read what matters.
    """
    texts = macros(answer, pack)
    blocks = [section(texts.headline(answer)), *_ticket(answer, extras)]
    if len(answer.conditions) > 1:
        blocks.append(section(texts.conditions(answer)))
    first, *others = passages(answer) or (None,)
    if first:
        blocks.append(section(texts.first_passage(first)))
    blocks += [section(texts.precedent(precedent)) for precedent in answer.precedents]
    if answer.follow_up:
        blocks += _follow_up(answer, conversation)
    blocks += actions(_buttons(answer, conversation, extras))
    blocks += [context(texts.passage(passage)) for passage in others]
    if answer.reading.facts:
        blocks.append(context(texts.reading(answer)))
    if answer.assumed:
        blocks.append(context(texts.assumed(answer)))
    blocks.append(context(texts.source(answer)))
    if extras.answer_id is not None:
        blocks.append(_feedback(answer.language, conversation, extras.answer_id))
    return blocks


def _ticket(answer: Answer, extras: Extras) -> list[Block]:
    """The ticket's number and due date, and the button that gives what it needs."""
    language = answer.language
    blocks = [section(f":ticket: {escape(note)}") for note in extras.notes]
    if extras.details_of is not None:
        value = TicketCarried(ticket=extras.details_of).text()
        blocks.append(section(say(language, "ticket.details_wanted")))
        blocks += actions([button(TicketAction.GIVE_DETAILS, say(language, "ticket.give_details"), value, "primary")])
    return blocks


def _follow_up(answer: Answer, conversation: str) -> list[Block]:
    follow_up = answer.follow_up
    assert follow_up is not None  # noqa: S101 - the caller has looked
    choices = [(option.value, sentence(option.label)) for option in follow_up.options]
    choices.append((DONT_KNOW, say(answer.language, "button.dont_know")))
    buttons = [
        button(
            f"{Action.ANSWER_FACT}.{n}",
            label,
            Carried(conversation=conversation, fact=follow_up.fact, value=value).text(),
        )
        for n, (value, label) in enumerate(choices)
    ]
    return [section(f"*{escape(follow_up.question)}*"), *actions(buttons)]


def _buttons(answer: Answer, conversation: str, extras: Extras) -> list[Block]:
    language = answer.language
    kinds: list[Action] = []
    if answer.ticket is None:
        kinds.append(Action.ASK_MANAGER)
    if extras.record:
        kinds.append(Action.RECORD)
    if extras.private:
        kinds.append(Action.SHOW_CHANNEL)
    kinds.append(Action.NOT_MEANT)
    return [button(action, say(language, LABELS[action]), _carried(action, conversation, extras)) for action in kinds]


def _carried(action: Action, conversation: str, extras: Extras) -> str:
    """What a button brings back: a record is about one answer, the others are about the conversation as it stands."""
    answer = extras.answer_id if action == Action.RECORD else None
    return Carried(conversation=conversation, answer=answer).text()


def _feedback(language: str, conversation: str, answer_id: int) -> Block:
    def of(*, right: bool) -> Block:
        label = say(language, "button.right" if right else "button.not_right")
        value = Carried(conversation=conversation, answer=answer_id, right=right).text()
        return {"text": plain_text(label, BUTTON_LIMIT), "value": value}

    buttons = {"positive_button": of(right=True), "negative_button": of(right=False)}
    element = {"type": "feedback_buttons", "action_id": Action.FEEDBACK, **buttons}
    return {"type": "context_actions", "elements": [element]}


def plain(answer: Answer) -> str:
    """The answer in one line, for notifications and screen readers."""
    verdict = say(answer.language, f"verdict.{answer.verdict}")
    return shortened(escape(say(answer.language, "plain", verdict=verdict, headline=answer.headline)), SECTION_LIMIT)
