"""What the policy says: its text, the facts that matter, the rules, and how to decide.

Knows no question wording, no Slack and no database.
"""

from knowledge.decide import Decider, decider_of
from knowledge.errors import PackError
from knowledge.facts import Values
from knowledge.finding import FOR_A_PERSON, Finding, Verdict
from knowledge.pack import Pack, load_pack

__all__ = ["FOR_A_PERSON", "Decider", "Finding", "Pack", "PackError", "Values", "Verdict", "decide", "load_pack"]


def decide(pack: Pack, values: Values) -> Finding:
    """The finding of `pack` for the stated facts (fact id to value id, None where raised and left unsettled)."""
    return decider_of(pack).decide(values)
