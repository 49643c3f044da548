"""Due dates: by the day in Japan, each kind counted as its law or the company's choice says."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tickets.business_days import is_business_day
from bot.tickets.clock_data import CLOCKS, load_clocks
from bot.tickets.clocks import Clocks, IncidentClock
from knowledge import PackError

TOKYO = ZoneInfo("Asia/Tokyo")
CLOCK = Clocks(TOKYO)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def local(moment: datetime) -> str:
    return moment.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")


def due(kind: str, opened: str, clocks: Clocks = CLOCK) -> str:
    return local(clocks.due(kind, at(opened)))


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("2026-11-16 09:00", "2026-11-19 23:59"),  # a Monday
        ("2026-11-19 09:00", "2026-11-25 23:59"),  # over a weekend and Labour Thanksgiving Day, 23 November
        ("2026-09-18 18:00", "2026-09-28 23:59"),  # the days between two holidays are holidays too
        ("2026-12-25 09:00", "2027-01-05 23:59"),  # offices are closed from 29 December to 3 January
        ("2027-05-01 09:00", "2027-05-10 23:59"),  # Golden Week
    ],
)
def test_an_inquiry_has_three_business_days(opened: str, expected: str) -> None:
    assert due("inquiry", opened) == expected


@pytest.mark.parametrize("kind", ["disclosure", "correction", "suspension"])
def test_a_request_has_fourteen_days_after_its_first(kind: str) -> None:
    assert due(kind, "2026-12-25 09:00") == "2027-01-08 23:59"


def test_an_incident_has_three_days_with_the_first_whatever_days_they_are() -> None:
    assert due("incident", "2026-12-31 23:00") == "2027-01-02 23:59"


def test_the_day_is_that_of_the_company_not_of_the_machine() -> None:
    late_in_london = datetime(2026, 11, 16, 20, 0, tzinfo=UTC)
    assert CLOCK.due("incident", late_in_london).astimezone(TOKYO).date() == date(2026, 11, 19)


def test_settings_override_what_the_company_may_choose() -> None:
    hurried = Clocks(TOKYO, inquiry_business_days=1, request_days=7, incident_days=5)
    assert due("inquiry", "2026-11-16 09:00", hurried) == "2026-11-17 23:59"
    assert due("disclosure", "2026-11-16 09:00", hurried) == "2026-11-23 23:59"
    assert due("incident", "2026-11-16 09:00", hurried) == "2026-11-20 23:59"


def test_no_setting_overrides_the_law() -> None:
    slow = Clocks(TOKYO, request_days=60, incident_days=9)
    assert slow.request_suit_day(at("2026-11-16 09:00")) == date(2026, 11, 30)
    clock = slow.incident_clock(at("2026-11-16 09:00"), malicious=False)
    assert clock.preliminary == clock.preliminary_latest == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("known", "malicious", "expected"),
    [
        # the day of knowing is day 1, weekends count; day 30 is Tuesday
        ("2026-11-16 09:00", False, IncidentClock(date(2026, 11, 18), date(2026, 11, 20), date(2026, 12, 15))),
        # the class changes: day 60 is Thursday
        ("2026-11-16 09:00", True, IncidentClock(date(2026, 11, 18), date(2026, 11, 20), date(2027, 1, 14))),
        # day 30 is Saturday 19 December
        ("2026-11-20 23:00", False, IncidentClock(date(2026, 11, 22), date(2026, 11, 24), date(2026, 12, 21))),
        # day 30 is 29 December; the next working day is Monday 4 January
        ("2026-11-30 09:00", False, IncidentClock(date(2026, 12, 2), date(2026, 12, 4), date(2027, 1, 4))),
        # day 30 is Labour Thanksgiving Day
        ("2026-10-25 09:00", False, IncidentClock(date(2026, 10, 27), date(2026, 10, 29), date(2026, 11, 24))),
    ],
)
def test_the_reports_of_an_incident(known: str, malicious: bool, expected: IncidentClock) -> None:
    assert CLOCK.incident_clock(at(known), malicious) == expected


@given(st.datetimes(datetime(2022, 4, 2), datetime(2050, 1, 1)), st.booleans())
def test_the_final_report_falls_on_a_working_day_and_never_early(known: datetime, malicious: bool) -> None:
    moment = known.replace(tzinfo=TOKYO)
    clock = CLOCK.incident_clock(moment, malicious)
    counted = known.date() + timedelta(days=59 if malicious else 29)
    assert counted <= clock.final
    assert is_business_day(clock.final)
    assert [
        day for after in range((clock.final - counted).days) if is_business_day(day := counted + timedelta(after))
    ] == []


@pytest.mark.parametrize(
    ("kind", "waited", "expected"),
    [
        ("inquiry", ("2026-11-17 10:00", "2026-11-17 18:00"), "2026-11-19 23:59"),  # within a day
        ("inquiry", ("2026-11-17 10:00", "2026-11-18 18:00"), "2026-11-20 23:59"),
        ("inquiry", ("2026-11-17 10:00", "2026-11-24 09:00"), "2026-11-26 23:59"),  # 18, 19, 20 and 24: four
        ("inquiry", ("2026-11-21 10:00", "2026-11-23 09:00"), "2026-11-19 23:59"),  # no working day in it
        ("disclosure", ("2026-11-17 10:00", "2026-11-24 09:00"), "2026-11-26 23:59"),
        ("suspension", ("2026-11-20 10:00", "2026-11-23 09:00"), "2026-11-22 23:59"),
        ("incident", ("2026-11-17 10:00", "2026-11-24 09:00"), "2026-11-19 23:59"),
    ],
)
def test_waiting_for_the_requester_moves_the_due_date(kind: str, waited: tuple[str, str], expected: str) -> None:
    start, end = waited
    assert local(CLOCK.resumed(kind, at("2026-11-19 23:59"), at(start), at(end))) == expected


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        ("2026-11-19 23:59", ["before 2026-11-18 09:00", "due 2026-11-19 09:00"]),
        ("2026-11-24 23:59", ["before 2026-11-20 09:00", "due 2026-11-24 09:00"]),
        ("2026-11-22 23:59", ["before 2026-11-20 09:00", "due 2026-11-22 09:00"]),
        ("2027-01-04 23:59", ["before 2026-12-28 09:00", "due 2027-01-04 09:00"]),
    ],
)
def test_reminders_come_in_the_morning(due_at: str, expected: list[str]) -> None:
    assert [f"{stage} {local(moment)}" for stage, moment in CLOCK.reminders(at(due_at))] == expected


def test_what_was_closed_can_be_reopened_for_fourteen_days() -> None:
    until = CLOCK.reopen_until(at("2026-11-16 09:00"))
    assert local(until) == "2026-11-30 23:59"


@pytest.mark.parametrize(
    ("form", "on", "expected"),
    [
        ("contract", date(2026, 11, 16), date(2027, 11, 16)),
        ("batch", date(2026, 11, 16), date(2029, 11, 16)),
        ("single", date(2026, 11, 16), date(2029, 11, 16)),
        ("single", date(2028, 2, 29), date(2031, 2, 28)),
    ],
)
def test_how_long_a_record_of_provision_is_kept(form: str, on: date, expected: date) -> None:
    assert CLOCK.keep_record_until(form, on) == expected  # type: ignore[arg-type]


def test_before_the_law_there_is_no_clock() -> None:
    with pytest.raises(LookupError, match=r"incident_preliminary_latest.*2022-03-31"):
        CLOCK.incident_clock(at("2022-03-31 09:00"), malicious=False)


FAULTS = [
    ("    days: 3\n", "    dais: 3\n", ["unknown key 'dais'"]),
    ("valid_from: 2017-05-30", "valid_from: yesterday", ["valid_from"]),
    ("counting: business_days", "counting: moons", ["counting"]),
    ("    days: 3\n", "    days: 3\n    years: 1\n", ["only one of them"]),
    ("    days: 3\n    counting: business_days", "    years: 3\n    counting: business_days", ["anniversary"]),
    ("- id: request_suit", "- id: request_handling", ["request_handling", "same day", "valid_to"]),
]


@pytest.mark.parametrize(("find", "put", "says"), FAULTS, ids=[put.strip() for _, put, _ in FAULTS])
def test_a_fault_in_the_data_is_told_with_its_line(find: str, put: str, says: list[str], tmp_path: Path) -> None:
    text = CLOCKS.read_text(encoding="utf-8")
    broken = tmp_path / "clocks.yaml"
    broken.write_text(text.replace(find, put, 1), encoding="utf-8")
    with pytest.raises(PackError, match=r"clocks\.yaml:\d+: ") as error:
        load_clocks(broken)
    assert [word for word in says if word not in str(error.value)] == []


def test_a_new_entry_counts_from_its_day_on(tmp_path: Path) -> None:
    entry = "  - {{id: law, days: {days}, counting: day_after, set_by: law, {valid}, source: Act}}\n"
    file = tmp_path / "clocks.yaml"
    file.write_text(
        "clocks:\n"
        + entry.format(days=30, valid="valid_from: 2022-04-01, valid_to: 2028-03-31")
        + entry.format(days=45, valid="valid_from: 2028-04-01")
    )
    table = load_clocks(file)
    assert table.on("law", date(2028, 3, 31)).days == 30
    assert table.on("law", date(2028, 4, 1)).days == 45
