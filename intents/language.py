"""Which of the two languages a message is in."""

import re

_JAPANESE = re.compile(r"[぀-ヿ㐀-䶿一-鿿ｦ-ﾟ]")
_LETTER = re.compile(r"[^\W\d_]")


def language_of(text: str, fallback: str = "en") -> str:
    """Give "ja" where at least a sixth of the letters are Japanese, else "en"; `fallback` for text without letters.

    A sixth, because Japanese messages carry English names and product words, and English ones rarely any Japanese.
    """
    letters = len(_LETTER.findall(text))
    if not letters:
        return fallback
    return "ja" if len(_JAPANESE.findall(text)) * 6 >= letters else "en"
