"""What an evaluation prints: figures by group, a confusion table, and the wrong answers with their reading."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.answers.terminal import explanation
from bot.evaluation.scoring import Figures, Judged, figures, groups
from intents import Reading
from knowledge import Verdict

SHORT = {Verdict.NOT_ALLOWED: "not", Verdict.OUT_OF_SCOPE: "off topic", Verdict.CONDITIONAL: "condition"}


def report(judged: Sequence[Judged], readings: Sequence[Reading], *, wrong: bool) -> Iterator[str]:
    """The lines of a report. With `wrong`, each wrong answer with how its question was read."""
    yield f"{'':<22}{'n':>5}{'accuracy':>10}{'cite1':>8}{'cite3':>8}{'both':>8}{'unsafe':>8}{'oos':>8}{'oos false':>11}"
    for name, some in groups(judged).items():
        yield _line(name, figures(some))
    yield _line("all", figures(judged))
    yield ""
    yield from _table(judged)
    if wrong:
        for one, reading in zip(judged, readings, strict=True):
            yield from _fault(one, reading)


def _line(name: str, one: Figures) -> str:
    def share(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}"

    return (
        f"{name:<22}{one.questions:>5}{one.accuracy:>10.3f}{share(one.cite1):>8}{share(one.cite3):>8}{one.both:>8.3f}"
        f"{one.unsafe:>8}{share(one.off_topic_recognised):>8}{share(one.taken_for_off_topic):>11}"
    )


def confusion(judged: Sequence[Judged]) -> Counter[tuple[Verdict, Verdict]]:
    """How often which verdict was given (second) where which was wanted (first); an accepted one counts as wanted."""
    return Counter((one.answer.verdict if one.right else one.label.verdict[0], one.answer.verdict) for one in judged)


def _table(judged: Sequence[Judged]) -> Iterator[str]:
    counted = confusion(judged)
    names = [SHORT.get(verdict, verdict.value) for verdict in Verdict]
    yield f"{'wanted, given':<16}" + "".join(f"{name:>11}" for name in names)
    for wanted, name in zip(Verdict, names, strict=True):
        cells = (counted[(wanted, given)] for given in Verdict)
        yield f"{name:<16}" + "".join(f"{cell or '.':>11}" for cell in cells)


def _fault(one: Judged, reading: Reading) -> Iterator[str]:
    if one.right and one.cited and not one.unsafe:
        return
    what = "unsafe" if one.unsafe else "wrong"
    wanted = "/".join(one.label.verdict) + (f" [{', '.join(one.label.cites)}]" if one.label.cites else "")
    given = f"{one.answer.verdict} [{', '.join(citation.clause for citation in one.answer.citations)}]"
    yield f"\n{what}  {one.label.id}  wanted {wanted}, given {given}, confidence {one.answer.confidence:.2f}"
    yield f"  {one.label.text}"
    yield from (f"  {line}" for line in explanation(one.answer, reading).splitlines())
