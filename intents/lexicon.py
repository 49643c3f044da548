"""The lexicon of a pack: for each value of each fact the phrases that say it, kept as data that anyone can extend."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from intents.normalise import normalise
from intents.phrases import PhraseBook
from knowledge import Pack, PackError
from knowledge.strict_yaml import Document, Place

FOLDER = "lexicon"
HINTS, CLAIMS = "hints", "claims"
SIGNS = Path(__file__).parent / "data" / "signs.yaml"


@dataclass(frozen=True)
class Entry:
    """What a phrase stands for: a value of a fact. A hint states nothing; it lets a learned reading stand."""

    fact: str
    value: str
    hint: bool = False


@dataclass(frozen=True)
class Lexicon:
    """Phrases of facts (by pack) and phrases of signs (for every pack).

    `claims` are the facts that somebody else may claim falsely for the people concerned.
    """

    facts: tuple[tuple[str, Entry], ...]
    signs: tuple[tuple[str, str], ...]
    claims: frozenset[str] = frozenset()

    @cached_property
    def fact_book(self) -> PhraseBook[Entry]:
        """The phrases of facts, ready to be found."""
        return PhraseBook(self.facts)

    @cached_property
    def sign_book(self) -> PhraseBook[str]:
        """The phrases of signs, ready to be found."""
        return PhraseBook(self.signs)

    @cached_property
    def words(self) -> frozenset[str]:
        """The single words of six letters and more that a misspelt word may be meant for."""
        return frozenset(
            word
            for phrase, entry in self.facts
            if not entry.hint
            for word in [phrase.rstrip("*")]
            if len(word) >= 6 and word.isascii() and word.isalpha()
        )


def load_lexicon(pack: Pack) -> Lexicon:
    """The lexicon in the folder `lexicon` of a pack; empty where there is none. Raises PackError for a fault."""
    entries: dict[tuple[str, Entry], None] = {}
    claims: set[str] = set()
    for path in sorted((pack.path / FOLDER).glob("*.yaml")):
        document = Document(path)
        content = dict(_mapping(document, document.data, ()))
        claims.update(_claims(pack, document, content.pop(CLAIMS, [])))
        entries.update(_entries(pack, document, content.pop(HINTS, {}), (HINTS,)))
        entries.update(_entries(pack, document, content, ()))
    return Lexicon(tuple(entries), _signs(), frozenset(claims))


def _entries(pack: Pack, document: Document, content: object, place: Place) -> dict[tuple[str, Entry], None]:
    """Phrases with what they stand for, each once, in the order of the file."""
    found: dict[tuple[str, Entry], None] = {}
    for fact, values in _mapping(document, content, place).items():
        for value, groups in _mapping(document, values, (*place, fact)).items():
            _known(pack, document, (*place, fact, value))
            for phrase in _phrases(document, groups, (*place, fact, value)):
                found[(phrase, Entry(fact, value, hint=place == (HINTS,)))] = None
    return found


def _claims(pack: Pack, document: Document, facts: object) -> list[str]:
    if not isinstance(facts, list) or not set(facts) <= set(pack.facts):
        hint = f"facts are: {', '.join(pack.facts)}"
        raise PackError("'claims' is a list of facts", document.path, document.line((CLAIMS,)), hint)
    return facts


def _signs() -> tuple[tuple[str, str], ...]:
    document = Document(SIGNS)
    return tuple(
        (phrase, sign)
        for sign, groups in _mapping(document, document.data, ()).items()
        for phrase in _phrases(document, groups, (sign,))
    )


def _known(pack: Pack, document: Document, place: Place) -> None:
    fact, value = str(place[-2]), str(place[-1])
    if fact not in pack.facts:
        hint = f"facts are: {', '.join(pack.facts)}"
        raise PackError(f"there is no fact '{fact}'", document.path, document.line(place[:-1]), hint)
    if value not in pack.facts[fact].value_ids:
        hint = f"its values are: {', '.join(pack.facts[fact].value_ids)}"
        raise PackError(f"the fact '{fact}' has no value '{value}'", document.path, document.line(place), hint)


def _mapping(document: Document, data: object, place: Place) -> dict[str, object]:
    if not isinstance(data, dict):
        raise PackError("names with lists of phrases are expected here", document.path, document.line(place))
    return data


def _phrases(document: Document, groups: object, place: Place) -> list[str]:
    if not isinstance(groups, list) or not all(isinstance(group, list) for group in groups):
        hint = "write '- [first phrase, second phrase]'"
        raise PackError("lists of phrases are expected here", document.path, document.line(place), hint)
    found: list[str] = []
    for number, group in enumerate(groups):
        for phrase in group:
            if not isinstance(phrase, str) or not phrase.strip(" *."):
                line = document.line((*place, number))
                raise PackError("a phrase is empty or no text", document.path, line, "remove it or quote it")
            found.append(_comparable(phrase))
    return found


def _comparable(phrase: str) -> str:
    star = phrase.rstrip().endswith("*")
    parts = [normalise(part.replace("*", " ")).text.strip() for part in phrase.split("...")]
    return " ... ".join(parts) + ("*" if star else "")
