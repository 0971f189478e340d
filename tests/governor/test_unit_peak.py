import sys

import pytest

from vidpose.governor.sizes import MIB
from vidpose.governor.unit_peak import UnitPeak


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_peak_is_that_of_the_block_alone():
    with UnitPeak() as outer:
        ballast = b"\1" * (96 * MIB)
        del ballast
    with UnitPeak() as quiet:
        small = b"\1" * MIB
        del small
    assert outer.peak_rss_bytes is not None
    assert quiet.peak_rss_bytes is not None
    assert outer.peak_rss_bytes - quiet.peak_rss_bytes == pytest.approx(95 * MIB, abs=8 * MIB)
    assert 0 < quiet.peak_pss_bytes <= quiet.peak_rss_bytes


def test_without_the_kernel_switch_there_is_no_number(tmp_path):
    (tmp_path / "status").write_text("VmHWM:  999 kB\n")
    with UnitPeak(tmp_path / "nowhere") as peak:
        pass
    assert (peak.peak_rss_bytes, peak.peak_pss_bytes) == (None, None)


def test_the_shared_part_is_taken_off(tmp_path):
    (tmp_path / "status").write_text("VmPeak:  5000 kB\nVmHWM:  3000 kB\n")
    (tmp_path / "smaps_rollup").write_text("Rss:  2500 kB\nPss:  2100 kB\n")
    with UnitPeak(tmp_path) as peak:
        assert (tmp_path / "clear_refs").read_text() == "5"
    assert peak.peak_rss_bytes == 3000 * 1024
    assert peak.peak_pss_bytes == 2600 * 1024


def test_the_peak_is_known_when_the_unit_fails(tmp_path):
    (tmp_path / "status").write_text("VmHWM:  3000 kB\n")
    peak = UnitPeak(tmp_path)
    with pytest.raises(KeyError), peak:
        raise KeyError
    assert peak.peak_rss_bytes == 3000 * 1024
    assert peak.peak_pss_bytes is None
