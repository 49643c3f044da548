"""A message made comparable: one form of each character, Slack's markup taken out, every character traced back."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

LONGEST = 40_000
"""Characters of the longest message that Slack takes. A longer text is not read at all: half of one could mislead."""

_MARKUP = re.compile(r"<(?:[@#!][^<>|]*)(?:\|[^<>]*)?>|<(?:mailto:|tel:|https?://)[^<>|]*(?:\|([^<>]*))?>|```|[`*_~]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_SENTENCE_END = re.compile(r"[.!?;:\n。！？；]+(?=\s|$|[^\x00-\x7f])|\n")


@dataclass(frozen=True)
class Message:
    """A message as the readers see it: lower case, half-width Latin, full-width kana, single spaces.

    `origin[i]` is the place in `original` of character i of `text`.
    """

    original: str
    text: str
    origin: tuple[int, ...]

    def words(self, start: int, end: int) -> str:
        """The message's own words between two places of `text`."""
        if start >= end:
            return ""
        return self.original[self.origin[start] : self.origin[end - 1] + 1]

    @cached_property
    def sentence_ends(self) -> tuple[int, ...]:
        """Where sentences end, in order; the last is the end of the text."""
        return (*(match.end() for match in _SENTENCE_END.finditer(self.text)), len(self.text))

    def sentence(self, place: int) -> tuple[int, int]:
        """Start and end of the sentence around a place."""
        start = 0
        for end in self.sentence_ends:
            if place < end:
                return start, end
            start = end
        return start, len(self.text)


def normalise(original: str) -> Message:
    """The message in its comparable form. Takes any text; characters that print nothing are dropped."""
    text: list[str] = []
    origin: list[int] = []
    for place, char in _without_markup(original[:LONGEST]):
        for one in unicodedata.normalize("NFKC", char).translate(_QUOTES).lower():
            kind = unicodedata.category(one)
            if one != "\n" and (kind[0] in "ZC" or one.isspace()):
                one = " "  # noqa: PLW2901
            if one == " " and (kind in ("Cf", "Mn") or not text or text[-1] in " \n"):
                continue
            text.append(one)
            origin.append(place)
    joined = "".join(text)
    return Message(original, joined.rstrip(), tuple(origin[: len(joined.rstrip())]))


def _without_markup(original: str) -> list[tuple[int, str]]:
    kept: list[tuple[int, str]] = []
    done = 0
    for match in _MARKUP.finditer(original):
        kept.extend(enumerate(original[done : match.start()], done))
        if match.group(1):
            kept.extend(enumerate(match.group(1), match.start(1)))
        elif match.group(0) not in ("```", "`", "*", "_", "~"):
            kept.append((match.start(), " "))
        done = match.end()
    kept.extend(enumerate(original[done:], done))
    return kept
