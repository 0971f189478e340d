"""Items computed ahead in a thread: same items, same order, bounded, errors in their place."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.video.ahead import PENDING, computed_ahead, mapped_ahead


@given(st.lists(st.integers() | st.none(), max_size=30), st.integers(0, 40))
def test_items_come_in_order_and_all_of_them(items, n_ahead):
    assert list(computed_ahead(iter(items), n_ahead)) == items


def counting(n_items, counted, reached):
    for number in range(n_items):
        counted.append(number)
        if len(counted) == reached[0]:
            reached[1].set()
        yield number


def test_the_next_items_are_computed_while_one_is_used_but_not_more():
    counted, reached = [], (4, threading.Event())
    items = computed_ahead(counting(100, counted, reached), 3)
    assert next(items) == 0
    assert reached[1].wait(600.0), "three further ones are computed without being asked for"
    items.close()
    assert len(counted) == 4, "and no more than three"


def test_nothing_is_computed_before_the_first_use():
    counted = []
    computed_ahead(counting(5, counted, (9, threading.Event())), 3)
    assert counted == []


def test_items_are_computed_in_another_thread():
    def names():
        yield threading.current_thread().name

    assert next(computed_ahead(names(), 1)).startswith("ahead")


def failing_at(place):
    yield from range(place)
    raise OSError("disk gone")


@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize("n_ahead", [1, 5])
def test_an_error_comes_where_its_item_would_have_come(place, n_ahead):
    items = computed_ahead(failing_at(place), n_ahead)
    for number in range(place):
        assert next(items) == number
    with pytest.raises(OSError, match="disk gone"):
        next(items)


@pytest.mark.parametrize("n_used", [1, 3])
def test_closing_ends_the_thread(n_used):
    before = set(threading.enumerate())
    items = computed_ahead(iter(range(100)), 5)
    for _ in range(n_used):
        next(items)
    items.close()
    assert set(threading.enumerate()) <= before


def test_the_thread_ends_with_the_items():
    before = set(threading.enumerate())
    assert list(computed_ahead(iter(range(10)), 4)) == list(range(10))
    assert set(threading.enumerate()) <= before


def test_an_item_that_takes_long_is_not_waited_for():
    go_on = threading.Event()
    items = mapped_ahead(lambda item: go_on.wait(600.0) and item, [1], 1, 2)
    assert next(items) is PENDING
    assert next(items) is PENDING
    go_on.set()
    assert [item for item in items if item is not PENDING] == [1]


def test_closing_does_not_wait_for_an_item_that_takes_long(monkeypatch):
    monkeypatch.setattr("vidpose.video.ahead.CLOSE_TIMEOUT_S", 0.05)
    go_on = threading.Event()
    items = mapped_ahead(lambda _: go_on.wait(600.0), [1], 1, 2)
    assert next(items) is PENDING
    items.close()
    assert not go_on.is_set()
    go_on.set()


def test_several_threads_change_nothing_but_how_many_work_at_once():
    together = threading.Barrier(3, timeout=600.0)

    def double(item):
        if item < 3:
            together.wait()  # passes only when three threads are here
        if item == 7:
            raise OSError("disk gone")
        return 2 * item

    items = (item for item in mapped_ahead(double, range(10), 3, 5) if item is not PENDING)
    assert [next(items) for _ in range(7)] == [0, 2, 4, 6, 8, 10, 12]
    with pytest.raises(OSError, match="disk gone"):
        next(items)


def test_closing_waits_for_an_item_that_reads_an_open_file():
    """Whoever closes the file next must not do so under the hands of the thread."""
    begun, read = threading.Event(), []

    def reading():
        yield 0
        begun.set()
        time.sleep(0.2)
        read.append(1)
        yield 1

    items = computed_ahead(reading(), 2)
    assert next(items) == 0
    assert begun.wait(600.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vidpose.video.ahead.CLOSE_TIMEOUT_S", 0.01)
        items.close()
    assert read == [1]
