"""The desk's own sentences, from the wording files."""

from functools import cache
from pathlib import Path

import yaml

WORDING = Path(__file__).parent / "wording"


@cache
def _wording(language: str) -> dict[str, object]:
    content = yaml.safe_load((WORDING / f"{language}.yaml").read_text(encoding="utf-8"))
    return dict(content)


def says(language: str, key: str) -> str | None:
    """The sentence `key` as it stands in the wording file, or None where the file has no such sentence."""
    found: object = _wording("ja" if language == "ja" else "en")
    for part in key.split("."):
        if not isinstance(found, dict) or part not in found:
            return None
        found = found[part]
    return found if isinstance(found, str) else None


def say(language: str, key: str, **values: object) -> str:
    """The sentence `key` ("headline.allowed") in "en" or "ja", with its {names} filled in as plain text.

    Raises KeyError for a sentence that the wording file lacks.
    """
    found = says(language, key)
    if found is None:
        raise KeyError(key)
    return found.format(**values) if values else found
