"""Acknowledgements go first: all other work waits for them, but not for ever."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from bot.hurry import Hurry

LONG = 60.0


@pytest.fixture
def hurry() -> Hurry:
    return Hurry()


def test_work_goes_on_where_nobody_waits(hurry: Hurry) -> None:
    hurry.give_way(LONG)
    assert not hurry.crowded


def test_work_waits_until_all_are_served(hurry: Hurry) -> None:
    order: list[str] = []
    begun = Event()

    def work() -> None:
        begun.set()
        hurry.give_way(LONG)
        order.append("work")

    with ThreadPoolExecutor(1) as pool:
        with hurry.somebody(), hurry.somebody():
            assert hurry.crowded
            done = pool.submit(work)
            begun.wait()
            order.append("served")
        done.result()
    assert order == ["served", "work"]


def test_work_does_not_wait_for_ever(hurry: Hurry) -> None:
    with hurry.somebody():
        hurry.give_way(0.0)


def test_one_that_fails_is_no_longer_waited_for(hurry: Hurry) -> None:
    with pytest.raises(ValueError), hurry.somebody():
        raise ValueError
    hurry.give_way(LONG)
