"""What a thread compiled is kept for it, and for nobody else."""

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from vidpose.pose.compiled import cached_per_thread


def made(n_kept):
    """A function whose answers are new objects, so that one that was kept can be told."""

    @cached_per_thread(n_kept)
    def make(name, *, size=1):
        return [name, size]

    return make


def test_the_same_thread_gets_the_same_again():
    make = made(2)
    assert make("a", size=2) == ["a", 2]
    assert make("a") is make("a")
    assert make("a") is not make("b")


def test_another_thread_gets_its_own_and_keeps_it():
    make = made(2)
    with ThreadPoolExecutor(1) as other:
        theirs, again = other.submit(make, "a").result(), other.submit(make, "a").result()
    assert theirs == make("a")
    assert theirs is not make("a")
    assert theirs is again


def test_the_oldest_goes_when_there_are_too_many():
    make = made(2)
    first = make("a")
    make("b"), make("c")
    assert make("a") is not first


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_forked_by_another_thread_destroys_nothing():
    """Ray starts its processes so. The destructor of a network would never return there."""
    reading, writing = os.pipe()

    class Network:
        def __del__(self):
            with contextlib.suppress(OSError):
                os.write(writing, b"destroyed")

    @cached_per_thread(2)
    def make(name):
        return Network()

    def fork():
        child = os.fork()
        if not child:
            os._exit(0)
        os.waitpid(child, 0)

    make("a")
    with ThreadPoolExecutor(1) as other:
        other.submit(fork).result()
    os.write(writing, b"|")
    assert os.read(reading, 100) == b"|"
    os.close(reading)
    os.close(writing)
