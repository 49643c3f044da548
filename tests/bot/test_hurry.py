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
    with hurry.giving_way(LONG), hurry.giving_way(LONG):
        assert not hurry.crowded


def test_work_waits_until_all_are_served(hurry: Hurry) -> None:
    order: list[str] = []
    begun = Event()

    def work() -> None:
        begun.set()
        with hurry.giving_way(LONG):
            order.append("work")

    with ThreadPoolExecutor(1) as pool:
        with hurry.somebody(), hurry.somebody():
            assert hurry.crowded
            done = pool.submit(work)
            begun.wait()
            order.append("served")
        done.result()
    assert order == ["served", "work"]


def test_work_does_not_wait_for_ever_but_then_goes_one_by_one(hurry: Hurry) -> None:
    order: list[str] = []
    inside, over = Event(), Event()

    def first() -> None:
        with hurry.giving_way(0.0):
            inside.set()
            over.wait()
            order.append("first")

    def second() -> None:
        inside.wait()
        with hurry.giving_way(0.0):
            order.append("second")

    with ThreadPoolExecutor(2) as pool, hurry.somebody():
        both = [pool.submit(first), pool.submit(second)]
        inside.wait()
        over.set()
        for one in both:
            one.result()
    assert order == ["first", "second"]


@pytest.mark.parametrize("failing", ["somebody", "giving_way"])
def test_one_that_fails_is_no_longer_waited_for(failing: str, hurry: Hurry) -> None:
    with pytest.raises(ValueError), getattr(hurry, failing)():
        raise ValueError
    with hurry.giving_way(LONG):
        pass
