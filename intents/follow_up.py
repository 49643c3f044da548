"""A further message of a conversation: it adds to what was asked, takes it back, or asks something new."""

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
_AND_IF = re.compile(
    r"^(and |but |ok(ay)?,? |so )*(what if|and if|but if|what about|how about|even if|and for|same for)"
    r"|もし|では|じゃあ|だったら|なら"
)
_ALWAYS_NEW = ("incident", "complaint", "disclosure", "correction", "suspension")
_KEPT = ("act", "subject", "recipient", "purpose")
_OWN_QUESTION = ("act", "recipient", "purpose", "topic")


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
    if _is_new(text, alone, cues, earlier, asked):
        return Turn.NEW, alone
    together = understanding.read(f"{so_far}\n{text}", fallback_language=earlier.language)
    facts = _merged(together.facts, earlier, _said(pack, cues, text, asked))
    reading = together.model_copy(update={"facts": facts, "topical": True, "language": alone.language})
    if asked:
        reading = _reply(pack, reading, asked, cues, text)
    return Turn.ADDS, reading


def _is_new(text: str, alone: Reading, cues: Cues, earlier: Reading, asked: str | None) -> bool:
    """Whether a message is a question of its own: nothing to add to, a request, an incident, or complete in itself."""
    plain = normalise(text).text.strip()
    if not earlier.facts:
        return True
    if any(cue.fact == asked and not cue.hint for cue in cues.facts) or _AND_IF.search(plain):
        return False
    if not alone.topical:
        return not asked or not cues.signs & {"assent", "denial", "unsure"}
    act = alone.facts.get("act")
    if act is not None and act.value in _ALWAYS_NEW and earlier.values().get("act") != act.value:
        return True
    asks = bool(_QUESTION.search(plain)) and "correction" not in cues.signs
    return asks and sum(fact in alone.facts for fact in _OWN_QUESTION) >= 2


def _said(pack: Pack, cues: Cues, text: str, asked: str | None) -> dict[str, FactReading]:
    """What the words of the message itself state: the fact asked for, facts that can be conditions, corrections."""
    message = normalise(text)
    conditions = {fact.id for fact in pack.facts.values() if any(value.condition for value in fact.values)}
    said = {fact: cues.of(fact)[0] for fact in {cue.fact for cue in cues.facts if not cue.hint} - {"act"}}
    corrects = "correction" in cues.signs
    return {f: cue.reading(message) for f, cue in said.items() if corrects or f == asked or f in conditions}


def _merged(
    together: Mapping[str, FactReading], earlier: Reading, said: Mapping[str, FactReading]
) -> dict[str, FactReading]:
    """What the message says itself stands first, then what was answered before, then the whole read together.

    What was only read before, not answered, gives way to the whole: a later message may turn its meaning.
    """
    kept = {
        fact: reading
        for fact, reading in earlier.facts.items()
        if reading.value is not None and (reading.reader in (REPLY, BUTTON) or fact in _KEPT)
    }
    return {**kept, **together, **{f: one for f, one in kept.items() if one.reader in (REPLY, BUTTON)}, **said}


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
