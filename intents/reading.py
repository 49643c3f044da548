"""What understanding hands over: the facts that a message states, each with the words that say so."""

from pydantic import BaseModel, ConfigDict, Field


class FactReading(BaseModel):
    """One fact as read from a message.

    `value` is one of the fact's values, or None when the message raises the fact and leaves it unsettled ("not sure
    they agreed"). `evidence` is the message's own words; `confidence` is between 0 and 1; `reader` names who read it
    (lexicon, learned, reply, button, ...).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: str | None
    evidence: str
    confidence: float = Field(ge=0, le=1)
    reader: str


class Candidate(BaseModel):
    """A reading that competed, and why it lost (empty for the one that won)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fact: str
    reading: FactReading
    lost_because: str = ""


class Reading(BaseModel):
    """A whole message as the desk reads it.

    `language` is "en" or "ja". `topical` is False when the message has nothing to do with personal information.
    `facts` holds the winning reading of each fact; `candidates` all that competed, for `--explain`. `confidence`,
    between 0 and 1, is how surely these facts and no others with another verdict are meant.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    topical: bool = True
    facts: dict[str, FactReading] = Field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    confidence: float = Field(default=1.0, ge=0, le=1)

    def values(self) -> dict[str, str | None]:
        """The facts as deciding takes them: fact id to value, None where it was raised and left unsettled."""
        return {fact: reading.value for fact, reading in self.facts.items()}
