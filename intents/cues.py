"""The cue reader: facts that the words of a message state, by the lexicon, and how those words are meant.

A value that turns a verdict towards yes counts only where its words are stated: not turned round, not asked or
planned, not claimed by somebody else, not about something else.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from intents.lexicon import Entry, Lexicon
from intents.normalise import Message
from intents.phrases import Found
from intents.reading import FactReading
from knowledge import Pack

READER = "lexicon"
WHY_NOT = {
    "partial": "only some of them, or only in part",
    "hearsay": "said by somebody else",
    "for_something_else": "about something else, or not said at all",
}
BEFORE, AFTER, CLOSE_AFTER = 40, 12, 6
"""How far a sign reaches, in characters: in English before the words that it is about, in Japanese after them.

The doubt is greater, and so the reach, where somebody may claim the fact falsely.
"""


@dataclass(frozen=True)
class Cue:
    """One fact that words of the message speak of.

    `value` None: raised, and left unsettled. `denied` is the value that the words alone would give, where they are not
    meant so, and `why` says why. A hint alone states nothing.
    """

    fact: str
    value: str | None
    start: int
    end: int
    confidence: float
    why: str = ""
    denied: str | None = None
    hint: bool = False

    def reading(self, message: Message) -> FactReading:
        """The cue as a reading, with the message's own words."""
        return FactReading(
            value=self.value, evidence=message.words(self.start, self.end), confidence=self.confidence, reader=READER
        )


@dataclass(frozen=True)
class Cues:
    """All cues of a message, and the signs found in it."""

    facts: tuple[Cue, ...] = ()
    signs: frozenset[str] = field(default_factory=frozenset)

    def of(self, fact: str) -> list[Cue]:
        """The cues that speak of a fact, the most telling first."""
        return sorted((cue for cue in self.facts if cue.fact == fact and not cue.hint), key=lambda cue: -cue.confidence)

    def hinted(self, fact: str, value: str) -> bool:
        """Whether the words at least let a learned reading of this value stand."""
        return any(cue.fact == fact and cue.value == value for cue in self.facts)


def sure_values(pack: Pack) -> frozenset[tuple[str, str]]:
    """The values that can be a condition of a yes: these need words that say so."""
    return frozenset((fact.id, value.id) for fact in pack.facts.values() for value in fact.values if value.condition)


class CueReader:
    """Reads by the lexicon of a pack."""

    def __init__(self, pack: Pack, lexicon: Lexicon) -> None:
        """Take the pack, for the values of its facts, and its lexicon."""
        self._lexicon = lexicon
        self._sure = sure_values(pack)
        self._claims = lexicon.claims
        self._essential = pack.essential
        self._opposites = {
            (fact.id, value.id): other.id
            for fact in pack.facts.values()
            for value in fact.values
            for other in fact.values
            if value.condition and not other.condition and len(fact.values) == 2
        }

    def read(self, message: Message, doubtful: Collection[tuple[int, int]] = ()) -> Cues:
        """The cues of a message. In `doubtful` spans (words put right) no value of a yes is read."""
        found = _longest(self._lexicon.fact_book.find(message), self._essential)
        signs = _outermost(self._lexicon.sign_book.find(message))
        cues = [cue for one in found if (cue := self._cue(message, one, _about(one, signs, found), doubtful))]
        return Cues(tuple(cues), frozenset(sign.tag for sign in signs))

    def _cue(
        self, message: Message, found: Found[Entry], signs: Sequence[Found[str]], doubtful: Collection[tuple[int, int]]
    ) -> Cue | None:
        fact, value = found.tag.fact, found.tag.value
        sure = (fact, value) in self._sure
        if sure and any(start < found.end and found.start < end for start, end in doubtful):
            return None
        confidence = min(0.95, 0.5 + 0.05 * _telling(message.text[found.start : found.end]))
        why = self._why_not(message, found, signs) if sure else ""
        if not why:
            return Cue(fact, value, found.start, found.end, confidence, hint=found.tag.hint)
        if found.tag.hint:
            return None
        turned = self._opposites.get((fact, value)) if why == "negated" else None
        return Cue(fact, turned, found.start, found.end, confidence, why, denied=value)

    def _why_not(self, message: Message, found: Found[Entry], signs: Sequence[Found[str]]) -> str:
        first, last = message.sentence(found.start)
        here = [
            sign
            for sign in signs
            if first <= sign.start < last and (sign.end <= found.start or sign.start >= found.end)
        ]
        claimed = found.tag.fact in self._claims
        after = AFTER if claimed else CLOSE_AFTER
        if any(sign.tag.startswith("negation") and _reaches(message.text, sign, found, after) for sign in here):
            return "negated"
        if not claimed:
            return ""
        if any(sign.tag == "uncertain" and _reaches(message.text, sign, found) for sign in here):
            return "not stated as done"
        if any(sign.tag == "hearsay" for sign in here):
            return "said by somebody else"
        tags = {sign.tag for sign in here} | ({"partial"} & {sign.tag for sign in signs})
        return next((why for tag, why in WHY_NOT.items() if tag in tags), "")


def _reaches(text: str, sign: Found[str], found: Found[Entry], after: int = AFTER) -> bool:
    japanese = not text[sign.start].isascii()
    if japanese or sign.tag == "negation_after":
        return found.end <= sign.start <= found.end + after
    between = text[sign.end : found.start]
    return (
        sign.end <= found.start <= sign.end + BEFORE and "," not in between and not {"but", "so"} & set(between.split())
    )


def _telling(words: str) -> int:
    """Longer phrases tell more; a Japanese character about as much as two Latin ones."""
    return sum(1 if char.isascii() else 2 for char in words)


def _outermost(found: Iterator[Found[str]]) -> list[Found[str]]:
    """Signs without those inside a longer one: "no problem" is no "no"."""
    every = list(found)
    return [one for one in every if not any(_holds(other, one) for other in every)]


def _about(cue: Found[Entry], signs: Sequence[Found[str]], found: Sequence[Found[Entry]]) -> list[Found[str]]:
    """Signs without those inside other words for the same: the "no" of "totals, no names" does not deny the totals."""
    same = [one for one in found if one.tag == cue.tag]
    return [sign for sign in signs if not any(_holds(one, sign) for one in same)]


def _holds(longer: Found[Any], shorter: Found[Any]) -> bool:
    return (
        longer.start <= shorter.start
        and shorter.end <= longer.end
        and longer.end - longer.start > shorter.end - shorter.start
    )


def _longest(found: Iterator[Found[Entry]], essential: Collection[str]) -> list[Found[Entry]]:
    """Without phrases that lie inside a longer one of the same fact, or of another essential fact.

    Words say one essential thing at a time: an "event co-host" is no word of the event's guests.
    """
    every = list(found)
    return [
        one
        for one in every
        if not any(
            (other.tag.fact == one.tag.fact or {other.tag.fact, one.tag.fact} <= set(essential))
            and other.tag.hint == one.tag.hint
            and _holds(other, one)
            for other in every
        )
    ]
