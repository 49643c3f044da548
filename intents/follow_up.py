"""A further message of a conversation: it adds to what was asked, takes it back, or asks something new."""

import re
from collections.abc import Mapping
from enum import StrEnum

from intents.cues import Cues, sure_values
from intents.learned import ROOT
from intents.normalise import normalise
from intents.reading import FactReading, Reading
from intents.understand import LEARNED, Understanding
from knowledge import FOR_A_PERSON, Pack, decide

REPLY, BUTTON = "reply", "button"
SURE, LIKELY = 0.9, 0.6
"""How sure a reading of the message alone must be to start a new matter, or to name something of its own."""
SHORT = 160
_QUESTION = re.compile(
    r"[?？]|^(can|could|may|is|are|do|does|should|what|who|how|when|where|which|would|must)\b"
    r"|(ですか|ますか|でしょうか|いいか|よいか|かな)[。.]?$"
)
_AND_IF = re.compile(
    r"^(and |but |ok(ay)?,? |so )*(what if|and if|but if|what about|how about|even if|and for|same for)"
    r"|もし|では|じゃあ|だったら|なら"
)
_NOT = re.compile(r"\b(not|no|never|isn't|aren't)( the| our| my)? $")


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
    if _says_goodbye(text, cues, asked):
        return Turn.NEW, alone.model_copy(update={"facts": {}, "topical": False})
    if _is_new(pack, text, alone, cues, earlier, asked):
        return Turn.NEW, alone
    together = understanding.read(f"{so_far}\n{text}", fallback_language=earlier.language)
    said = _said(pack, cues, text)
    named = _named(pack, alone, cues, said, earlier, asked)
    facts = _merged(pack, together.facts, earlier, said, named=named)
    reading = together.model_copy(update={"facts": facts, "topical": True, "language": alone.language})
    if asked:
        reading = _reply(pack, reading, asked, cues, text)
    return Turn.ADDS, reading


def _says_goodbye(text: str, cues: Cues, asked: str | None) -> bool:
    """Whether a message only thanks, or talks of something else in few words. "Yes, thanks" is an answer."""
    only_polite = "off_topic" in cues.signs and all(cue.hint for cue in cues.facts) and len(text) <= SHORT // 2
    return only_polite and not _answers(cues, asked)


def _answers(cues: Cues, asked: str | None) -> bool:
    """Whether a message says yes, no or "I don't know" to what was asked."""
    return asked is not None and bool(cues.signs & {"assent", "denial", "unsure"})


def _is_new(pack: Pack, text: str, alone: Reading, cues: Cues, earlier: Reading, asked: str | None) -> bool:
    """Whether a message is a question of its own: a request, an incident, off topic, or complete in itself."""
    plain = normalise(text).text.strip()
    if not earlier.facts:
        return True
    if _for_a_person(pack, alone, earlier):
        return True
    if any(cue.fact == asked and not cue.hint for cue in cues.facts) or _AND_IF.search(plain):
        return False
    if not alone.topical:
        return "off_topic" in cues.signs and not _answers(cues, asked)
    asks = bool(_QUESTION.search(plain)) and "correction" not in cues.signs
    return asks and len(pack.essential & alone.facts.keys()) >= 2


def _for_a_person(pack: Pack, alone: Reading, earlier: Reading) -> bool:
    """Whether the message says something new that a person must handle, such as a request or an incident."""
    act = alone.values().get(ROOT)
    if act is None or earlier.values().get(ROOT) == act:
        return False
    by_words = alone.facts[ROOT].reader != LEARNED
    return decide(pack, {ROOT: act}).verdict in FOR_A_PERSON and (by_words or alone.confidence >= SURE)


def _said(pack: Pack, cues: Cues, text: str) -> dict[str, FactReading]:
    """What the words of the message itself state: essential facts, those that can be conditions, and rare ones."""
    message = normalise(text)
    conditions = {fact for fact, _ in sure_values(pack)} | {one.id for one in pack.facts.values() if one.assume}
    essential = pack.essential - {ROOT}
    meant = {
        fact: [cue for cue in cues.of(fact) if fact not in essential or not _NOT.search(message.text[: cue.start])]
        for fact in conditions | essential
    }
    return {fact: some[0].reading(message) for fact, some in meant.items() if some}


def _merged(
    pack: Pack,
    together: Mapping[str, FactReading],
    earlier: Reading,
    said: Mapping[str, FactReading],
    *,
    named: bool,
) -> dict[str, FactReading]:
    """What the message says itself stands first, then what was answered before, then the whole read together.

    Where the message names other people or another use, conditions that were met before are met no longer: consent to
    one thing is no consent to another.
    """
    kept = {
        fact: reading
        for fact, reading in earlier.facts.items()
        if reading.value is not None and (reading.reader in (REPLY, BUTTON) or fact in pack.essential)
    }
    stated = {fact: one for fact, one in kept.items() if one.reader in (REPLY, BUTTON)}
    sure = sure_values(pack)
    held = {f: one for f, one in earlier.facts.items() if (f, one.value) in sure and not named}
    whole = {f: one for f, one in together.items() if (f, one.value) not in sure or f in held}
    merged = {**kept, **whole, **held, **stated, **said}
    if not named:
        return merged
    of_conditions = {fact for fact, _ in sure}
    return {fact: one for fact, one in merged.items() if fact not in of_conditions or fact in said}


def _named(
    pack: Pack, alone: Reading, cues: Cues, said: Mapping[str, FactReading], earlier: Reading, asked: str | None
) -> bool:
    """Whether a message names people or a use of its own, and is no answer to what was asked."""
    essential = pack.essential - {ROOT, asked}
    changed = any(
        fact in earlier.facts and earlier.facts[fact].value != said[fact].value for fact in essential & said.keys()
    )
    if changed or "correction" in cues.signs:
        return changed
    if "another" in cues.signs:
        return True
    return alone.topical and alone.confidence >= LIKELY and bool(essential & alone.facts.keys()) and ROOT in alone.facts


def _reply(pack: Pack, reading: Reading, asked: str, cues: Cues, text: str) -> Reading:
    """With the asked fact settled by a plain yes or no, where the words do not say it already."""
    if len(text) > SHORT or any(cue.fact == asked and not cue.hint for cue in cues.facts):
        return reading
    plain = normalise(text).text
    values = pack.facts[asked].values
    for value in values:
        if any(plain.strip(" .!。") == normalise(label).text for label in (value.label.en, value.label.ja, value.id)):
            return answered(reading, asked, value.id, text, REPLY)
    if cues.signs & {"unsure", "hearsay", "partial", "for_something_else"}:
        return answered(reading, asked, None, text, REPLY)
    yes, no = values[0].id, values[-1].id
    if len(values) != 2 or ("assent" in cues.signs) == ("denial" in cues.signs):
        return reading
    return answered(reading, asked, yes if "assent" in cues.signs else no, text, REPLY)
