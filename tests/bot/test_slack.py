"""What people see in Slack, from whole payloads to the calls that reach Slack's Web API."""

from collections.abc import Callable

import pytest
from workspace import ALICE, DIRECT, GENERAL, KEN, MANAGERS, Workspace, buttons, words

from bot.store.tables import AnswerRow, Inbound, Outbound, Ticket, TicketEvent

QUESTION = "can I share applicant data with an event co-host?"


def test_a_direct_message_is_answered_in_its_thread(workspace: Workspace) -> None:
    ts = workspace.says(QUESTION, channel=DIRECT)
    (message,) = workspace.slack.posted()
    assert (message["channel"], message["thread_ts"]) == (DIRECT, ts)
    assert message["blocks"][0]["text"]["text"].startswith("*Only on a condition*")
    assert "6(4)" in words(message)
    assert "only after obtaining the individual’s consent" in words(message)


def test_a_mention_is_answered_once_in_the_thread(workspace: Workspace) -> None:
    ts = workspace.mentions(QUESTION)
    (message,) = workspace.slack.posted()
    assert (message["channel"], message["thread_ts"]) == (GENERAL, ts)
    assert [button["text"]["text"] for button in buttons(message)] == [
        "Yes, they themselves consented to this", "No, or they refused", "I don't know",
        "Ask the privacy manager", "Record of provision", "Not what I meant",
    ]  # fmt: skip


def test_a_mention_is_answered_to_the_asker_alone_where_set_so(workspace_with: Callable[..., Workspace]) -> None:
    workspace = workspace_with(privacy_desk_mention_answers="private")
    workspace.mentions(QUESTION)
    (message,) = workspace.slack.posted("chat.postEphemeral")
    assert (message["channel"], message["user"]) == (GENERAL, ALICE)
    assert workspace.slack.posted() == []


def test_where_answers_are_private_nothing_else_is_said_in_the_channel(
    workspace_with: Callable[..., Workspace],
) -> None:
    workspace = workspace_with(privacy_desk_mention_answers="private")
    workspace.mentions(QUESTION)
    (message,) = workspace.slack.posted("chat.postEphemeral")
    workspace.presses("Ask the privacy manager", message)
    assert "#1" in words(workspace.slack.posted("chat.postEphemeral")[-1])
    assert GENERAL not in [one["channel"] for one in workspace.slack.posted()]


def test_the_same_event_delivered_again_is_answered_once(workspace: Workspace) -> None:
    event = {"type": "message", "user": ALICE, "channel": DIRECT, "channel_type": "im", "text": QUESTION, "ts": "1.1"}
    for event_id in ("Ev-a", "Ev-a", "Ev-b"):
        workspace.event(event, event_id=event_id)
    workspace.event({**event, "ts": "1.2", "client_msg_id": "c1"}, event_id="Ev-c")
    workspace.event({**event, "ts": "1.3", "client_msg_id": "c1"}, event_id="Ev-d")
    assert len(workspace.slack.posted()) == 2


def test_handling_a_stored_event_again_changes_nothing(workspace: Workspace) -> None:
    workspace.says("I lost my laptop with customer data", channel=DIRECT)
    before = [len(workspace.rows(table)) for table in (AnswerRow, Ticket, TicketEvent, Outbound)]
    (inbound,) = workspace.rows(Inbound)
    workspace.worker._handler.handle(inbound.id)
    workspace.worker.work()
    assert [len(workspace.rows(table)) for table in (AnswerRow, Ticket, TicketEvent, Outbound)] == before


def test_a_follow_up_in_the_thread_needs_no_mention(workspace: Workspace) -> None:
    ts = workspace.mentions(QUESTION)
    workspace.says("yes, they signed a form", thread=ts)
    _, second = workspace.slack.posted()
    assert second["thread_ts"] == ts
    assert second["blocks"][0]["text"]["text"].startswith("*Yes, allowed*")


def test_what_others_say_in_the_thread_or_the_channel_is_left_alone(workspace: Workspace) -> None:
    ts = workspace.mentions(QUESTION)
    workspace.says("lunch?", user=KEN, thread=ts)
    workspace.says("anybody seen my keys?", user=ALICE)
    assert len(workspace.slack.posted()) == 1


def test_two_people_in_one_thread_each_have_their_own_conversation(workspace: Workspace) -> None:
    ts = workspace.mentions(QUESTION)
    workspace.mentions("Where is the coffee machine?", user=KEN, thread=ts)
    workspace.says("yes, they signed a form", thread=ts)
    verdicts = [message["blocks"][0]["text"]["text"].split("*")[1] for message in workspace.slack.posted()]
    assert verdicts == ["Only on a condition", "Not about personal information", "Yes, allowed"]


