"""The record of provision is offered where consent lets data go to a third party, and nowhere else."""

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot.tickets.clocks import Clocks
from bot.tickets.provision import ProvisionRecord, prefilled, record_wanted
from knowledge import Pack, Verdict, decide, load_pack

RECIPIENTS = (
    "inside",
    "contractor",
    "co_host",
    "licensor",
    "advertiser",
    "authority",
    "group_company",
    "successor",
    "other",
)
THIRD_PARTIES = {"co_host", "licensor", "advertiser", "group_company", "successor", "other"}
SAID: dict[str, tuple[dict[str, str], set[str]]] = {
    "nothing more": ({}, THIRD_PARTIES),
    "consent given": ({"consent": "given"}, THIRD_PARTIES),
    "consent refused": ({"consent": "refused"}, set()),
    "only statistics": ({"statistics": "yes"}, set()),
    "consent and only statistics": ({"statistics": "yes", "consent": "given"}, set()),
    "a law requires it": ({"legal_order": "yes"}, set()),
    "consent, and a law requires it": ({"legal_order": "yes", "consent": "given"}, set()),
    "danger to life": ({"danger": "yes", "consent_hard": "yes"}, set()),
    "danger to life, and consent": ({"danger": "yes", "consent_hard": "yes", "consent": "given"}, set()),
    "public health": ({"public_health": "yes", "consent_hard": "yes"}, set()),
    "a public body's duty": ({"official_duty": "yes", "consent": "refused"}, set()),
    "a supervised contractor": ({"safety_measures": "yes", "supervision": "yes"}, THIRD_PARTIES),
    "a concluded succession": ({"succession": "yes"}, THIRD_PARTIES - {"successor"}),
    "a succession that is not concluded": ({"succession": "no"}, THIRD_PARTIES),
    "a notified joint use": ({"joint_notice": "yes"}, THIRD_PARTIES - {"group_company"}),
    "a joint use without notice": ({"joint_notice": "no"}, THIRD_PARTIES),
    "sensitive data": ({"silent_point": "sensitive"}, set()),
}


@pytest.mark.parametrize("recipient", RECIPIENTS)
@pytest.mark.parametrize("said", SAID)
def test_a_record_is_offered_where_consent_decides(said: str, recipient: str, pack: Pack) -> None:
    more, wanted = SAID[said]
    facts = {"act": "share", "subject": "client", "purpose": "service_provision", "recipient": recipient, **more}
    assert record_wanted(pack, facts, decide(pack, facts)) == (recipient in wanted)


def test_the_table_names_every_recipient(pack: Pack) -> None:
    assert pack.facts["recipient"].value_ids == RECIPIENTS


@pytest.mark.parametrize(("confirmed", "wanted"), [({}, True), ({"advertiser_consent": "yes"}, True)])
def test_cookies_for_an_advertiser_need_the_record_too(confirmed: dict[str, str], wanted: bool, pack: Pack) -> None:
    facts = {"act": "share", "subject": "visitor", "recipient": "advertiser", "data": "cookies", **confirmed}
    assert record_wanted(pack, facts, decide(pack, facts)) == wanted


@pytest.mark.parametrize(
    "facts",
    [
        {"act": "use", "subject": "client", "purpose": "marketing", "consent": "given"},
        {"act": "share", "subject": "client", "consent": "given"},
        {"act": "share", "subject": "client", "recipient": None, "consent": "given"},
        {"act": "disclosure", "subject": "client"},
        {"act": "incident"},
    ],
)
def test_nothing_given_to_a_third_party_needs_no_record(facts: dict[str, str | None], pack: Pack) -> None:
    assert not record_wanted(pack, facts, decide(pack, facts))


def test_a_pack_that_says_nothing_of_records_wants_none() -> None:
    pack = load_pack(Path(__file__).parents[1] / "packs" / "nordlicht")
    facts = {"act": "transmit", "person": "driver", "receiver": "anyone", "consent": "given"}
    finding = decide(pack, facts)
    assert finding.verdict == Verdict.ALLOWED
    assert not record_wanted(pack, facts, finding)
    assert prefilled(pack, facts, "en") == {}


@pytest.mark.parametrize(
    ("facts", "language", "expected"),
    [
        (
            {"act": "share", "subject": "applicant", "recipient": "co_host", "consent": "given"},
            "en",
            {
                "giver": "ATRUSTIA LLC.",
                "recipient": "a company that co-hosts an event",
                "persons": "job applicants",
                "basis": "Consent for the co-host (6(4))",
            },
        ),
        (
            {"act": "share", "subject": "visitor", "recipient": "advertiser", "data": "cookies"},
            "ja",
            {
                "giver": "ATRUSTIA LLC.",
                "recipient": "広告事業者",
                "persons": "サイト訪問者",
                "items": "クッキー等の個人関連情報",
                "basis": "提供先による同意の取得 (6(6))",
            },
        ),
        (
            {"act": "share", "subject": None, "recipient": "other"},
            "en",
            {
                "giver": "ATRUSTIA LLC.",
                "recipient": "another outside party, or the public",
                "basis": "Prior consent (6(1)(i))",
            },
        ),
    ],
)
def test_the_record_is_filled_in_from_the_facts(
    facts: dict[str, str | None], language: str, expected: dict[str, str], pack: Pack
) -> None:
    assert prefilled(pack, facts, language) == expected


TEXTS = {
    "giver": "ATRUSTIA LLC.",
    "recipient": "Eventhaus KK",
    "persons": "the 40 guests of the list of 3 November",
    "items": "name, company",
    "basis": "Consent for the co-host (6(4))",
    "consent": "ticked on the entry form",
}


@pytest.mark.parametrize(
    ("form", "keep_until"),
    [("contract", date(2027, 11, 10)), ("batch", date(2029, 11, 10)), ("single", date(2029, 11, 16))],
)
def test_a_record_knows_how_long_it_is_kept(form: Any, keep_until: date) -> None:
    clocks = Clocks(ZoneInfo("Asia/Tokyo"))
    record = ProvisionRecord.made(clocks, date(2026, 11, 16), form, date(2026, 11, 10), **TEXTS)
    assert record.keep_until == keep_until
    assert ProvisionRecord.model_validate_json(record.model_dump_json()) == record


@pytest.mark.parametrize("missing", TEXTS)
def test_a_record_without_one_of_its_parts_is_none(missing: str) -> None:
    clocks = Clocks(ZoneInfo("Asia/Tokyo"))
    with pytest.raises(ValidationError, match=missing):
        ProvisionRecord.made(clocks, date(2026, 11, 16), "single", date(2026, 11, 10), **{**TEXTS, missing: " "})


def test_a_faulty_record_does_not_show_whom_it_names() -> None:
    clocks = Clocks(ZoneInfo("Asia/Tokyo"))
    texts = {**TEXTS, "persons": "Taro Yamada " * 500}
    with pytest.raises(ValidationError) as error:
        ProvisionRecord.made(clocks, date(2026, 11, 16), "single", date(2026, 11, 10), **texts)
    assert "Yamada" not in str(error.value)
