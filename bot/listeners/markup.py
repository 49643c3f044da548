"""Slack's markup in what people write, turned back into the words they see.

Slack sends `&`, `<` and `>` as entities and puts mentions, links and dates between angle brackets (Slack's guide
"Formatting text for app surfaces").
"""

import re

_MARKED = re.compile(r"<([@#!][^<>|]*|[a-z]+:[^<>|\s]+)(?:\|([^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def words_of(text: str, bot_user: str | None = None) -> str:
    """The words of a message as its readers see them, without the mention of the desk itself."""

    def shown(marked: re.Match[str]) -> str:
        what, label = marked.group(1), marked.group(2)
        if what == f"@{bot_user}":
            return ""
        if label:
            return label
        return "@" + what[1:] if what[:1] in ("@", "#", "!") else what.removeprefix("mailto:")

    plain = _MARKED.sub(shown, text)
    for entity, character in _ENTITIES:
        plain = plain.replace(entity, character)
    return plain.strip()
