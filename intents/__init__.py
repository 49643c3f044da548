"""Reading a message: which act, whose data, who receives it, for what, what was said about consent.

Knows the vocabulary of facts from `knowledge`; no Slack and no database.
"""

from intents.follow_up import Turn, answered, read_further
from intents.reading import Candidate, FactReading, Reading
from intents.understand import Understanding, load_understanding

__all__ = [
    "Candidate",
    "FactReading",
    "Reading",
    "Turn",
    "Understanding",
    "answered",
    "load_understanding",
    "read_further",
]
