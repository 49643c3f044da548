"""The desk's own sentences, from the wording files."""

from functools import cache
from pathlib import Path

import yaml

WORDING = Path(__file__).parent / "wording"


@cache
def _wording(language: str) -> dict[str, object]:
    content = yaml.safe_load((WORDING / f"{language}.yaml").read_text(encoding="utf-8"))
    return dict(content)


def say(language: str, key: str, **values: object) -> str:
    """The sentence `key` ("headline.allowed") in "en" or "ja", with its {names} filled in as plain text.

    Raises KeyError for a sentence that the wording file lacks.
    """
    found: object = _wording("ja" if language == "ja" else "en")
    for part in key.split("."):
        if not isinstance(found, dict):
            raise KeyError(key)
        found = found[part]
    return str(found).format(**values) if values else str(found)
