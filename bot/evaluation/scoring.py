"""Labelled questions and how answers compare with them. All figures are over the questions given."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.answers import Answer
from knowledge import Verdict

MOST_CITED = 3


class LabelError(Exception):
    """A file of labelled questions that cannot be read: which line, and what is wrong with it."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Label(BaseModel):
    """A question with what a careful manager would answer.

    `verdict`: the best one first, then others that are accepted. `cites`: clauses of which any may come first; each
    stands for those below it too; none: citations are not compared. `unsafe`: verdicts that would do harm. Questions
    of one `thread` are one conversation.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    text: str
    verdict: Annotated[tuple[Verdict, ...], BeforeValidator(_as_list), Field(min_length=1)]
    cites: tuple[str, ...] = ()
    unsafe: tuple[Verdict, ...] = ()
    lang: str | None = None
    thread: str | None = None


@dataclass(frozen=True)
class Judged:
    """An answer beside its label."""

    label: Label
    answer: Answer

    @property
    def right(self) -> bool:
        """Whether the verdict is among the accepted ones."""
        return self.answer.verdict in self.label.verdict

    @property
    def cited(self) -> bool:
        """Whether one of the first three citations is a labelled clause, or lies below one."""
        return not self.label.cites or any(self._hits(one.clause) for one in self.answer.citations[:MOST_CITED])

    @property
    def cited_first(self) -> bool:
        """Whether the first citation is a labelled clause, or lies below one."""
        return not self.label.cites or any(self._hits(one.clause) for one in self.answer.citations[:1])

    @property
    def unsafe(self) -> bool:
        """Whether the verdict would do harm."""
        return self.answer.verdict in self.label.unsafe

    def _hits(self, clause: str) -> bool:
        return any(clause == wanted or clause.startswith(f"{wanted}(") for wanted in self.label.cites)


@dataclass(frozen=True)
class Figures:
    """Shares between 0 and 1 (None where there is nothing to count), and counts."""

    questions: int
    accuracy: float
    cite1: float | None
    cite3: float | None
    both: float
    unsafe: int
    wrong_yes: int
    off_topic_recognised: float | None
    taken_for_off_topic: float | None


def read_labels(paths: Iterable[Path]) -> list[Label]:
    """The labelled questions of files of JSON lines. Raises LabelError with file, line and what is wrong."""
    labels = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                labels.append(_label(path, number, line))
    return labels


def _label(path: Path, number: int, line: str) -> Label:
    try:
        return Label.model_validate(json.loads(line))
    except ValidationError as error:
        fault = error.errors()[0]
        raise LabelError(f"{path}:{number}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}") from None
    except ValueError:
        raise LabelError(f"{path}:{number}: no JSON object") from None


def judge(labels: Sequence[Label], answers: Sequence[Answer]) -> list[Judged]:
    """Each answer beside its label, in order."""
    return [Judged(label, answer) for label, answer in zip(labels, answers, strict=True)]


def figures(judged: Sequence[Judged]) -> Figures:
    """The figures of at least one judged answer."""
    scored = [one for one in judged if one.label.cites]
    away = [one for one in judged if one.label.verdict[0] == Verdict.OUT_OF_SCOPE]
    within = [one for one in judged if Verdict.OUT_OF_SCOPE not in one.label.verdict]
    wrong_yes = [one for one in judged if one.unsafe and one.answer.verdict == Verdict.ALLOWED]
    return Figures(
        questions=len(judged),
        accuracy=sum(one.right for one in judged) / len(judged),
        cite1=_share([one.cited_first for one in scored]),
        cite3=_share([one.cited for one in scored]),
        both=sum(one.right and one.cited for one in judged) / len(judged),
        unsafe=sum(one.unsafe for one in judged),
        wrong_yes=len(wrong_yes),
        off_topic_recognised=_share([one.right for one in away]),
        taken_for_off_topic=_share([one.answer.verdict == Verdict.OUT_OF_SCOPE for one in within]),
    )


def _share(held: Sequence[bool]) -> float | None:
    return sum(held) / len(held) if held else None


def groups(judged: Iterable[Judged]) -> Mapping[str, list[Judged]]:
    """The judged answers by the first part of their ids, by language and by labelled verdict, in order of name."""
    found: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        found[one.label.id.split("-")[0]].append(one)
        found[f"in {one.label.lang or one.answer.language}"].append(one)
        found[f"verdict {one.label.verdict[0]}"].append(one)
    return dict(sorted(found.items()))


def curve(judged: Sequence[Judged]) -> list[tuple[float, float, float]]:
    """What it would cost to answer only where the reading is sure enough.

    One point for each confidence that occurs, the lowest first: the confidence, the share of questions that are at
    least so sure, and the verdict accuracy among these.
    """
    ranked = sorted(judged, key=lambda one: -one.answer.confidence)
    points = []
    right = 0
    for count, one in enumerate(ranked, 1):
        right += one.right
        last = count == len(ranked) or ranked[count].answer.confidence < one.answer.confidence
        if last:
            points.append((one.answer.confidence, count / len(ranked), right / count))
    return points[::-1]
