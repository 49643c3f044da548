"""Misspelt words put right, where a word of the lexicon is near enough."""

import re
from collections.abc import Collection
from functools import lru_cache

from rapidfuzz import fuzz, process

from intents.normalise import Message

SHORTEST = 7
NEAR_ENOUGH = 88.0
"""How alike two words must be, of 100. "applicnats" is 90 like "applicants"; "contest" is 86 like "consent"."""
_WORD = re.compile(rf"[a-z]{{{SHORTEST},}}")


class Speller:
    """Knows the words that the lexicon knows."""

    def __init__(self, words: Collection[str]) -> None:
        """Take the words of the lexicon."""
        self._words = sorted(words)
        self._known = frozenset(words)
        self._nearest = lru_cache(maxsize=10_000)(self._nearest_anew)

    def corrected(self, message: Message) -> tuple[Message, list[tuple[int, int]]]:
        """The message with misspelt words put right, and where those now stand."""
        text: list[str] = []
        origin: list[int] = []
        changed: list[tuple[int, int]] = []
        done = 0
        for match in _WORD.finditer(message.text):
            right = self._nearest(match.group())
            if right is None:
                continue
            text.append(message.text[done : match.start()])
            origin.extend(message.origin[done : match.start()])
            first, last = message.origin[match.start()], message.origin[match.end() - 1]
            changed.append((len(origin), len(origin) + len(right)))
            text.append(right)
            origin.extend([first + round((last - first) * i / (len(right) - 1)) for i in range(len(right))])
            done = match.end()
        if not changed:
            return message, []
        text.append(message.text[done:])
        origin.extend(message.origin[done:])
        return Message(message.original, "".join(text), tuple(origin)), changed

    def _nearest_anew(self, word: str) -> str | None:
        if word in self._known or not self._words:
            return None
        found = process.extractOne(word, self._words, scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
        if found is None or found[0].rstrip("s") == word.rstrip("s") or word.startswith(found[0]):
            return None
        return str(found[0])
