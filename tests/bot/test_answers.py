"""What people see, kept in golden files: one answer of each verdict, in both languages, in the terminal and in Slack.

After a change that is meant: `UPDATE_GOLDEN=1 make test`, then read the difference before committing it.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from block_kit import broken_limits
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.blocks import Extras, answer_blocks
from bot.answers.templating import columns
from bot.answers.terminal import as_text
from bot.desk import Desk
from bot.words import WORDING
from knowledge import Verdict

GOLDEN = Path(__file__).parent / "golden"
QUESTIONS = {
    "allowed": "The applicants consented in writing. Can I share their data with the event co-host?",
    "conditional": "can I share applicant data with an event co-host?",
    "not_allowed": "The applicants refused to consent. Can I share their data with the event co-host?",
    "escalate": "How long must we keep the CVs of rejected applicants?",
    "request": "I want to see all the data that the company holds about me",
    "incident": "I lost my laptop with the customer list",
    "inform": "What does the policy say about security measures?",
    "clarify": "Can I share customer data?",
    "out_of_scope": "Where is the coffee machine?",
    "allowed.ja": "応募者本人から書面で同意を得ています。イベントの共催企業に応募者の情報を渡していいですか？",
    "conditional.ja": "応募者の情報をイベントの共催企業に渡していいですか？",
    "not_allowed.ja": "応募者は同意していません。イベントの共催企業に応募者の情報を渡していいですか？",
    "escalate.ja": "不採用になった応募者の履歴書はいつまで保管しますか？",
    "request.ja": "会社が持っている私の個人情報をすべて開示してください",
    "incident.ja": "顧客名簿の入ったパソコンを紛失しました",
    "inform.ja": "安全管理措置についてポリシーは何と定めていますか？",
    "clarify.ja": "顧客の情報を渡してもいいですか？",
    "out_of_scope.ja": "コーヒーマシンはどこですか？",
}


def is_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_look_as_they_should(name: str, by_cues: Desk) -> None:
    answer, _ = by_cues.ask(QUESTIONS[name])
    assert answer.verdict == name.removesuffix(".ja")
    assert answer.language == ("ja" if name.endswith(".ja") else "en")
    blocks = answer_blocks(answer, by_cues.pack, "c1", Extras(("#1",) if answer.ticket else (), answer_id=7))
    is_golden(f"{name}.txt", as_text(answer, by_cues.pack))
    is_golden(f"{name}.blocks.json", json.dumps(blocks, ensure_ascii=False, indent=1) + "\n")


def test_every_verdict_has_a_golden_answer() -> None:
    assert set(Verdict) == {Verdict(name) for name in QUESTIONS if not name.endswith(".ja")}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_line_is_wider_than_a_terminal(name: str, by_cues: Desk) -> None:
    answer, _ = by_cues.ask(QUESTIONS[name] + " 個人情報 personal information" * 30)
    assert [line for line in as_text(answer, by_cues.pack).splitlines() if columns(line) > 100] == []


@given(text=st.text(max_size=200), times=st.sampled_from([1, 150]), name=st.sampled_from(sorted(QUESTIONS)))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_block_kit(text: str, times: int, name: str, by_cues: Desk) -> None:
    answer, _ = by_cues.ask(f"{QUESTIONS[name]} {text * times}")
    extras = Extras(("#1",), details_of=1, answer_id=1, record=True, private=True)
    assert broken_limits(answer_blocks(answer, by_cues.pack, "c" * 32, extras)) == []


def test_both_languages_say_the_same_things() -> None:
    def keys(content: dict[str, Any], before: str = "") -> set[str]:
        return {
            key
            for name, value in content.items()
            for key in (keys(value, f"{before}{name}.") if isinstance(value, dict) else {before + name})
        }

    english, japanese = (
        yaml.safe_load((WORDING / f"{code}.yaml").read_text(encoding="utf-8")) for code in ("en", "ja")
    )
    assert keys(english) == keys(japanese)
