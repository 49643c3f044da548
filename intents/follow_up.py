"""A further message of a conversation: does it add to what was asked, take it back, or ask something new?"""

import re
from collections.abc import Mapping
from enum import StrEnum

from intents.cues import Cues
from intents.normalise import normalise
from intents.reading import FactReading, Reading
from intents.understand import Understanding
from knowledge import Pack

REPLY, BUTTON = "reply", "button"
SHORT = 160
_QUESTION = re.compile(
    r"[?？]|^(can|could|may|is|are|do|does|should|what|who|how|when|where|which|would|must)\b"
    r"|(ですか|ますか|でしょうか|いいか|よいか|かな)[。.]?$"
)
_AND_IF = re.compile(r"^(and |but |ok(ay)?,? |so )*(what if|and if|but if|what about|how about|even if|and for|same for)|もし|では|じゃあ|だったら|なら")
_OWN_QUESTION = ("act", "recipient", "purpose")


class Turn(StrEnum):
    """What a further message does."""

    ADDS = "adds"
    NEW = "new"


def answered(reading: Reading, fact: str, value: str | None, words: str, reader: str = BUTTON) -> Reading:
    """The reading with one fact settled by its asker: `value` None for "I don't know". `words`: what they chose."""
    stated = FactReading(value=value, evidence=words, confidence=1.0, reader=reader)
    return reading.model_copy(update={"facts": {**reading.facts, fact: stated}, "topical": True})


def read_further(
    understanding: Understanding, pack: Pack, text: str, earlier: Reading, asked: str | None, so_far: str
) -> tuple[Turn, Reading]:
    """The turn that a further message takes, and the reading after it.

    `earlier` is the reading so far, `asked` the fact that the desk asked for last, `so_far` what was asked in words.
    """
    alone = understanding.read(text, fallback_language=earlier.language)
    cues = understanding.cues(text)
    if _is_new(text, alone, cues, earlier):
        return Turn.NEW, alone
    together = understanding.read(f"{so_far}\n{text}", fallback_language=earlier.language)
    facts = _merged(together.facts, earlier, cues, text)
    reading = together.model_copy(update={"facts": facts, "topical": True, "language": alone.language})
    if asked:
        reading = _reply(pack, reading, asked, cues, text)
    return Turn.ADDS, reading


def _is_new(text: str, alone: Reading, cues: Cues, earlier: Reading) -> bool:
    plain = normalise(text).text.strip()
    if not earlier.facts or "correction" in cues.signs or _AND_IF.search(plain):
        return not earlier.facts
    if alone.facts.get("act") is not None and alone.facts["act"].value in ("incident", "complaint"):
        return True
    asks = bool(_QUESTION.search(plain))
    return asks and alone.topical and sum(fact in alone.facts for fact in _OWN_QUESTION) >= 2


def _merged(
    together: Mapping[str, FactReading], earlier: Reading, cues: Cues, text: str
) -> dict[str, FactReading]:
    """What the message says itself stands first, then what was settled before, then the whole read together."""
    said = {
        cue.fact: cue.reading(normalise(text)) for cue in reversed(cues.facts) if not cue.hint and cue.fact != "act"
    }
    settled = {fact: reading for fact, reading in earlier.facts.items() if reading.value is not None}
    kept = {fact: reading for fact, reading in settled.items() if fact == "act" or reading.reader in (REPLY, BUTTON) or fact not in said}
    return {**together, **kept, **{fact: reading for fact, reading in said.items() if fact in together or fact in settled}}


def _reply(pack: Pack, reading: Reading, asked: str, cues: Cues, text: str) -> Reading:
    """With the asked fact settled by a plain yes or no, where the words do not say it already."""
    if len(text) > SHORT or any(cue.fact == asked and not cue.hint for cue in cues.facts):
        return reading
    plain = normalise(text).text
    values = pack.facts[asked].values
    for value in values:
        if any(plain.strip(" .!。") == normalise(label).text for label in (value.label.en, value.label.ja, value.id)):
            return answered(reading, asked, value.id, text, REPLY)
    if "unsure" in cues.signs:
        return answered(reading, asked, None, text, REPLY)
    yes, no = values[0].id, values[-1].id
    if len(values) != 2 or ("assent" in cues.signs) == ("denial" in cues.signs):
        return reading
    return answered(reading, asked, yes if "assent" in cues.signs else no, text, REPLY)
