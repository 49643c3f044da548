"""The evaluation counts what it says it counts, and shows it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.answers import Answer
from bot.cli.main import main
from bot.desk import Desk
from bot.evaluation import Judged, Label, curve, figures

LINES = [
    {"id": "a-1", "lang": "en", "text": "can I share applicant data with an event co-host?", "verdict": ["conditional"],
     "cites": ["6(4)"], "unsafe": ["allowed"]},
    {"id": "a-2", "lang": "en", "text": "Where is the coffee machine?", "verdict": "out_of_scope"},
    {"id": "b-1", "lang": "ja", "text": "応募者の情報を共催企業に渡していいですか", "verdict": ["allowed", "inform"],
     "cites": ["7"], "unsafe": ["conditional"]},
]  # fmt: skip


@pytest.fixture(scope="module")
def answer(desk: Desk) -> Answer:
    return desk.ask("can I share applicant data with an event co-host?")[0]


def judged(answer: Answer, verdict: str, given: str, *, confidence: float = 1.0, **label: object) -> Judged:
    known = Label.model_validate({"id": "x", "text": "?", "verdict": verdict, **label})
    return Judged(known, answer.model_copy(update={"verdict": given, "confidence": confidence}))


def test_each_figure_counts_its_own(answer: Answer) -> None:
    some = [
        judged(answer, "conditional", "conditional", cites=["6"], unsafe=["allowed"]),
        judged(answer, "conditional", "allowed", cites=["6(1)(i)"], unsafe=["allowed"]),
        judged(answer, "out_of_scope", "out_of_scope"),
        judged(answer, "out_of_scope", "inform"),
        judged(answer, "inform", "out_of_scope", cites=["13"]),
    ]
    found = figures(some)
    assert (found.questions, found.accuracy, found.both) == (5, 0.4, 0.4)
    assert (found.cite1, found.cite3) == (1 / 3, 2 / 3)
    assert (found.unsafe, found.wrong_yes) == (1, 1)
    assert (found.off_topic_recognised, found.taken_for_off_topic) == (0.5, 1 / 3)


def test_the_curve_answers_the_surest_first(answer: Answer) -> None:
    some = [
        judged(answer, "inform", "inform", confidence=0.9),
        judged(answer, "inform", "inform", confidence=0.5),
        judged(answer, "inform", "allowed", confidence=0.5),
        judged(answer, "inform", "allowed", confidence=0.2),
    ]
    assert curve(some) == [(0.2, 1.0, 0.5), (0.5, 0.75, 2 / 3), (0.9, 0.25, 1.0)]


def run(tmp_path: Path, *options: str, text: str | None = None) -> Result:
    path = tmp_path / "questions.jsonl"
    path.write_text(text if text is not None else "\n".join(map(json.dumps, LINES)), encoding="utf-8")
    return CliRunner().invoke(main, ["--reader", "cues", "evaluate", str(path), *options])


def test_it_prints_groups_a_table_and_the_wrong_ones(tmp_path: Path) -> None:
    output = run(tmp_path, "--wrong").output
    rows = {line.split("  ")[0]: line.split() for line in output.splitlines() if line.strip()}
    assert rows["all"][1:3] == ["3", "0.667"]
    assert rows["in ja"][2:4] == ["1", "0.000"]
    assert "unsafe  b-1  wanted allowed/inform [7], given conditional [6(4), 6(1)(i), 6(1)]" in output
    assert "recipient = co_host" in output


def test_it_writes_a_page_in_which_questions_are_only_text(tmp_path: Path) -> None:
    hostile = {"id": "x-1", "text": "<script>alert(1)</script> share data", "verdict": "inform"}
    page = tmp_path / "page.html"
    assert run(tmp_path, "--html", str(page), text=json.dumps(hostile)).exit_code == 0
    shown = page.read_text(encoding="utf-8")
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert shown.count("<svg") == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "questions.jsonl:1: no JSON object"),
        ('{"id": "1", "text": "?", "verdict": "perhaps"}', "questions.jsonl:1: verdict.0"),
        ('{"id": "1", "text": "?", "verdict": []}', "questions.jsonl:1: verdict"),
        ("", "there are no questions in these files"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(text: str, sentence: str, tmp_path: Path) -> None:
    result = run(tmp_path, text=text)
    assert result.exit_code == 1
    assert sentence in result.output
