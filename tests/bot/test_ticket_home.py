"""The home page and the command: a requester's own tickets, a manager's work, filters, pages, search."""

import pytest
from people import Person, labels
from workspace import ALICE, KEN, Workspace, words

from bot.store.tables import Feedback
from bot.words import say

INQUIRY = {
    "en": "How long must we keep the CVs of rejected applicants?",
    "ja": "不採用になった応募者の履歴書はいつまで保管しますか？",
}
REQUEST = {
    "en": "I want to see all the data that the company holds about me",
    "ja": "会社が持っている私の個人情報をすべて開示してください",
}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_requester_sees_their_own_tickets_and_no_others(language: str, workspace: Workspace, alice: Person) -> None:
    workspace.mentions(INQUIRY[language])
    workspace.mentions(REQUEST[language], user=KEN)
    home = words(alice.opens_home())
    assert INQUIRY[language] in home
    assert workspace.ticket().due_at.date().isoformat()[:4] in home
    assert say(language, "ticket.states.open") in home
    assert REQUEST[language] not in home
    assert say(language, "home.report") in labels(alice.opens_home())


@pytest.mark.parametrize(("language", "command"), [("en", "mine"), ("ja", "自分")])
def test_the_command_lists_the_askers_own_tickets_to_them_alone(
    language: str, command: str, workspace: Workspace, alice: Person
) -> None:
    workspace.mentions(INQUIRY[language])
    workspace.mentions(REQUEST[language], user=KEN)
    alice.commands(command)
    (listed,) = workspace.slack.posted("answer_url")
    assert INQUIRY[language] in words(listed)
    assert REQUEST[language] not in words(listed)
    assert listed.get("response_type", "ephemeral") == "ephemeral"


def test_the_command_says_so_where_there_are_no_tickets(workspace: Workspace, alice: Person) -> None:
    alice.commands("mine")
    assert "You have no tickets." in alice.private()[-1]


def test_many_long_tickets_fit_into_one_list(workspace: Workspace, alice: Person) -> None:
    for number in range(18):
        workspace.mentions(f"{INQUIRY['en']} {number} " + "&lt;&amp;&gt; " * 400)
    alice.commands("mine")
    assert "#18" in alice.private()[-1]
    assert "#3" not in alice.private()[-1].replace("#3 ", "")


@pytest.mark.parametrize("command", ["help", "ヘルプ", ""])
def test_the_command_explains_itself(command: str, workspace: Workspace, alice: Person) -> None:
    alice.commands(command)
    assert "/privacy" in alice.private()[-1]


def test_an_incident_is_reported_from_the_home_page(workspace: Workspace, alice: Person) -> None:
    view = alice.presses_in_view("Report a data incident", alice.opens_home())
    alice.submits(view, what="A list", people="unknown", data=["unknown"], cause="unknown", ongoing="unknown")
    assert workspace.ticket().kind == "incident"


def test_a_manager_filters_searches_and_turns_pages(workspace: Workspace, alice: Person, mika: Person) -> None:
    for number in range(11):
        workspace.mentions(f"{INQUIRY['en']} No. {number}")
    workspace.mentions(REQUEST["en"], user=KEN)
    mika.takes("take", 3)
    home = mika.opens_home()
    assert "open 11 · in progress 1" in words(home)
    assert REQUEST["en"] not in words(home)
    home = mika.presses_in_view("Next", home)
    assert REQUEST["en"] in words(home)
    assert "Next" not in labels(home)
    home = mika.presses_in_view("Assigned to me", mika.presses_in_view("Before", home))
    assert "No. 2" in words(home)
    assert "No. 1" not in words(home)
    home = mika.presses_in_view("home.kind", mika.opens_home(), choose="Disclosure request")
    assert REQUEST["en"] in words(home)
    assert "No. 2" not in words(home)


def test_a_search_is_kept_while_filters_change(workspace: Workspace, alice: Person, mika: Person) -> None:
    workspace.mentions(f'{INQUIRY["en"]} "number" 7')
    workspace.mentions(REQUEST["en"], user=KEN)
    mika.submits(mika.presses_in_view("Search", mika.opens_home()), text='"number" 7')
    found = workspace.slack.homes[mika.user]
    assert INQUIRY["en"] in words(found)
    assert REQUEST["en"] not in words(found)
    found = mika.presses_in_view("home.kind", found, choose="Disclosure request")
    assert INQUIRY["en"] not in words(found)
    assert REQUEST["en"] not in words(found)
    found = mika.presses_in_view("home.kind", found, choose="Every kind")
    assert INQUIRY["en"] in words(found)
    mika.submits(mika.presses_in_view("Search", mika.opens_home()), text="#2")
    assert REQUEST["en"] in words(workspace.slack.homes[mika.user])


def test_overdue_comes_first_and_what_waits_is_not_overdue(workspace: Workspace, alice: Person, mika: Person) -> None:
    workspace.mentions(REQUEST["en"])
    workspace.mentions(INQUIRY["en"], user=KEN)
    workspace.days_pass(30)
    assert "*Overdue*\\n2" in words(mika.opens_home())
    mika.takes("ask_requester", 2, text="Which?")
    home = mika.presses_in_view("Overdue", mika.opens_home())
    assert "*Overdue*\\n1" in words(home)
    assert INQUIRY["en"] not in words(home)


def test_a_manager_sees_what_was_called_not_right(workspace: Workspace, alice: Person, mika: Person) -> None:
    workspace.mentions(INQUIRY["en"])
    alice.submits(alice.presses("Not right", workspace.slack.messages[0]), reason="Too <vague>.")
    assert len(workspace.rows(Feedback)) == 1
    assert "0 called right, 1 not right" in words(mika.opens_home())
    assert "Too &lt;vague&gt;." in words(mika.opens_home())
    assert "Too &lt;vague&gt;." not in words(alice.opens_home())


def test_a_question_about_a_message_is_answered_to_the_one_who_asked(workspace: Workspace, ken: Person) -> None:
    ken.asks_about("can I share applicant data with an event co-host? Ask bob@example.com")
    (answer,) = workspace.slack.posted("answer_url")
    assert "*Only on a condition*" in words(answer)
    assert workspace.slack.messages == []


def test_the_messages_tab_offers_questions_to_begin_with(workspace: Workspace) -> None:
    workspace.event({"type": "app_home_opened", "user": ALICE, "channel": "DALICE", "tab": "messages"})
    (prompts,) = workspace.slack.posted("assistant.threads.setSuggestedPrompts")
    assert (len(prompts["prompts"]), prompts["channel_id"]) == (4, "DALICE")
    assert "thread_ts" not in prompts
