"""The record of provision to a third party (APPI Articles 29 and 30): where it is offered, and what it holds."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.tickets.clocks import Clocks, RecordForm
from knowledge import Finding, Pack, Values, Verdict
from knowledge.facts import Test
from knowledge.finding import Condition
from knowledge.rules import Exemption

Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3000)]


class ProvisionRecord(BaseModel):
    """One record, as the giver keeps it (Enforcement Rules 19 and 20).

    `persons` names those whom the data is about, or says how they can be told; `items` the data given; `basis` the
    ground and `consent` how it was given. `provided_on` is the day of the last provision. Raises ValidationError where
    a text is missing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    giver: Written
    recipient: Written
    persons: Written
    items: Written
    basis: Written
    consent: Written
    provided_on: date
    form: RecordForm
    made_on: date
    keep_until: date

    @classmethod
    def made(cls, clocks: Clocks, made_on: date, form: RecordForm, provided_on: date, **texts: str) -> Self:
        """A record with the last day on which it must be kept. `texts` are its text fields."""
        keep_until = clocks.keep_record_until(form, made_on if form == "single" else provided_on)
        return cls.model_validate(
            {**texts, "form": form, "provided_on": provided_on, "made_on": made_on, "keep_until": keep_until}
        )


def record_wanted(pack: Pack, facts: Values, finding: Finding) -> bool:
    """Whether the answer rests on consent to giving data to a third party, so that the law asks for a record.

    That is where it is allowed by consent and by nothing else, or where consent alone is one of its conditions. Which
    facts and exceptions these are is the pack's to say; a pack that says nothing wants no record.
    """
    rules = pack.provision
    if rules is None or not _holds(pack, rules.when, facts):
        return False
    if finding.verdict == Verdict.ALLOWED:
        met = [part for part in finding.rules if part in pack.exceptions]
        return bool(met) and all(exception in rules.consent for exception in met)
    return any(
        _is_enough(exception, condition)
        for exception in _consents(pack, finding.rules)
        for condition in finding.conditions
    )


def prefilled(pack: Pack, facts: Values, language: str) -> dict[str, str]:
    """What the facts say of the record's text fields: `giver`, and those of `recipient`, `persons`, `items`, `basis`.

    A field of which nobody said anything is left out.
    """
    if pack.provision is None:
        return {}
    filled = {"giver": pack.policy.company}
    for field, fact_id in pack.provision.fields.items():
        value = facts.get(fact_id)
        if value is not None:
            filled[field] = pack.facts[fact_id].value(value).label.in_language(language)
    applying = [rule.id for rule in pack.rules.values() if any(_holds(pack, test, facts) for test in rule.tests)]
    for exception in _consents(pack, applying)[:1]:
        filled["basis"] = f"{exception.title.in_language(language)} ({exception.clause})"
    return filled


def _consents(pack: Pack, rules: tuple[str, ...] | list[str]) -> list[Exemption]:
    """The exceptions to these rules that rest on consent."""
    wanted = pack.provision.consent if pack.provision else ()
    exceptions = (exception for rule in rules if rule in pack.rules for exception in pack.rules[rule].exceptions)
    return [exception for exception in exceptions if exception.id in wanted]


def _holds(pack: Pack, test: Test, facts: Values) -> bool:
    """Whether a test holds for what is stated, and for what is assumed where nothing is."""
    return all(facts.get(fact, pack.facts[fact].assume) in values for fact, values in test.items())


def _is_enough(exception: Exemption, condition: Condition) -> bool:
    """Whether a condition asks for nothing beside the exception."""
    return all(value in exception.when.get(fact, ()) for fact, value in condition.facts.items())
