"""What a thread compiled is kept for it, and for nobody else."""

from concurrent.futures import ThreadPoolExecutor

from vidpose.pose.compiled import kept_by_thread


def made(n_kept):
    """A function whose answers are new objects, so that one that was kept can be told."""

    @kept_by_thread(n_kept)
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
