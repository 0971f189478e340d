import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.governor.policy import (
    Band,
    Decision,
    Observation,
    PolicySettings,
    PolicyState,
    band_of,
    decide,
    is_worn,
)

SETTINGS = PolicySettings()


@pytest.mark.parametrize(
    ("used_share", "band"),
    [
        (0.0, Band.CALM),
        (0.6999, Band.CALM),
        (0.70, Band.HOLD),
        (0.7999, Band.HOLD),
        (0.80, Band.HALVE),
        (0.85, Band.SHRINK),
        (0.92, Band.RECYCLE),
        (0.97, Band.KILL),
        (3.0, Band.KILL),
    ],
)
def test_bands(used_share, band):
    assert band_of(used_share, SETTINGS) is band


@pytest.mark.parametrize(
    ("used_share", "credit", "batch_divisor", "kinds"),
    [
        (0.50, 4, 1, []),
        (0.75, 4, 1, []),
        (0.80, 4, 2, []),
        (0.85, 3, 2, []),
        (0.92, 1, 2, ["recycle_idle"]),
        (0.97, 1, 2, ["recycle_idle", "kill_largest"]),
    ],
)
def test_first_step_in_each_band(used_share, credit, batch_divisor, kinds):
    state, decisions = decide(PolicyState(credit=4), Observation(used_share), 10.0, 4, SETTINGS)
    assert (state.credit, state.batch_divisor) == (credit, batch_divisor)
    assert [decision.kind for decision in decisions] == kinds


def run(shares, state, n_workers=4, step_s=0.25):
    """Feed shares at 4 Hz; return all states and all decisions with their sample number."""
    states, decisions = [], []
    for number, share in enumerate(shares):
        state, new = decide(state, Observation(share), number * step_s, n_workers, SETTINGS)
        states.append(state)
        decisions += [(number, decision.kind) for decision in new]
    return states, decisions


def test_growth_needs_four_calm_samples_in_a_row():
    states, _ = run([0.6, 0.6, 0.6, 0.75, 0.6, 0.6, 0.6, 0.6, 0.6], PolicyState(credit=1))
    assert [state.credit for state in states] == [1, 1, 1, 1, 1, 1, 1, 2, 2]


def test_units_come_back_before_the_batch():
    states, _ = run([0.5] * 12, PolicyState(credit=3, batch_divisor=4))
    assert [(s.credit, s.batch_divisor) for s in states[3::4]] == [(4, 4), (4, 2), (4, 1)]


def test_shrinking_and_halving_pause_two_seconds():
    states, _ = run([0.88] * 17, PolicyState(credit=4))
    assert [s.credit for s in states] == [3] * 8 + [2] * 8 + [1]
    assert [s.batch_divisor for s in states] == [2] * 8 + [4] * 8 + [8]


def test_recycles_pause_two_seconds_and_kills_one():
    _, decisions = run([0.99] * 9, PolicyState(credit=4))
    assert [number for number, kind in decisions if kind == "recycle_idle"] == [0, 8]
    assert [number for number, kind in decisions if kind == "kill_largest"] == [0, 4, 8]


def test_pressure_shrinks_even_when_the_run_itself_is_small():
    state, decisions = decide(PolicyState(credit=4), Observation(0.1, under_pressure=True), 0.0, 4, SETTINGS)
    assert (state.credit, state.batch_divisor, decisions) == (3, 2, ())


def test_the_last_unit_is_spared_when_others_took_the_memory():
    _, decisions = decide(PolicyState(credit=2), Observation(1.2, limit_is_own=False), 0.0, 2, SETTINGS)
    assert Decision("kill_largest", spare_last=True) in decisions
    _, decisions = decide(PolicyState(credit=2), Observation(1.2), 0.0, 2, SETTINGS)
    assert Decision("kill_largest", spare_last=False) in decisions


observations = st.builds(Observation, st.floats(0.0, 2.0), st.booleans(), st.booleans())


@given(
    n_workers=st.integers(1, 16),
    samples=st.lists(st.tuples(observations, st.floats(0.0, 5.0)), max_size=60),
)
def test_credit_stays_in_range_and_moves_slowly(n_workers, samples):
    state, now_s, last_drop_s = PolicyState(credit=n_workers), 0.0, float("-inf")
    for seen, pause_s in samples:
        now_s += pause_s
        before = state
        state, decisions = decide(before, seen, now_s, n_workers, SETTINGS)
        assert 1 <= state.credit <= n_workers
        assert state.credit <= before.credit + 1
        assert state.batch_divisor in (1, 2, 4, 8, 16)
        if state.credit < before.credit:
            assert now_s - last_drop_s >= SETTINGS.act_every_s
            last_drop_s = now_s
        if decisions:
            assert seen.used_share >= SETTINGS.recycle_from


@given(shares=st.lists(st.floats(0.70, 0.7999), max_size=40), credit=st.integers(1, 8))
def test_nothing_moves_between_the_thresholds(shares, credit):
    states, decisions = run(shares, PolicyState(credit=credit), n_workers=8)
    assert all((state.credit, state.batch_divisor) == (credit, 1) for state in states)
    assert decisions == []


@pytest.mark.parametrize(
    "thresholds", [{"grow_below": 0.9}, {"grow_below": 0.0}, {"kill_from": 1.2}, {"shrink_from": 0.8}]
)
def test_unordered_thresholds_are_refused(thresholds):
    with pytest.raises(ValueError, match="expected"):
        PolicySettings(**thresholds)


def test_wear():
    assert not is_worn(150, 100, 200)
    assert is_worn(151, 100, 1)
    assert is_worn(100, 100, 201)
