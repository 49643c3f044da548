"""From a reading and its finding to an answer: the same facts in words. Nothing is decided here."""

from bot.answers.form import (
    Answer,
    Assumed,
    Citation,
    Condition,
    FollowUp,
    Item,
    Option,
    PolicyVersion,
    ReadBack,
    ReadFact,
    Ticket,
)
from bot.words import say
from intents import FactReading, Reading
from knowledge import Finding, Pack, Verdict
from knowledge import finding as found

ACT = "act"


def compose(pack: Pack, question: str, reading: Reading, finding: Finding, answer_id: str | None = None) -> Answer:
    """The answer to a question, in the language of the reading."""
    language = "ja" if reading.language == "ja" else "en"
    wording = _Wording(pack, language)
    facts = {fact: wording.read_fact(fact, one) for fact, one in reading.facts.items()}
    act = reading.facts.get(ACT)
    return Answer(
        id=answer_id,
        question=question,
        language=language,
        verdict=finding.verdict,
        headline=wording.headline(finding, reading),
        reasons=wording.reasons(finding),
        conditions=tuple(wording.condition(condition) for condition in finding.conditions),
        citations=tuple(wording.citation(clause) for clause in finding.citations),
        assumed=tuple(wording.assumed(assumption) for assumption in finding.assumed),
        follow_up=wording.follow_up(finding.follow_up),
        ticket=Ticket.model_validate(finding.ticket.model_dump()) if finding.ticket else None,
        reading=ReadBack(act=act.value if act else None, facts=facts),
        policy=PolicyVersion(id=pack.policy.id, version=pack.policy.version),
        rules=finding.rules,
        confidence=round(reading.confidence, 3),
    )


class _Wording:
    """The words of one pack in one language."""

    def __init__(self, pack: Pack, language: str) -> None:
        self._pack, self._language = pack, language

    def headline(self, finding: Finding, reading: Reading) -> str:
        verdict = finding.verdict
        if verdict == Verdict.CLARIFY:
            return self._clarify(finding, reading)
        if verdict == Verdict.CONDITIONAL:
            return self._conditional(finding)
        if verdict == Verdict.INFORM:
            return self._inform(finding, reading)
        because = self.reasons(finding)
        return say(self._language, f"headline.{verdict}", because=because[0] if because else "").strip()

    def _clarify(self, finding: Finding, reading: Reading) -> str:
        if not reading.facts or finding.follow_up is None:
            return say(self._language, "headline.clarify_empty")
        return self._pack.facts[finding.follow_up.fact].ask.in_language(self._language)

    def _conditional(self, finding: Finding) -> str:
        if not finding.conditions:
            return say(self._language, "headline.conditional_none")
        if len(finding.conditions) > 1:
            return say(self._language, "headline.conditional_many")
        return say(self._language, "headline.conditional", condition=self._condition_text(finding.conditions[0]))

    def _inform(self, finding: Finding, reading: Reading) -> str:
        topic = reading.facts.get("topic")
        if topic is None or topic.value is None:
            return (*self.reasons(finding), say(self._language, "headline.inform_plain"))[0]
        label = self._pack.facts["topic"].value(topic.value).label.in_language(self._language)
        return say(self._language, "headline.inform", topic=label)

    def reasons(self, finding: Finding) -> tuple[str, ...]:
        """Why, in the words of the rules and exceptions that decided."""
        parts = (self._pack.exceptions.get(part) or self._pack.rules.get(part) for part in finding.rules)
        return tuple(part.because.in_language(self._language) for part in parts if part is not None)

    def _condition_text(self, condition: found.Condition) -> str:
        texts = []
        for fact, value in condition.facts.items():
            about = self._pack.facts[fact]
            stated = about.value(value)
            label = f"{about.label.in_language(self._language)}: {stated.label.in_language(self._language)}"
            texts.append(stated.condition.in_language(self._language) if stated.condition else label)
        return say(self._language, "label.and").join(texts)

    def condition(self, condition: found.Condition) -> Condition:
        return Condition(text=self._condition_text(condition), clauses=condition.clauses)

    def citation(self, clause: str) -> Citation:
        policy = self._pack.policy
        cited = policy.clauses[clause]
        below = (one for one in cited.walk() if one is not cited and one.text)
        items = tuple(Item(clause=one.id, quote=one.text) for one in below)
        return Citation(clause=clause, title=policy.section_of(clause).title, quote=cited.text, items=items)

    def assumed(self, assumption: found.Assumption) -> Assumed:
        fact = self._pack.facts[assumption.fact]
        label, value = (one.in_language(self._language) for one in (fact.label, fact.value(assumption.value).label))
        text = say(self._language, "assumed", fact=label, value=value, clause=assumption.clause)
        short = f"{label}: {value}"
        return Assumed(fact=fact.id, value=assumption.value, clause=assumption.clause, text=text, short=short)

    def follow_up(self, follow_up: found.FollowUp | None) -> FollowUp | None:
        if follow_up is None:
            return None
        fact = self._pack.facts[follow_up.fact]
        options = tuple(
            Option(value=value, label=fact.value(value).label.in_language(self._language))
            for value in follow_up.options
        )
        return FollowUp(fact=fact.id, question=fact.ask.in_language(self._language), options=options)

    def read_fact(self, fact_id: str, one: FactReading) -> ReadFact:
        fact = self._pack.facts[fact_id]
        unsettled = say(self._language, "label.unsettled")
        return ReadFact(
            value=one.value,
            evidence=one.evidence,
            confidence=round(one.confidence, 2),
            label=fact.label.in_language(self._language),
            text=fact.value(one.value).label.in_language(self._language) if one.value else unsettled,
            reader=one.reader,
        )
