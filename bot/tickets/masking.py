"""Masks personal data in text: e-mail addresses, phone numbers, My Numbers and payment cards become a word in brackets.

Runs on every message, so a cheap look comes before the libraries. Numbers are found in a shadow of the text, of the
same length, in which full-width characters and the many kinds of hyphen are plain.
"""

import re
from collections.abc import Callable, Iterator

from phonenumbers import PhoneNumberMatcher
from stdnum import luhn
from stdnum.jp import in_ as individual_number

Span = tuple[int, int]

_PLAIN = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {ord("\u3000"): " "}
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−ー－ｰ﹣"), "-")
_SHADOW = _PLAIN | _HYPHENS

_WORTH_A_LOOK = re.compile(r"@|\+ ?\d|\d(?:[^\w\n]{0,2}\d){8}")

_EMAIL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9!#$%&'*+=?^_{}~.-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")

_START, _END = r"(?<![A-Za-z0-9+.,-])", r"(?![A-Za-z0-9]|[.,-]\d)"
_CARD = re.compile(_START + r"(?:\d{14,19}|(?:\d{4}([ -])){3}\d{2,7}|\d{4}([ -])\d{6}\2\d{4,5})" + _END)
_CARD_PREFIX = re.compile(r"[3-6]|2[2-7]")
"""Cards begin with these digits (ISO/IEC 7812 issuers); a moment written in digits (20260209...) does not."""

_MY_NUMBER = re.compile(_START + r"(?:\d{12}|\d{4}([ -])\d{4}\1\d{4})" + _END)
_NAMED = re.compile(r"(?:my ?number|マイナンバ-|個人番号)\D{0,12}$", re.IGNORECASE)
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D){2}(?:19|20)\d\d$")
_MOMENT = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d$")

_LIKE_A_PHONE = re.compile(r"(?<![\d-])(?=(?:\d-?){10,11}(?!\d))0\d{1,4}-\d{1,4}-\d{4}(?![\d-])")
"""Written as telephone numbers are in Japan, though perhaps not assigned to anybody."""
_DECIMAL = re.compile(r"\d+\.\d+$")


def masked(text: str) -> str:
    """The text with what looks like personal data masked. Masking it again changes nothing."""
    before = None
    while text != before:
        before = text
        for find, word in _KINDS:
            shadow = text.translate(_SHADOW)
            if not _WORTH_A_LOOK.search(shadow):
                return text
            text = _replaced(text, find(shadow), word)
    return text


def _replaced(text: str, spans: Iterator[Span], word: str) -> str:
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], word]
        at = end
    return "".join(parts) + text[at:]


def _emails(shadow: str) -> Iterator[Span]:
    return (found.span() for found in _EMAIL.finditer(shadow))


def _cards(shadow: str) -> Iterator[Span]:
    for found in _CARD.finditer(shadow):
        digits = re.sub(r"\D", "", found[0])
        if 14 <= len(digits) <= 19 and _CARD_PREFIX.match(digits) and luhn.is_valid(digits):
            yield found.span()


def _my_numbers(shadow: str) -> Iterator[Span]:
    """Twelve digits whose check digit is right, or that the words before them call a My Number."""
    for found in _MY_NUMBER.finditer(shadow):
        named = _NAMED.search(shadow, max(0, found.start() - 30), found.start())
        if named or _is_individual_number(found[0]):
            yield found.span()


def _is_individual_number(number: str) -> bool:
    return individual_number.is_valid(number) and not _YEARS.match(number) and not _MOMENT.match(number)


def _phones(shadow: str) -> Iterator[Span]:
    """Numbers that are valid in Japan, or anywhere if written with a plus sign."""
    for found in PhoneNumberMatcher(shadow, "JP"):
        if not _DECIMAL.match(found.raw_string):
            yield found.start, found.end


def _like_phones(shadow: str) -> Iterator[Span]:
    return (found.span() for found in _LIKE_A_PHONE.finditer(shadow))


_KINDS: tuple[tuple[Callable[[str], Iterator[Span]], str], ...] = (
    (_emails, "[e-mail]"),
    (_cards, "[card]"),
    (_my_numbers, "[My Number]"),
    (_phones, "[phone]"),
    (_like_phones, "[phone]"),
)
