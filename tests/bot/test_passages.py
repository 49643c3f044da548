"""What answers quote: the policy to the letter, no list without its first words, no first words without their list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.form import Answer, Citation, Item, PolicyVersion, ReadBack
from bot.answers.passages import LEFT_OUT, passages
from knowledge import Pack, Verdict, load_pack

ATRUSTIA = load_pack("atrustia")
CLAUSES = st.sampled_from(sorted(ATRUSTIA.policy.clauses))


def cites(*clauses: str, verdict: Verdict = Verdict.NOT_ALLOWED, pack: Pack = ATRUSTIA) -> Answer:
    citations = []
    for clause in clauses:
        cited = pack.policy.clauses[clause]
        items = tuple(Item(clause=one.id, quote=one.text) for one in cited.walk() if one is not cited and one.text)
        title = pack.policy.section_of(clause).title
        citations.append(Citation(clause=clause, title=title, quote=cited.text, items=items))
    return Answer(
        question="?", language="en", verdict=verdict, headline="", citations=tuple(citations),
        reading=ReadBack(act=None, facts={}), policy=PolicyVersion(id="atrustia", version="1"),
    )  # fmt: skip


def test_an_item_and_the_words_that_lead_to_it_are_one_passage() -> None:
    first, second = passages(cites("6(4)", "6(1)(i)", "6(1)"))
    assert first.clauses == ("6(4)",)
    assert second.clauses == ("6(1)(i)", "6(1)")
    assert second.lines[0].endswith("except in the following cases:")
    assert second.lines[1:] == ("(i) When the individual has given prior consent", LEFT_OUT)


def test_a_list_that_is_cited_alone_shows_what_it_begins_with() -> None:
    (passage,) = passages(cites("10"))
    assert passage.lines[0] == "The Company implements the following safety measures:"
    assert passage.lines[1] == "(i) Designation of a Personal Information Manager"
    assert passage.lines[-1] == LEFT_OUT


def test_a_list_that_was_asked_for_is_whole() -> None:
    (passage,) = passages(cites("10", "10(iv)", verdict=Verdict.INFORM))
    assert len(passage.lines) == 1 + len(ATRUSTIA.policy.clauses["10"].clauses)


@pytest.mark.parametrize("verdict", [Verdict.INFORM, Verdict.CONDITIONAL])
@given(clauses=st.lists(CLAUSES, max_size=3, unique=True))
def test_every_cited_clause_is_quoted_to_the_letter(verdict: Verdict, clauses: list[str]) -> None:
    found = passages(cites(*clauses, verdict=verdict))
    assert sorted(clause for passage in found for clause in passage.clauses) == sorted(clauses)
    for passage in found:
        for clause in passage.clauses:
            assert any(line.endswith(ATRUSTIA.policy.clauses[clause].text) for line in passage.lines)
