"""The modals that people fill in: which fields each has, how they look in Slack, and what comes back."""

from bot.forms.catalog import FORMS, Form
from bot.forms.fields import Choice, Field, Value, Values
from bot.forms.view import missing, modal, read

__all__ = ["FORMS", "Choice", "Field", "Form", "Value", "Values", "missing", "modal", "read"]
