"""Fusion: of all that the readers hand over, the set of facts that fits together best.

Readings are tried together, not fact by fact, because they bear on each other: what is learned of the verdict and the
clauses that such questions get speaks for a set of facts or against it. The rules decide what verdict a set has.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from intents.confidence import FURTHEST, Confidence, Signs
from intents.cues import Cues, sure_values
from intents.learned import BY_LETTERS, BY_MEANING, FLOOR, ROOT, LearnedReader, Scores
from intents.questions import CLAUSE, OFF_TOPIC, UNCLEAR, UNMENTIONED, UNSETTLED, VERDICT
from knowledge import FOR_A_PERSON, Pack, Verdict, decide

NO_CLAUSES: tuple[str, ...] = ()
BEAM = 40
SURE_ENOUGH_FOR_YES = 0.8
"""Below this confidence a yes is not said: of the kept questions, every third such yes between 0.7 and 0.8 is wrong."""
VALUES_TRIED = 3
WORTH_TRYING = -3.5
"""How far below the best value of a fact another is still tried, in log probability."""
CUE_BONUS = 3.5
WHERE_STATED = 0.35
"""How much of that weight remains where the words state a value of a yes themselves."""
STATED_BONUS = 4.0
LEAST_FOR_WORDS = -3.0
HINT_ONLY = -1.0
"""What a learned value of a yes costs where words only hint at it."""
OFF_TOPIC_SIGN, PERSONAL_SIGN, NO_PEOPLE_SIGN = 1.0, 1.0, 20.0
VERDICT_WEIGHT, CLAUSE_WEIGHT = 4.0, 1.0
ORDERED = 6.0
"""How much better a yes must fit where the message gives orders to the desk."""
SURE_ENOUGH_WHERE_PLAIN = 0.3
"""The same where words state what somebody could claim falsely, and no word of the message doubts it."""
DOUBTS = frozenset({"hearsay", "for_something_else", "partial"})
MORE_DOUBTS = frozenset({"uncertain", "negation_before", "negation_after", "denial", "orders_to_the_desk"})
CAUTION = {"allowed": 1.0, "out_of_scope": 2.0}
"""How much better a reading must fit whose mistake would do harm: a wrong yes, a request that is not heard."""


LIKELY_INCIDENT = log(0.2)
"""From here on a message is taken for an incident: of five such one is, and to miss it does the most harm."""


@dataclass(frozen=True)
class Hypothesis:
    """A set of facts (None: raised and unsettled), how well it fits, and the verdict that the rules give it."""

    facts: Mapping[str, str | None]
    fit: float
    topical: bool = True
    verdict: str = ""


class Fusion:
    """Chooses the facts of a message, by cues alone or with what was learned."""

    def __init__(
        self, pack: Pack, learned: LearnedReader | None, claims: Collection[str], confidence: Confidence
    ) -> None:
        """Take the pack that decides, the learned reader if the pack was trained, and facts that others may claim.

        `confidence`: how sure a reading is by its signs.
        """
        self._pack, self._confidence = pack, confidence
        self._heads = learned.heads if learned else {}
        self._sure = sure_values(pack)
        self._stated_by_words = {fact for fact, _ in self._sure}
        self._claims = claims
        self._order = [fact for fact in pack.facts if fact != ROOT]

    def choose(self, cues: Cues, scores: Scores) -> Sequence[Hypothesis]:
        """The hypotheses, the best first."""
        every = [done for begun in self._roots(cues, scores) for done in self._complete(begun, cues, scores)]
        stated = any((cue.fact, cue.value) in self._sure and not cue.hint for cue in cues.facts)
        ordered = ORDERED if "orders_to_the_desk" in cues.signs else 0.0
        judged = [self._judged(one, scores, WHERE_STATED if stated else 1.0, ordered) for one in every]
        return _heeding_incidents(sorted(judged, key=lambda one: -one.fit), scores)

    def signs(self, hypotheses: Sequence[Hypothesis], scores: Scores) -> Signs:
        """What tells how surely the verdict of the best hypothesis is meant."""
        best = hypotheses[0]
        other = max((one.fit for one in hypotheses if one.verdict != best.verdict), default=best.fit - FURTHEST)
        alone = (max(scores.get(head, {}).get(best.verdict, FLOOR), FLOOR) for head in (BY_LETTERS, BY_MEANING))
        return Signs(min(best.fit - other, FURTHEST), *alone)

    def confidence(self, hypotheses: Sequence[Hypothesis], scores: Scores) -> float:
        """How likely it is that the verdict of the best hypothesis is right."""
        return self._confidence.of(self.signs(hypotheses, scores))

    def least_confidence(self, best: Hypothesis, cues: Cues) -> float:
        """How sure a yes must be: less where words state the consent that it rests on, and none doubts it."""
        doubted = cues.signs & DOUBTS or cues.signs & MORE_DOUBTS
        stated = [cue for fact in self._claims for cue in cues.of(fact) if (fact, cue.value) in self._sure]
        plain = any(best.facts.get(cue.fact) == cue.value for cue in stated) and not doubted
        return SURE_ENOUGH_WHERE_PLAIN if plain else SURE_ENOUGH_FOR_YES

    def without_doubt(
        self, hypotheses: Sequence[Hypothesis], confidence: float, least: float = SURE_ENOUGH_FOR_YES
    ) -> Hypothesis:
        """The best hypothesis; where it is a yes that is not sure enough, only what it shares with its best rival.

        What they differ in is left open, so that the rules ask for it, or say on which condition, and nobody guesses.
        A rival that a person would have to see stands: an incident that is taken for a plain use does the most harm.
        """
        best = hypotheses[0]
        rival = next((one for one in hypotheses if one.verdict != best.verdict), None)
        if best.verdict != Verdict.ALLOWED or rival is None or confidence >= least:
            return best
        if rival.verdict in FOR_A_PERSON:
            return rival
        shared = {fact: value for fact, value in best.facts.items() if rival.facts.get(fact, UNMENTIONED) == value}
        raised = {fact: None for fact in best.facts.keys() & self._stated_by_words if ROOT in shared}
        return Hypothesis({**raised, **shared}, best.fit)

    def _roots(self, cues: Cues, scores: Scores) -> Iterator[Hypothesis]:
        for label, fit in self._candidates(ROOT, cues, scores):
            if label == OFF_TOPIC:
                yield Hypothesis({}, fit, topical=False)
            elif label in (UNCLEAR, UNMENTIONED):
                yield Hypothesis({}, fit)
            else:
                yield Hypothesis({ROOT: label}, fit)

    def _complete(self, begun: Hypothesis, cues: Cues, scores: Scores) -> list[Hypothesis]:
        beam = [begun]
        if ROOT not in begun.facts:
            return beam
        for fact in self._order:
            head = self._heads.get(fact)
            if head is None and not cues.of(fact):
                continue
            wider: list[Hypothesis] = []
            for one in beam:
                if head is not None and not head.relevant(one.facts) and not self._stated(fact, cues):
                    wider.append(one)
                    continue
                relevant = head is not None and head.relevant(one.facts)
                for label, fit in self._candidates(fact, cues, scores if relevant else {}):
                    value = None if label == UNSETTLED else label
                    facts = one.facts if label == UNMENTIONED else {**one.facts, fact: value}
                    wider.append(Hypothesis(facts, one.fit + fit))
            beam = sorted(wider, key=lambda one: -one.fit)[:BEAM]
        return beam

    def _stated(self, fact: str, cues: Cues) -> bool:
        """Whether the words state a value of this fact that no reader may supply without words."""
        return any((fact, cue.value) in self._sure for cue in cues.of(fact))

    def _candidates(self, fact: str, cues: Cues, scores: Scores) -> list[tuple[str, float]]:
        """The values of a fact worth trying, with their fit."""
        said: dict[str, float] = {}
        for cue in cues.of(fact):
            label = UNSETTLED if cue.value is None else cue.value
            said[label] = max(said.get(label, 0.0), cue.confidence)
        if len(said) > 1 and fact in self._stated_by_words and any((fact, label) in self._sure for label in said):
            said = {UNSETTLED: max(said.values())}  # some agreed and some did not, or nobody knows
        learned = dict(scores.get(fact, {}))
        if not learned:
            nothing = {UNCLEAR: 0.0, OFF_TOPIC: -0.5} if fact == ROOT else {UNMENTIONED: 0.0}
            learned = {**nothing, **dict.fromkeys(said, -0.5)}
        if fact == ROOT:
            learned[OFF_TOPIC] += _far_from_people(cues)
        contradicted = any((fact, label) not in self._sure for label in said)
        doubted = contradicted or (fact in self._claims and bool(cues.signs & DOUBTS))
        for label in list(learned):
            if (fact, label) in self._sure and label not in said:
                if cues.hinted(fact, label) and not doubted:
                    learned[label] += HINT_ONLY
                else:
                    del learned[label]
        if fact in self._stated_by_words and contradicted:
            learned.pop(UNMENTIONED, None)
        for label, confidence in said.items():
            bonus = STATED_BONUS if (fact, label) in self._sure else CUE_BONUS
            learned[label] = max(learned.get(label, FLOOR), LEAST_FOR_WORDS) + bonus * confidence
        best = max(learned.values())
        ranked = sorted(learned.items(), key=lambda item: -item[1])
        return [(label, fit) for label, fit in ranked if fit >= best + WORTH_TRYING][: VALUES_TRIED + len(said)]

    def _judged(self, one: Hypothesis, scores: Scores, weight: float, ordered: float) -> Hypothesis:
        """With what was learned of the verdict and the first clause that such a question gets, so much weighed."""
        if not one.topical:
            verdict, clauses = Verdict.OUT_OF_SCOPE.value, NO_CLAUSES
        else:
            finding = decide(self._pack, one.facts)
            verdict, clauses = finding.verdict.value, finding.citations
        if VERDICT not in scores:
            return Hypothesis(one.facts, one.fit, one.topical, verdict)
        learned = scores[CLAUSE]
        cited = max((learned.get(clause, FLOOR) for clause in clauses), default=learned[UNMENTIONED])
        learnt = VERDICT_WEIGHT * scores[VERDICT].get(verdict, FLOOR) + CLAUSE_WEIGHT * cited
        caution = CAUTION.get(verdict, 0.0) + (ordered if verdict == Verdict.ALLOWED else 0.0)
        fit = one.fit - caution + weight * learnt
        return Hypothesis(one.facts, fit, one.topical, verdict)


def _heeding_incidents(hypotheses: Sequence[Hypothesis], scores: Scores) -> Sequence[Hypothesis]:
    """The same, an incident first where one is likely enough and nobody would otherwise see the message."""
    likely = scores.get(VERDICT, {}).get(Verdict.INCIDENT, FLOOR) >= LIKELY_INCIDENT
    if not likely or hypotheses[0].verdict in FOR_A_PERSON:
        return hypotheses
    return sorted(hypotheses, key=lambda one: one.verdict != Verdict.INCIDENT)


def _far_from_people(cues: Cues) -> float:
    """How much the signs speak for a message that has nothing to do with personal information, or against it."""
    if "no_people" in cues.signs:
        return NO_PEOPLE_SIGN
    if "personal" in cues.signs:
        return -PERSONAL_SIGN
    return OFF_TOPIC_SIGN if "off_topic" in cues.signs and not cues.of("subject") else 0.0
