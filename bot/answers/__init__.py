"""From a finding to what people see: the answer's stable form, and how it is laid out."""

from bot.answers.compose import compose
from bot.answers.form import Answer

__all__ = ["Answer", "compose"]
