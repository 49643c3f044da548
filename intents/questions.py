"""The written questions of a pack, and whether the facts noted for each give its label by the rules."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge import Pack, PackError, Verdict, decide
from knowledge.properties import Proof

QUESTIONS = Path("learned") / "questions.jsonl"
ACT = "act"
OFF_TOPIC, UNCLEAR = "-off_topic", "-unclear"
UNMENTIONED, UNSETTLED = "-", "?"
VERDICT, CLAUSE = "verdict", "clause"
MEND = "correct its facts, its label or a rule, or take it out"


@dataclass(frozen=True)
class WrittenQuestion:
    """A question with its label: what a careful manager would answer, and the facts that it states.

    It is `kept` from some sentence models, so that what they say of it can be measured.
    """

    id: str
    text: str
    verdict: str
    cites: tuple[str, ...]
    facts: dict[str, str | None]
    kept: frozenset[str] = frozenset()

    @property
    def root(self) -> str:
        """The act, or why there is none."""
        return OFF_TOPIC if self.verdict == Verdict.OUT_OF_SCOPE else self.facts.get(ACT) or UNCLEAR

    def label(self, head: str) -> str:
        """What a head should say of this question."""
        if head == ACT:
            return self.root
        if head == VERDICT:
            return self.verdict
        if head == CLAUSE:
            return self.cites[0] if self.cites else UNMENTIONED
        return (self.facts[head] or UNSETTLED) if head in self.facts else UNMENTIONED


def read_questions(path: Path) -> list[WrittenQuestion]:
    """The written questions of a file of JSON lines, one a line. Raises PackError with the line that is none."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return [_question(path, number, line) for number, line in lines]


def _question(path: Path, number: int, line: str) -> WrittenQuestion:
    try:
        row: dict[str, Any] = json.loads(line)
        cites, facts, kept = tuple(row["cites"]), dict(row["facts"]), frozenset(row.get("kept", ()))
        return WrittenQuestion(row["id"], row["text"], row["verdict"], cites, facts, kept)
    except (ValueError, KeyError, TypeError) as error:
        hint = "one JSON object a line, with id, text, verdict, cites and facts"
        raise PackError(f"no written question: {error}", path, number, hint) from None


def disagreements(pack: Pack, questions: Sequence[WrittenQuestion]) -> Iterator[tuple[int, str]]:
    """The questions whose facts do not give their label by the rules: which line, and what differs."""
    for number, question in enumerate(questions, 1):
        fault = _disagreement(pack, question)
        if fault:
            yield number, f"{question.id}: {fault}"


def _disagreement(pack: Pack, question: WrittenQuestion) -> str:
    if question.verdict == Verdict.OUT_OF_SCOPE:
        return "it is off topic and has facts" if question.facts else ""
    try:
        finding = decide(pack, question.facts)
    except KeyError as error:
        return f"the pack has no fact {error}"
    except ValueError as error:
        return str(error)
    if finding.verdict != question.verdict:
        return f"its facts give {finding.verdict}, its label says {question.verdict}"
    if question.cites and not any(_lies_in(clause, question.cites) for clause in finding.citations):
        return f"its facts cite {', '.join(finding.citations) or 'nothing'}, its label {', '.join(question.cites)}"
    return ""


def _lies_in(clause: str, wanted: Sequence[str]) -> bool:
    return any(clause == one or clause.startswith(f"{one}(") for one in wanted)


def question_proofs(pack: Pack) -> list[Proof]:
    """That every written question's facts give its label; nothing for a pack without any."""
    path = pack.path / QUESTIONS
    if not path.exists():
        return []
    questions = read_questions(path)
    faults = [f"{path}:{number}: {fault} ({MEND})" for number, fault in disagreements(pack, questions)]
    return [Proof("every written question's facts give its label", len(questions), "\n       ".join(faults))]
