"""No choice in a form is cut: people read all of what they choose."""

import pytest

from bot.forms import FORMS
from bot.forms.fields import OPTION_LIMIT
from bot.forms.view import label_of
from bot.kit import sentence
from bot.tickets.details import clause_and_label
from knowledge import Pack

LANGUAGES = ("en", "ja")


@pytest.mark.parametrize("language", LANGUAGES)
def test_fixed_choices_are_shown_whole(language: str) -> None:
    choices = [
        label_of(form.id, field.id, language, option)
        for form in FORMS.values()
        for field in form.fields
        for option in field.options
    ]
    assert [label for label in choices if len(label) > OPTION_LIMIT] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_decisions_and_grounds_are_shown_whole(language: str, pack: Pack) -> None:
    for rules in pack.requests.values():
        named = [clause_and_label(ground, language) for ground in rules.grounds_to_name]
        decided = [
            f"{sentence(outcome.label.in_language(language))}: {ground.clause}"
            for outcome in rules.outcomes
            for ground in rules.grounds_of(outcome.id)
        ]
        decided += [clause_and_label(outcome, language) for outcome in rules.outcomes]
        assert [label for label in (*named, *decided) if len(label) > OPTION_LIMIT] == []
