"""Precedents: an inquiry's question and answer, kept, cited with the same question again, withdrawn."""

import pytest
from people import Person, shown
from workspace import KEN, Workspace, words

from bot.store.tables import Precedent, Ticket
from bot.words import say

QUESTION = {
    "en": "How long must we keep the CVs of rejected applicants?",
    "ja": "不採用になった応募者の履歴書はいつまで保管しますか？",
}
AGAIN = {
    "en": "how long must we keep CVs of the rejected applicants",
    "ja": "不採用になった応募者の履歴書はいつまで保管しますか",
}
OTHER = {
    "en": "How long must we keep the contracts of former clients?",
    "ja": "取引先の契約書はいつまで保管しますか？",
}


def kept(workspace: Workspace, mika: Person, language: str, text: str = "Six months, says <HR>.") -> None:
    workspace.mentions(QUESTION[language])
    mika.takes("answer", text=text, keep=["precedent"])


def answer_to(workspace: Workspace, text: str, user: str = KEN) -> str:
    ts = workspace.mentions(text, user=user)
    return workspace.said(ts)[0]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_precedent_is_cited_with_the_same_question_and_not_with_another(
    language: str, workspace: Workspace, alice: Person, mika: Person
) -> None:
    kept(workspace, mika, language)
    named = say(language, "label.precedent", number="#1")
    for text in (QUESTION[language], AGAIN[language]):
        said = answer_to(workspace, text)
        assert named in said
        assert "Six months, says &lt;HR&gt;." in said
        assert "2026-02-09" in said
    assert named not in answer_to(workspace, OTHER[language])


def test_a_precedent_changes_no_verdict(workspace: Workspace, alice: Person, mika: Person) -> None:
    kept(workspace, mika, "en", "Yes, for ever.")
    assert "*A person must decide*" in answer_to(workspace, QUESTION["en"])
    assert [ticket.kind for ticket in workspace.rows(Ticket)] == ["inquiry", "inquiry"]


def test_no_precedent_is_kept_unless_the_manager_says_so(workspace: Workspace, alice: Person, mika: Person) -> None:
    workspace.mentions(QUESTION["en"])
    mika.takes("answer", text="Six months.")
    assert workspace.rows(Precedent) == []
    assert "Precedent" not in answer_to(workspace, QUESTION["en"])


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_precedent_is_listed_and_withdrawn(language: str, workspace: Workspace, alice: Person, mika: Person) -> None:
    mika.writes({"en": "hello there", "ja": "こんにちは"}[language])
    kept(workspace, mika, language)
    window = mika.presses_in_view(say(language, "home.precedents"), mika.opens_home())
    assert QUESTION[language] in words(window)
    assert "Six months, says &lt;HR&gt;." in words(window)
    mika.presses_in_view(say(language, "home.withdraw"), window)
    assert say(language, "say.precedent_withdrawn", number="#1") in mika.private()[-1]
    (precedent,) = workspace.rows(Precedent)
    assert precedent.withdrawn_by == mika.user
    assert say(language, "label.precedent", number="#1") not in answer_to(workspace, QUESTION[language])
    assert say(language, "home.no_precedents") in words(
        mika.presses_in_view(say(language, "home.precedents"), mika.opens_home())
    )


def test_a_precedent_is_not_withdrawn_by_others(
    workspace: Workspace, alice: Person, mika: Person, nori: Person
) -> None:
    kept(workspace, mika, "en")
    window = nori.presses_in_view("Precedents", nori.opens_home())
    workspace.slack.groups["SMANAGERS"].remove(nori.user)
    nori.presses_in_view("Withdraw", window)
    assert "Only the personal-information managers" in nori.private()[-1]
    assert "Precedent #1" in answer_to(workspace, QUESTION["en"])


def test_an_answer_given_again_replaces_the_precedent(workspace: Workspace, alice: Person, mika: Person) -> None:
    kept(workspace, mika, "en")
    mika.takes("close")
    mika.takes("reopen", why="HR changed its mind.")
    mika.takes("answer", text="One year.", keep=["precedent"])
    said = answer_to(workspace, QUESTION["en"])
    assert "One year." in said
    assert "Six months" not in said


def test_a_precedent_holds_no_contact_data(workspace: Workspace, alice: Person, mika: Person) -> None:
    kept(workspace, mika, "en", "Six months; ask bob@example.com.")
    assert "ask [e-mail]" in answer_to(workspace, QUESTION["en"])


def test_the_list_of_precedents_is_for_managers(workspace: Workspace, mika: Person) -> None:
    home = mika.opens_home()
    workspace.slack.groups["SMANAGERS"].remove(mika.user)
    window = shown(mika.presses_in_view("Precedents", home))
    assert "Only the personal-information managers" in words(window)
