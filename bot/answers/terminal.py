"""Answers for the terminal."""

from bot.answers.form import Answer
from bot.answers.passages import passages
from bot.answers.templating import quoted_in, render, source, wrap
from intents import FactReading, Reading
from knowledge import Pack, Verdict

MARKS = {
    Verdict.ALLOWED: "[yes]",
    Verdict.CONDITIONAL: "[if]",
    Verdict.NOT_ALLOWED: "[no]",
    Verdict.ESCALATE: "[person]",
    Verdict.REQUEST: "[request]",
    Verdict.INCIDENT: "[incident]",
    Verdict.INFORM: "[policy]",
    Verdict.CLARIFY: "[?]",
    Verdict.OUT_OF_SCOPE: "[-]",
}


def as_text(answer: Answer, pack: Pack) -> str:
    """An answer laid out for a terminal, at most 100 columns wide."""
    return render(
        "terminal.txt.j2",
        answer,
        mark=MARKS[answer.verdict],
        passages=passages(answer),
        source=source(answer, pack),
        quoted_in=quoted_in(answer, pack),
    )


def explanation(answer: Answer, reading: Reading) -> str:
    """Which words gave which fact, what lost and why, and which rules decided."""
    lines = ["Facts read (confidence, reader, words):"]
    lines += [f"  {_read(fact, one)}" for fact, one in reading.facts.items()]
    lost = [candidate for candidate in reading.candidates if candidate.lost_because]
    lines.append("Competed and lost:" if lost else "Nothing else competed.")
    lines += [f"  {_read(candidate.fact, candidate.reading)}; {candidate.lost_because}" for candidate in lost]
    lines.append("Rules and exceptions that decided: " + (", ".join(answer.rules) or "none"))
    lines.append("Clauses: " + (", ".join(citation.clause for citation in answer.citations) or "none"))
    return "\n".join(wrap_keeping_indent(line) for line in lines) + "\n"


def _read(fact: str, one: FactReading) -> str:
    words = f"“{one.evidence}”" if one.evidence else "the whole message"
    return f"{fact} = {one.value or 'unsettled'} ({one.confidence:.2f}, {one.reader}): {words}"


def wrap_keeping_indent(line: str) -> str:
    """A line broken to the width of the terminal, its indent kept."""
    return wrap(line, len(line) - len(line.lstrip()))
