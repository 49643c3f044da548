"""The door: a message in, a reading out."""

import re
from collections.abc import Mapping, Sequence
from math import exp

from intents.confidence import Confidence, Signs, load_confidence
from intents.cues import Cue, CueReader, Cues
from intents.fuse import Fusion, Hypothesis
from intents.language import language_of
from intents.learned import LearnedReader, Scores, load_learned
from intents.lexicon import Lexicon, load_lexicon
from intents.normalise import LONGEST, Message, normalise
from intents.questions import UNSETTLED
from intents.reading import Candidate, FactReading, Reading
from intents.spelling import Speller
from knowledge import Pack, decide

LEARNED = "learned"
_LETTER = re.compile(r"[^\W\d_]")


class Understanding:
    """Reads messages for one pack: by its lexicon, and by what was learned where the pack was trained."""

    def __init__(
        self,
        pack: Pack,
        lexicon: Lexicon,
        learned: LearnedReader | None,
        confidence: Confidence = Confidence(),  # noqa: B008 - never changed
    ) -> None:
        """Take the pack, its lexicon, its learned reader if any, and how sure a reading is by its signs."""
        self._pack = pack
        self._cues = CueReader(pack, lexicon)
        self._speller = Speller(lexicon.words)
        self._learned = learned
        self._fusion = Fusion(pack, learned, lexicon.claims, confidence)

    def cues(self, text: str) -> Cues:
        """What the words of a text say by the lexicon alone."""
        return self._read_cues(normalise(text))[0]

    def read(self, text: str, *, fallback_language: str = "en") -> Reading:
        """The facts that a message states. Takes any text; one without letters, or longer than LONGEST, states nothing.

        `fallback_language` ("en" or "ja") is that of the conversation, for a message that shows none of its own.
        """
        message = normalise(text)
        language = language_of(message.text, fallback_language)
        if not _LETTER.search(message.text) or len(text) > LONGEST:
            return Reading(language=language)
        cues, corrected = self._read_cues(message)
        scores: Scores = self._learned.scores(corrected) if self._learned else {}
        hypotheses = self._fusion.choose(cues, scores)
        return self._reading(corrected, language, cues, scores, hypotheses)

    def meant(self, text: str) -> tuple[str, Signs]:
        """The verdict that a text seems to ask for, and what tells how surely: for measuring the confidence."""
        cues, corrected = self._read_cues(normalise(text))
        scores: Scores = self._learned.scores(corrected) if self._learned else {}
        hypotheses = self._fusion.choose(cues, scores)
        return hypotheses[0].verdict, self._fusion.signs(hypotheses, scores)

    def _read_cues(self, message: Message) -> tuple[Cues, Message]:
        corrected, doubtful = self._speller.corrected(message)
        return self._cues.read(corrected, doubtful), corrected

    def _reading(
        self, message: Message, language: str, cues: Cues, scores: Scores, hypotheses: Sequence[Hypothesis]
    ) -> Reading:
        confidence = self._fusion.confidence(hypotheses, scores)
        best = hypotheses[0]
        if scores:
            least = self._fusion.least_confidence(best, cues)
            best = self._fusion.without_doubt(hypotheses, confidence, least)
        stated = {**self._said_besides(cues, best), **best.facts}
        facts = {fact: self._evidence(message, fact, value, cues, scores) for fact, value in stated.items()}
        lost = [*_lost_cues(message, cues, best), *self._lost_hypotheses(message, cues, scores, hypotheses)]
        won = [Candidate(fact=fact, reading=reading) for fact, reading in facts.items()]
        return Reading(
            language=language,
            topical=best.topical,
            facts=facts,
            candidates=(*won, *lost),
            confidence=confidence,
        )

    def _said_besides(self, cues: Cues, best: Hypothesis) -> dict[str, str | None]:
        """Essential facts that words state and that change nothing: people like to see them read."""
        if not best.facts:
            return {}
        said: dict[str, str | None] = {}
        for fact in (one for one in self._pack.facts if one in self._pack.essential and one not in best.facts):
            for value in [cue.value for cue in cues.of(fact)][:1]:
                with_it, without = decide(self._pack, {**best.facts, fact: value}), decide(self._pack, best.facts)
                if (with_it.verdict, with_it.citations) == (without.verdict, without.citations):
                    said[fact] = value
        return said

    def _evidence(self, message: Message, fact: str, value: str | None, cues: Cues, scores: Scores) -> FactReading:
        """The reading of a fact, with the words of a cue where one says so, or the whole message."""
        learned = scores.get(fact, {}).get(UNSETTLED if value is None else value)
        for cue in cues.of(fact):
            if value in (cue.value, None):
                return cue.reading(message).model_copy(update={"value": value})
        hint = next((cue for cue in cues.facts if cue.hint and (cue.fact, cue.value) == (fact, value)), None)
        words = message.words(hint.start, hint.end) if hint else ""
        confidence = min(0.99, exp(learned if learned is not None else -1.0))
        return FactReading(value=value, evidence=words, confidence=confidence, reader=LEARNED)

    def _lost_hypotheses(
        self, message: Message, cues: Cues, scores: Scores, hypotheses: Sequence[Hypothesis]
    ) -> list[Candidate]:
        """The best other set of facts, where it differs: what the message might mean instead."""
        best = hypotheses[0].facts
        for other in hypotheses[1:4]:
            different = {fact: value for fact, value in other.facts.items() if best.get(fact, "") != value}
            if different:
                why = f"fits less well by {hypotheses[0].fit - other.fit:.1f}"
                return [
                    Candidate(fact=f, reading=self._evidence(message, f, v, cues, scores), lost_because=why)
                    for f, v in different.items()
                ]
        return []


def _lost_cues(message: Message, cues: Cues, best: Hypothesis) -> list[Candidate]:
    """The cues that did not win, each with the reason."""
    lost: dict[tuple[str, str | None], Candidate] = {}
    for cue in cues.facts:
        if cue.hint or (cue.fact in best.facts and best.facts[cue.fact] == cue.value and not cue.why):
            continue
        reading = cue.reading(message).model_copy(update={"value": cue.denied or cue.value})
        lost.setdefault(
            (cue.fact, reading.value),
            Candidate(fact=cue.fact, reading=reading, lost_because=_why(cue, best.facts)),
        )
    return list(lost.values())


def _why(cue: Cue, facts: Mapping[str, str | None]) -> str:
    if cue.why:
        return cue.why
    return "other words fit better" if cue.fact in facts else "does not matter beside what else was read"


def load_understanding(pack: Pack, *, cues_alone: bool = False) -> Understanding:
    """The understanding of a pack. With `cues_alone` nothing that was learned is loaded or used.

    Raises PackError for a fault in the pack's lexicon.
    """
    lexicon = load_lexicon(pack)
    if cues_alone:
        return Understanding(pack, lexicon, None)
    return Understanding(pack, lexicon, load_learned(pack.path), load_confidence(pack.path))
