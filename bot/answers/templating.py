"""Jinja2 for answers. Values are filled in as plain text: nothing that a user wrote is a template or Slack markup."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.answers.form import Answer
from bot.kit import escape
from bot.words import say, says
from knowledge import Pack

TEMPLATES = Path(__file__).parent / "templates"
WIDTH = 100


def _escaped(value: Any) -> Any:
    return value if isinstance(value, Markup) else escape(str(value))


def wrap(text: str, indent: int = 0, width: int = WIDTH) -> str:
    """Text broken into lines of at most `width` columns, full-width characters counting two."""
    lines, line, used = [], "", 0
    for piece in _pieces(" ".join(text.split())):
        size = columns(piece)
        if line and used + size > width - indent:
            lines.append(line.rstrip())
            line, used, piece = "", 0, piece.lstrip()  # noqa: PLW2901
            size = columns(piece)
        line, used = line + piece, used + size
    return "\n".join(" " * indent + one for one in [*lines, line.rstrip()])


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pieces(text: str) -> list[str]:
    """Pieces that stay together: a word with the space before it, or one wide character."""
    pieces: list[str] = []
    for char in text:
        if pieces and char != " " and columns(char) == 1 and columns(pieces[-1][-1]) == 1:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


@cache
def _environment(*, for_slack: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - Slack is no HTML; `finalize` escapes what Slack asks to be escaped
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_escaped if for_slack else None,
    )
    environment.filters["wrap"] = wrap
    return environment


def macros(answer: Answer, pack: Pack) -> Any:
    """The Slack macros for one answer; each gives text in Slack's markup."""
    language = answer.language

    def words(key: str, **values: object) -> str:
        return say(language, key, **values)

    template = _environment(for_slack=True).get_template("slack.j2", globals={"t": words})
    return template.make_module({"t": words, "source_line": source(answer, pack), "quoted_in": quoted_in(answer, pack)})


def render(name: str, answer: Answer, **values: object) -> str:
    """A whole template for the terminal."""

    def words(key: str, **inside: object) -> str:
        return say(answer.language, key, **inside)

    return _environment(for_slack=False).get_template(name).render(answer=answer, t=words, **values).rstrip() + "\n"


def quoted_in(answer: Answer, pack: Pack) -> str:
    """A word on the policy's language, where it is another than the answer's; nothing where it is the same."""
    if pack.policy.language == answer.language:
        return ""
    return says(answer.language, f"label.quoted_in.{pack.policy.language}") or ""


def source(answer: Answer, pack: Pack) -> str:
    """The line that names the policy under an answer."""
    policy = pack.policy
    return say(
        answer.language,
        "label.policy",
        company=policy.company,
        title=policy.title,
        date=policy.last_modified.isoformat(),
    )
