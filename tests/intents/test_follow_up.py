"""A further message adds facts, corrects them, or starts anew."""

from pathlib import Path

import pytest
import yaml

from bot.desk import Desk

CONVERSATIONS: list[list[list[str]]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "conversations.yaml").read_text()
)


@pytest.mark.parametrize("messages", CONVERSATIONS, ids=lambda messages: messages[-1][0])
def test_each_message_of_a_conversation_gets_its_verdict(messages: list[list[str]], desk: Desk) -> None:
    conversation, given = None, []
    for text, _ in messages:
        answer, conversation = desk.ask(text, earlier=conversation)
        given.append(answer.verdict.value)
    assert given == [verdict for _, verdict in messages]


def test_a_correction_replaces_what_was_read(desk: Desk) -> None:
    _, conversation = desk.ask("Can I use applicants' addresses for our newsletter?")
    answer, _ = desk.ask("sorry, I meant clients", earlier=conversation)
    assert answer.reading.facts["subject"].value == "client"


def test_a_button_settles_the_fact(desk: Desk) -> None:
    _, conversation = desk.ask("can I share applicant data with an event co-host?")
    assert conversation.asked == "consent"
    answer, after = desk.complete(conversation, "consent", "given")
    assert answer.verdict == "allowed"
    assert after.reading.facts["consent"].reader == "button"
    assert desk.complete(conversation, "consent", None)[0].verdict == "conditional"
