"""The desk end to end: a process of its own, a Slack Web API of somebody else, only the scopes of the manifest."""

import json
from typing import Any

from town import Town, until

QUESTION = "can I share applicant data with an event co-host?"


def shown(message: dict[str, Any]) -> str:
    return json.dumps(message.get("blocks") or message["text"], ensure_ascii=False)


def one_answer(town: Town, channel: str, thread: str) -> dict[str, Any]:
    (message,) = until(lambda: town.by_the_desk(channel, thread), "an answer")
    return dict(message)


def test_a_direct_message_is_answered_in_its_thread(town: Town) -> None:
    message = one_answer(town, town.direct, town.says(QUESTION, town.direct))
    assert "*Only on a condition*" in shown(message)
    assert "6(4)" in shown(message)


def test_a_mention_its_follow_up_and_a_correction_by_edit(town: Town) -> None:
    ts = town.says(f"<@{town.bot}> {QUESTION}", town.office)
    one_answer(town, town.office, ts)
    town.says("yes, they signed a form", town.office, thread=ts)
    second = until(lambda: town.by_the_desk(town.office, ts)[1:], "a second answer")[0]
    assert "*Yes, allowed*" in shown(second)


def test_a_button_changes_the_answer_in_place(town: Town) -> None:
    ts = town.says(f"<@{town.bot}> {QUESTION}", town.office)
    message = one_answer(town, town.office, ts)
    town.presses("No, or they refused", message, town.office)
    until(lambda: "*No, not allowed*" in shown(town.by_the_desk(town.office, ts)[0]), "the change")
    assert len(town.by_the_desk(town.office, ts)) == 1


def test_an_incident_opens_a_ticket_with_a_card_for_the_managers(town: Town) -> None:
    before = len(town.by_the_desk(town.managers))
    message = one_answer(town, town.direct, town.says("I lost my laptop with the customer list", town.direct))
    assert "incident #" in shown(message)
    (card,) = until(lambda: town.by_the_desk(town.managers)[before:], "a card")
    assert f"<@{town.alice}>" in shown(card)
    assert card["metadata"]["event_payload"].keys() == {"id"}


def test_a_japanese_question_is_answered_in_japanese(town: Town) -> None:
    message = one_answer(town, town.direct, town.says("応募者の情報を共催企業に渡していいですか", town.direct))
    assert "条件付きで可能です" in shown(message)


def test_the_same_message_delivered_again_is_answered_once(town: Town) -> None:
    ts = town.says("I want to see the data you hold about me", town.direct)
    one_answer(town, town.direct, ts)
    event = {"type": "message", "user": town.alice, "channel": town.direct, "channel_type": "im", "ts": ts, "text": "?"}
    town.tells(event)
    last = town.says("Where is the coffee machine?", town.direct)
    one_answer(town, town.direct, last)
    assert len(town.by_the_desk(town.direct, ts)) == 1


def test_a_command_is_answered_at_its_answer_url(town: Town) -> None:
    town.commands(QUESTION)
    town.answers.wait_for_a_call()
    (answer,) = town.answers.posted("answer_url")
    assert "*Only on a condition*" in shown(answer)