def test_a_mention_without_words_asks_what_is_wanted(workspace: Workspace) -> None:
    workspace.mentions("")
    (message,) = workspace.slack.posted()
    assert "What would you like to know?" in words(message)


def test_a_short_reply_in_a_direct_message_needs_no_thread(workspace: Workspace) -> None:
    workspace.says(QUESTION, channel=DIRECT)
    workspace.says("yes, all of them agreed", channel=DIRECT)
    assert workspace.slack.posted()[1]["blocks"][0]["text"]["text"].startswith("*Yes, allowed*")


def test_a_button_completes_the_facts_and_changes_the_answer_in_place(workspace: Workspace) -> None:
    workspace.mentions(QUESTION)
    (message,) = workspace.slack.posted()
    workspace.presses("No, or they refused", message)
    (update,) = workspace.slack.posted("chat.update")
    assert update["blocks"][0]["text"]["text"].startswith("*No, not allowed*")
    assert (update["channel"], update["ts"]) == (GENERAL, "200.000001")


def test_a_japanese_question_is_answered_in_japanese(workspace: Workspace) -> None:
    workspace.says("応募者の情報を共催企業に渡していいですか", channel=DIRECT)
    (message,) = workspace.slack.posted()
    assert message["blocks"][0]["text"]["text"].startswith("*条件付きで可能です*")
    assert "責任者に相談する" in words(message)


def test_an_edited_question_is_answered_again_in_place(workspace: Workspace) -> None:
    text = f"<@UBOT> {QUESTION}"
    ts = workspace.mentions(QUESTION)
    workspace.edits(ts, text, "<@UBOT> I sent the applicant list to the wrong person")
    (update,) = workspace.slack.posted("chat.update")
    assert update["ts"] == "200.000001"
    assert update["blocks"][0]["text"]["text"].startswith("*Incident")


def test_a_command_is_answered_in_private_and_can_be_shown(workspace: Workspace) -> None:
    assert workspace.commands(QUESTION).status == 200
    (answer,) = workspace.slack.posted("answer_url")
    assert answer.get("response_type", "ephemeral") == "ephemeral"
    workspace.presses("Show to the channel", answer, ephemeral=True)
    shown = workspace.slack.posted("answer_url")[1]
    assert shown["response_type"] == "in_channel"
    assert f"<@{ALICE}>" in words(shown)
    assert buttons(shown) == []


def test_an_empty_command_says_how_to_use_it(workspace: Workspace) -> None:
    workspace.commands("")
    (answer,) = workspace.slack.posted("answer_url")
    assert "/privacy" in answer["text"]


@pytest.mark.parametrize(
    ("text", "kind", "urgency"),
    [
        ("I lost my laptop with the customer list", "incident", "urgent"),
        ("I want to see all the data that the company holds about me", "disclosure", "normal"),
        ("Please correct my address in the HR system, it is wrong", "correction", "normal"),
        ("Please delete all my data, I no longer use the service", "suspension", "normal"),
        ("How long must we keep the CVs of rejected applicants?", "inquiry", "normal"),
    ],
)
def test_what_a_person_must_decide_opens_a_ticket_at_once(
    text: str, kind: str, urgency: str, workspace: Workspace
) -> None:
    workspace.says(text, channel=DIRECT)
    (ticket,) = workspace.rows(Ticket)
    assert (ticket.number, ticket.kind, ticket.urgency, ticket.requester_id) == (1, kind, urgency, ALICE)
    answer, card = workspace.slack.posted()
    assert "#1" in words(answer)
    assert ticket.due_at.date().isoformat()[:4] in words(answer)
    assert card["channel"] == MANAGERS
    assert f"<@{ALICE}>" in words(card)
    assert text in words(card)
    assert [event.kind for event in workspace.rows(TicketEvent)] == ["opened"]


def test_tickets_are_numbered_without_gaps(workspace: Workspace) -> None:
    for number in range(3):
        workspace.says(f"I lost my laptop with customer data {number}", channel=DIRECT)
    assert [ticket.number for ticket in workspace.rows(Ticket)] == [1, 2, 3]


def test_asking_for_the_manager_twice_opens_one_inquiry(workspace: Workspace) -> None:
    workspace.mentions(QUESTION)
    (message,) = workspace.slack.posted()
    workspace.presses("Ask the privacy manager", message)
    workspace.presses("Ask the privacy manager", message)
    (ticket,) = workspace.rows(Ticket)
    assert ticket.kind == "inquiry"
    assert "open already" in words(workspace.slack.posted()[-1])


