"""Output names: hand-made cases, and the promise that no two agree."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidpose.video.output_names import MAX_COMPONENT_BYTES, output_names


@pytest.mark.parametrize(
    ("relative", "expected"),
    [
        ("Squat 3.mp4", "Squat 3.mp4"),
        ("Tag 1/Kür – Ü.mov", "Tag 1/Kür – Ü.mov"),
        ("a:b.mp4", "a%3Ab.mp4"),
        ("%03d.mp4", "%2503d.mp4"),
        ("-x.mp4", "%2Dx.mp4"),
        ("two\nlines.mp4", "two%0Alines.mp4"),
        ("con.mp4", "%63on.mp4"),
        ("LPT1", "%4CPT1"),
        ("dots..", "dots.%2E"),
        ("folder /x.mp4", "folder%20/x.mp4"),
        (os.fsdecode(b"caf\xe9.mp4"), "caf%E9.mp4"),
        ('<>"|?*\\.mp4', "%3C%3E%22%7C%3F%2A%5C.mp4"),
    ],
)
def test_names_stay_readable(relative, expected):
    assert output_names([relative]) == {relative: expected}


def test_a_long_name_is_cut_and_keeps_its_ending():
    longest = "ü" * 125 + ".mp4"
    other = "ü" * 124 + "x.mp4"
    names = output_names([longest, other])
    assert all(len(name.encode()) <= MAX_COMPONENT_BYTES and name.endswith(".mp4") for name in names.values())
    assert names[longest] != names[other]


def test_names_that_agree_on_some_file_system_get_a_hash():
    composed, decomposed = "é.mp4", unicodedata.normalize("NFD", "é.mp4")
    names = output_names(["A/x.mp4", "a/X.mp4", composed, decomposed, "a.mp4", "a.mov"])
    assert names["a.mp4"] == "a.mp4"
    assert names["a.mov"] == "a.mov"
    for relative in ("A/x.mp4", "a/X.mp4", composed, decomposed):
        assert "~" in names[relative]
    assert len({name.casefold() for name in names.values()}) == 6


def test_no_output_lies_inside_another():
    names = output_names(["CLIP.mp4", "clip.MP4/annotated.mp4"])
    assert names["CLIP.mp4"].startswith("CLIP~")


@given(st.lists(st.binary(min_size=1, max_size=12).filter(lambda b: b"/" not in b and b"\0" not in b), unique=True))
def test_names_are_distinct_and_safe(raw_names):
    relatives = [os.fsdecode(name) for name in raw_names]
    names = output_names(relatives)
    keys = {unicodedata.normalize("NFC", unicodedata.normalize("NFC", n).casefold()) for n in names.values()}
    assert len(keys) == len(relatives)
    for name in names.values():
        assert name.encode().decode() == name
        assert not set(name) & set('<>:"|?*\\\n\0')
        assert not name.startswith(("-", ".")) and not name.endswith((".", " "))
