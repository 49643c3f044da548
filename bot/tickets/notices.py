"""Drafts of the notice by which an individual learns what was decided on a request, for the manager to edit."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.kit import shortened
from knowledge import Pack

TEMPLATES = Path(__file__).parent / "templates"
LIMIT = 2900
"""Characters: a draft goes into a modal's input, which takes 3,000 (Slack's reference, plain-text input element)."""
QUOTE_LIMIT = 800


def draft(pack: Pack, kind: str, language: str, outcome: str, ground_id: str | None, explanation: str) -> str:
    """The notice as plain text in "en" or "ja": what was asked, the decision, its ground, the fee, whom to contact.

    The ground is given in the policy's own words. An explanation that is too long is cut. Raises KeyError where the
    pack has no rules for that kind of request, ValueError where its policy lets nobody decide so on that ground.
    """
    if not pack.requests[kind].may_decide(outcome, ground_id):
        raise ValueError(f"a {kind} cannot be decided '{outcome}' on the ground '{ground_id}'")
    explanation = explanation.strip()
    text = _rendered(pack, kind, language, outcome, ground_id, explanation)
    too_long = len(text) - LIMIT
    if too_long > 0 and explanation:
        cut = shortened(explanation, max(len(explanation) - too_long, 1))
        text = _rendered(pack, kind, language, outcome, ground_id, cut)
    return shortened(text, LIMIT)


def _rendered(pack: Pack, kind: str, language: str, outcome: str, ground_id: str | None, explanation: str) -> str:
    rules, policy = pack.requests[kind], pack.policy
    ground = rules.ground(ground_id) if ground_id else None
    template = _environment().get_template(f"notice.{'ja' if language == 'ja' else 'en'}.j2")
    return template.render(
        company=policy.company,
        title=policy.title,
        contact=policy.contact,
        kind=kind,
        rules=rules,
        outcome=rules.outcome(outcome),
        ground=ground,
        ground_found=ground_id in rules.may_name,
        quote=shortened(policy.clauses[ground.clause].text, QUOTE_LIMIT) if ground else "",
        explanation=explanation,
        fee=rules.fee if rules.has_fee(outcome) else None,
    ).strip()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - plain text; whoever posts it to Slack escapes it
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["upper_first"] = lambda text: text[:1].upper() + text[1:]
    return environment
