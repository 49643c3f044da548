"""Phrases found in a text, all in one pass, however many there are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import ahocorasick

from intents.normalise import Message

GAP = 40
"""Characters that `...` in a phrase may stand for."""

Tag = TypeVar("Tag")


@dataclass(frozen=True, slots=True)
class Found(Generic[Tag]):
    """A phrase found: what it stands for, and where it stands in the normalised text."""

    tag: Tag
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Part(Generic[Tag]):
    """One part of a phrase: its place among the parts, and whether it may end inside a word."""

    phrase: int
    index: int
    open_end: bool


class PhraseBook(Generic[Tag]):
    """Phrases with what they stand for. `...` stands for a few words, `*` at the end for any ending of the word."""

    def __init__(self, phrases: Iterable[tuple[str, Tag]]) -> None:
        """Take phrases in the form that `normalise` gives."""
        self._tags: list[Tag] = []
        self._lengths: list[int] = []
        parts: dict[str, list[_Part[Tag]]] = {}
        for number, (phrase, tag) in enumerate(phrases):
            pieces = [piece.strip() for piece in phrase.split("...")]
            self._tags.append(tag)
            self._lengths.append(len(pieces))
            for index, piece in enumerate(pieces):
                parts.setdefault(piece.rstrip("*"), []).append(_Part(number, index, piece.endswith("*")))
        self._automaton = ahocorasick.Automaton()
        for text, owners in parts.items():
            self._automaton.add_word(text, (len(text), owners))
        if parts:
            self._automaton.make_automaton()

    def find(self, message: Message) -> Iterator[Found[Tag]]:
        """Every phrase of the message, by the place of its last part."""
        if not self._tags:
            return
        text = message.text
        begun: dict[tuple[int, int], tuple[int, int]] = {}
        for last, (length, owners) in self._automaton.iter(text):
            start, end = last + 1 - length, last + 1
            if not _begins_word(text, start):
                continue
            whole = _ends_word(text, end)
            for part in owners:
                if whole or part.open_end:
                    yield from self._advance(part, start, end, begun)

    def _advance(
        self, part: _Part[Tag], start: int, end: int, begun: dict[tuple[int, int], tuple[int, int]]
    ) -> Iterator[Found[Tag]]:
        first = start
        if part.index:
            before = begun.get((part.phrase, part.index - 1))
            if before is None or not 0 <= start - before[1] <= GAP:
                return
            first = before[0]
        if part.index == self._lengths[part.phrase] - 1:
            yield Found(self._tags[part.phrase], first, end)
        else:
            begun[(part.phrase, part.index)] = (first, end)


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _begins_word(text: str, start: int) -> bool:
    return start == 0 or not (_latin(text[start]) and _latin(text[start - 1]))


def _ends_word(text: str, end: int) -> bool:
    return end == len(text) or not (_latin(text[end - 1]) and _latin(text[end]))
