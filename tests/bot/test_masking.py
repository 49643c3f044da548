"""What looks like an e-mail address, a phone number, a My Number or a card is masked; nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.jp import in_ as individual_number

from bot.tickets.masking import masked

HIDDEN = [
    ("Write to taro.yamada@example.co.jp please", "Write to [e-mail] please"),
    ("連絡先はtaro@example.comまで", "連絡先は[e-mail]まで"),
    ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "[e-mail]"),
    ("サーバーtaro+hr@mail.example.com、他", "サーバー[e-mail]、他"),
    ("Send it to a@b.co, c@d.org.", "Send it to [e-mail], [e-mail]."),
    ("call 090-1234-5678 today", "call [phone] today"),
    ("電話は09012345678です", "電話は[phone]です"),
    ("０９０－１２３４－５６７８へ", "[phone]へ"),
    ("080 1234 5678", "[phone]"),
    ("03(3123)4567 or (03) 3123-4567", "[phone] or [phone]"),
    ("090ー1234ー5678、０３−３１２３−４５６７", "[phone]、[phone]"),
    ("フリーダイヤル0120-444-113", "フリーダイヤル[phone]"),
    ("070-0000-0000", "[phone]"),
    ("+81 90 1234 5678 / +44 20 7946 0958 / +1 650-253-0000", "[phone] / [phone] / [phone]"),
    ("2026-02-09 10:00 090-1234-5678", "2026-02-09 10:00 [phone]"),
    ("my number is 6214 9832 0257", "my number is [My Number]"),
    ("マイナンバーは621498320257です", "マイナンバーは[My Number]です"),
    ("６２１４－９８３２－０２５７", "[My Number]"),
    ("個人番号：1234-5678-9012（写し間違いかも）", "個人番号：[My Number]（写し間違いかも）"),
    ("card 4111 1111 1111 1111 exp 12/27", "card [card] exp 12/27"),
    ("カード番号4111111111111111の件", "カード番号[card]の件"),
    ("5555-5555-5555-4444", "[card]"),
    ("3782 822463 10005", "[card]"),
    ("３５３０１１１３３３３０００００", "[card]"),
    ("taro@example.com, 090-1234-5678, 4111111111111111", "[e-mail], [phone], [card]"),
]

UNTOUCHED = [
    "Last modified 2026-02-09, valid to 2027/03/31",
    "2026年2月9日から2026年3月31日まで",
    "01-02-2026 1000",
    "from 2026-02-09 2026-02-10 2026-02-11",
    "20260209 and 202602091000 and 20260209100000",
    "10:00-11:30, 9:00-17:00",
    "FY 2023 2024 2025, 2022 2023 2024 2025",
    "1,450 users in 2025",
    "12,345,678,901,234 yen",
    "￥１，２３４，５６７",
    "売上は123,456,789,012円",
    "0.123456789 and 3.14159265358979",
    "ticket #12, then #1234567890",
    "clause 6(1)(i), 9(1)(viii) and 7(2)",
    "APPI Article 26, Rules 7, 8, 10",
    "<@U0912345678> and U03123456789 in C0901234567",
    "@taro.yamada wrote this in #privacy",
    "〒100-0005 東京都千代田区丸の内1-2-3",
    "192.168.10.20 and 10.0.0.1:8080",
    "about 1000 people, 100 000 000 records",
    "more than 1,000 people (1000人超)",
    "order 4500123456",
    "4111111111111112",
    "621498320258",
    "message 1764090000.123456",
    "me @ home",
    "サーバーー、ーー",
    "",
]


@pytest.mark.parametrize(("text", "expected"), HIDDEN, ids=[text for text, _ in HIDDEN])
def test_personal_data_is_masked(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize("text", UNTOUCHED)
def test_other_numbers_and_words_stay(text: str) -> None:
    assert masked(text) == text


written = st.text(st.sampled_from("0123456789０１２３ -－ー()+@.,/:aあ例x\n"), max_size=60)


@given(st.one_of(st.text(), written))
def test_masking_again_changes_nothing(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@given(st.text(st.characters(exclude_categories=["N"], exclude_characters="@＠")))
def test_text_without_digits_and_addresses_stays(text: str) -> None:
    assert masked(text) == text


@given(st.dates(), st.times(), st.integers(0, 10**9))
def test_dates_times_and_amounts_stay(date: object, time: object, amount: int) -> None:
    text = f"On {date} at {time:%H:%M} we had {amount:,} users; {date:%Y/%m/%d}、{date:%Y年%m月%d日}"
    assert masked(text) == text


@given(st.from_regex(r"[a-z0-9_][a-z0-9._+-]{0,20}@([a-z0-9-]{1,10}\.){1,3}[a-z]{2,5}", fullmatch=True))
def test_every_address_is_masked(address: str) -> None:
    assert masked(f"宛先：{address}、以上") == "宛先：[e-mail]、以上"


def grouped(digits: str, size: int, separator: str) -> str:
    return separator.join(digits[at : at + size] for at in range(0, len(digits), size))


wide = str.maketrans("0123456789-", "０１２３４５６７８９－")


@given(st.from_regex(r"4\d{14}", fullmatch=True), st.sampled_from(["", " ", "-"]), st.booleans())
def test_every_card_is_masked_however_it_is_written(digits: str, separator: str, full_width: bool) -> None:
    plain = digits.translate({ord(char): str(int(char)) for char in digits})
    card = grouped(plain + luhn.calc_check_digit(plain), 4, separator)
    assert masked(f"カード{card.translate(wide) if full_width else card}") == "カード[card]"


@given(st.integers(3 * 10**10, 10**11 - 1), st.sampled_from(["", " ", "-"]), st.booleans())
def test_every_my_number_is_masked_however_it_is_written(digits: int, separator: str, full_width: bool) -> None:
    number = grouped(f"{digits}{individual_number.calc_check_digit(str(digits))}", 4, separator)
    assert masked(f"番号は{number.translate(wide) if full_width else number}です") == "番号は[My Number]です"


@given(st.sampled_from(["090", "080", "070"]), st.integers(10**7, 10**8 - 1), st.sampled_from(["-", "－", "ー", "‐"]))
def test_every_mobile_number_is_masked(prefix: str, rest: int, hyphen: str) -> None:
    number = hyphen.join((prefix, str(rest)[:4], str(rest)[4:]))
    assert masked(f"電話：{number}") == "電話：[phone]"
