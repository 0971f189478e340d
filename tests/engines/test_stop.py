"""Signals: the first asks to finish, the second ends at once; afterwards everything is as before."""

import signal
import threading

import pytest
from waiting import wait_for

from vidpose.engines.stop import LATE_S, SIGNALS, StopRequest


class Told:
    def __init__(self):
        self.sentences = []
        self.cancelled = threading.Event()

    def stop(self, grace_s=60.0):
        request = StopRequest(self.sentences.append, grace_s)
        request.on_cancel(self.cancelled.set)
        return request


@pytest.fixture
def told():
    return Told()


@pytest.fixture(autouse=True)
def hangup_as_usual():
    """Under ``nohup`` SIGHUP is ignored, and stays so in a run."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def test_nothing_is_requested_at_first(told):
    with told.stop() as stop:
        assert not stop.requested
        assert stop.signal_number is None
    assert told.sentences == []


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=str,
)
def test_the_first_signal_is_remembered_and_said_once(told, number, code):
    with told.stop() as stop:
        signal.raise_signal(number)
        assert stop.requested
        assert stop.exit_code == code
    (sentence,) = told.sentences
    assert sentence.startswith(signal.Signals(number).name)
    assert "at most 60 s" in sentence
    assert "run the same command again" in sentence
    assert not told.cancelled.is_set()


@pytest.mark.parametrize("second", SIGNALS)
def test_the_second_signal_cancels_and_interrupts(told, second):
    with told.stop() as stop:
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(second)
        assert told.cancelled.is_set()
        assert stop.exit_code == 143, "the first signal decides"
    assert [sentence.split()[0] for sentence in told.sentences] == ["SIGTERM:", "stopping"]


def test_the_second_signal_interrupts_also_when_nothing_can_be_cancelled_yet():
    with StopRequest(lambda sentence: None):
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_after_the_grace_time_running_units_are_cancelled(told):
    with told.stop(grace_s=0.01):
        signal.raise_signal(signal.SIGINT)
        assert told.cancelled.wait(600.0)
    assert told.sentences[-1].startswith("stopping what is running")


def test_leaving_in_time_calls_off_the_cancelling(told):
    with told.stop(grace_s=600.0):
        signal.raise_signal(signal.SIGINT)
    assert not told.cancelled.is_set()


def test_an_alarm_that_a_library_set_does_not_end_the_process(told):
    ours = signal.setitimer(signal.ITIMER_REAL, 3.0)  # as Ray's own handler does before it calls ours
    try:
        with told.stop():
            signal.raise_signal(signal.SIGTERM)
            assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, *ours)


def test_handlers_are_as_before_afterwards_also_after_an_error(told):
    before = [signal.getsignal(number) for number in SIGNALS]
    with pytest.raises(RuntimeError), told.stop():
        assert [signal.getsignal(number) for number in SIGNALS] != before
        raise RuntimeError
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_a_signal_that_was_ignored_before_stays_ignored(told):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with told.stop() as stop:
            signal.raise_signal(signal.SIGHUP)
            assert not stop.requested
            signal.raise_signal(signal.SIGINT)
            assert stop.requested
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_run_is_overdue_some_time_after_the_grace_time(told):
    with told.stop(grace_s=600.0) as stop:
        assert not stop.overdue
        signal.raise_signal(signal.SIGINT)
        assert not stop.overdue
        stop._asked_s -= 600.0 + LATE_S
        assert stop.overdue


def test_no_thread_is_left(told):
    with told.stop():
        signal.raise_signal(signal.SIGINT)
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join()


def test_a_sentence_that_meets_another_one_on_its_way_is_said_after_it():
    said, writer = [], threading.current_thread()

    def announce(sentence):
        if threading.current_thread() is writer:
            raise RuntimeError("reentrant call")
        said.append(sentence)

    with StopRequest(announce, 60.0):
        signal.raise_signal(signal.SIGTERM)
    wait_for(lambda: said, "the sentence")
    assert said[0].startswith("SIGTERM: finishing")
