"""Faults in a lexicon that loading cannot see: phrases that contradict each other, or that no message can hold."""

from collections import defaultdict
from collections.abc import Iterator

from intents.lexicon import Entry, Lexicon
from intents.normalise import normalise
from intents.phrases import PhraseBook
from knowledge.properties import Proof


def lexicon_proofs(lexicon: Lexicon) -> list[Proof]:
    """Each property of a lexicon, with the number of phrases looked at and the first fault."""
    return [_agree(lexicon), _can_match(lexicon)]


def _agree(lexicon: Lexicon) -> Proof:
    """No phrase stands for two values of one fact, of which one would always win by the order of the file."""
    meant: dict[tuple[str, str, bool], set[str]] = defaultdict(set)
    for phrase, entry in lexicon.facts:
        meant[(phrase, entry.fact, entry.hint)].add(entry.value)
    torn = [(phrase, fact, sorted(values)) for (phrase, fact, _), values in meant.items() if len(values) > 1]
    fault = f"'{torn[0][0]}' stands for {' and for '.join(torn[0][2])} of {torn[0][1]}: keep one" if torn else ""
    return Proof("no phrase of the lexicon contradicts another", len(meant), fault)


def _can_match(lexicon: Lexicon) -> Proof:
    """Every phrase is found in a message that is nothing but the phrase."""
    missed = list(_never_found(lexicon))
    fault = f"'{missed[0][0]}' for {missed[0][1].fact} = {missed[0][1].value}: write it as people do" if missed else ""
    return Proof("every phrase of the lexicon can match", len(lexicon.facts), fault)


def _never_found(lexicon: Lexicon) -> Iterator[tuple[str, Entry]]:
    book: PhraseBook[int] = PhraseBook((phrase, number) for number, (phrase, _) in enumerate(lexicon.facts))
    for number, (phrase, entry) in enumerate(lexicon.facts):
        message = normalise(phrase.replace("...", "some").replace("*", ""))
        if number not in {found.tag for found in book.find(message)}:
            yield phrase, entry