def test_not_what_i_meant_asks_again_and_forgets(workspace: Workspace) -> None:
    ts = workspace.mentions(QUESTION)
    (message,) = workspace.slack.posted()
    workspace.presses("Not what I meant", message)
    workspace.says("I want to see the data you hold about me", thread=ts)
    assert workspace.slack.posted()[-2]["blocks"][0]["text"]["text"].startswith("*Request taken*")


def test_a_channel_shared_with_another_company_gets_no_answer(workspace: Workspace) -> None:
    workspace.mentions(QUESTION, envelope={"is_ext_shared_channel": True})
    (message,) = workspace.slack.posted("chat.postEphemeral")
    assert (message["user"], "direct message" in message["text"]) == (ALICE, True)
    assert workspace.slack.posted() == []
    assert workspace.rows(AnswerRow) == []


@pytest.mark.parametrize(
    "text", ["<!channel> <!here> <@UKEN>", "{{ 7 * 191 }} {% raw %}", "<https://evil.example|policy>"]
)
def test_nothing_that_a_user_writes_is_markup_or_template(text: str, workspace: Workspace) -> None:
    workspace.says(f"I lost a list of customers {text}", channel=DIRECT)
    shown = " ".join(words(message) for message in workspace.slack.posted())
    assert "<!channel" not in shown
    assert "<@UKEN>" not in shown
    assert "<https://evil" not in shown
    assert "1337" not in shown


@pytest.mark.parametrize("text", ["", "?", "😀😀", "x" * 20_000, "Können wir Bewerberdaten weitergeben?"])
def test_whoever_addresses_the_desk_gets_an_answer(text: str, workspace: Workspace) -> None:
    workspace.says(text, channel=DIRECT)
    assert len(workspace.slack.posted()) >= 1


def test_a_file_without_words_gets_a_reason(workspace: Workspace) -> None:
    workspace.says("", channel=DIRECT, subtype="file_share", files=[{"id": "F1"}])
    assert "text only" in workspace.slack.posted()[0]["text"]


@pytest.mark.parametrize(
    "event",
    [
        {
            "type": "message",
            "subtype": "channel_join",
            "user": ALICE,
            "channel": GENERAL,
            "text": "joined",
            "ts": "5.1",
        },
        {
            "type": "message",
            "bot_id": "B9",
            "user": "U9",
            "channel": DIRECT,
            "channel_type": "im",
            "text": "hi",
            "ts": "5.2",
        },
        {"type": "message", "user": "UBOT", "channel": DIRECT, "channel_type": "im", "text": "hi", "ts": "5.3"},
        {"type": "message", "subtype": "message_deleted", "channel": GENERAL, "deleted_ts": "5.0", "ts": "5.4"},
        {"type": "app_home_opened", "user": ALICE, "channel": DIRECT, "tab": "home"},
    ],
)
def test_what_is_no_question_gets_no_answer(event: dict[str, str], workspace: Workspace) -> None:
    assert workspace.event(event).status == 200
    assert workspace.rows(Inbound) == []


def test_a_refused_message_is_tried_again_until_it_goes_out(workspace: Workspace) -> None:
    workspace.slack.failures.append("internal_error")
    workspace.says(QUESTION, channel=DIRECT)
    assert workspace.slack.posted() == []
    assert workspace.worker.work()
    assert len(workspace.slack.posted()) == 1


def test_a_hopeless_message_does_not_hold_up_the_others(workspace: Workspace) -> None:
    workspace.slack.failures.append("channel_not_found")
    workspace.says(QUESTION, channel=DIRECT)
    workspace.says("Where is the coffee machine?", channel=DIRECT)
    alert, answer = workspace.slack.posted()
    assert (alert["channel"], "channel_not_found" in alert["text"]) == (MANAGERS, True)
    assert answer["channel"] == DIRECT
    assert [row.given_up for row in workspace.rows(Outbound)] == ["channel_not_found", None, None]


def test_each_message_carries_an_opaque_id(workspace: Workspace) -> None:
    workspace.says(QUESTION, channel=DIRECT)
    (message,) = workspace.slack.posted()
    assert message["metadata"]["event_payload"].keys() == {"id"}


def test_a_fault_in_handling_gets_a_sentence_and_a_reference(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(workspace.worker._handler._office.desk, "ask", broken)
    workspace.says(QUESTION, channel=DIRECT)
    (message,) = workspace.slack.posted()
    assert "reference" in message["text"]
    assert workspace.rows(AnswerRow) == []
