"""Written questions: the facts noted for each and its label check each other."""

import json
import shutil
from pathlib import Path

import pytest
from small_pack import TINY

from intents.questions import QUESTIONS, question_proofs, read_questions
from knowledge import Pack, PackError, load_pack


def with_questions(tmp_path: Path, *rows: object) -> Path:
    """A copy of the tiny pack with written questions."""
    folder = tmp_path / "pack"
    shutil.copytree(TINY, folder)
    (folder / "learned").mkdir()
    text = "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)
    (folder / QUESTIONS).write_text(text, encoding="utf-8")
    return folder


def question(verdict: str, facts: dict[str, str | None], cites: tuple[str, ...] = ()) -> dict[str, object]:
    return {"id": "q-1", "text": "may I?", "verdict": verdict, "cites": cites, "facts": facts}


def fault(folder: Path) -> str:
    (proof,) = question_proofs(load_pack(folder))
    return proof.counterexample


GIVEN = {"act": "share", "consent": "given"}


def test_a_question_whose_facts_give_its_label_is_right(tmp_path: Path) -> None:
    assert fault(with_questions(tmp_path, question("allowed", dict(GIVEN)))) == ""


def test_a_question_whose_facts_give_another_verdict_is_told_with_its_line(tmp_path: Path) -> None:
    folder = with_questions(tmp_path, question("allowed", dict(GIVEN)), question("not_allowed", dict(GIVEN)))
    assert "questions.jsonl:2: q-1: its facts give allowed, its label says not_allowed" in fault(folder)


def test_a_question_whose_facts_cite_another_clause_is_told(tmp_path: Path) -> None:
    folder = with_questions(tmp_path, question("allowed", dict(GIVEN), ("99",)))
    assert "its label 99" in fault(folder)


@pytest.mark.parametrize(
    ("facts", "says"), [({"deed": "share"}, "no fact 'deed'"), ({"act": "eat"}, "the fact 'act' has no value 'eat'")]
)
def test_a_fact_or_value_that_the_pack_lacks_is_told(facts: dict[str, str | None], says: str, tmp_path: Path) -> None:
    assert says in fault(with_questions(tmp_path, question("allowed", facts)))


def test_a_question_off_topic_has_no_facts(tmp_path: Path) -> None:
    assert "off topic and has facts" in fault(with_questions(tmp_path, question("out_of_scope", dict(GIVEN))))


@pytest.mark.parametrize("line", ["no json", '{"id": "q-1"}', "[1]"])
def test_a_line_that_is_no_question_is_told_with_file_and_line(line: str, tmp_path: Path) -> None:
    folder = with_questions(tmp_path, question("allowed", dict(GIVEN)), line)
    with pytest.raises(PackError, match=r"questions\.jsonl:2: no written question"):
        read_questions(folder / QUESTIONS)


def test_a_pack_without_written_questions_has_nothing_to_check() -> None:
    assert question_proofs(load_pack(TINY)) == []


def test_every_shipped_question_agrees_with_the_rules(pack: Pack) -> None:
    assert [proof.counterexample for proof in question_proofs(pack)] == [""]
