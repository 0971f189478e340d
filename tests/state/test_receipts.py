"""Receipts: what stands, what has to be done again, and why."""

import json

import pytest

from vidpose.hashing import file_sha256
from vidpose.state.receipts import (
    AnalysisFacts,
    Receipt,
    ReceiptFile,
    StageFacts,
    read_receipt,
    why_not_current,
    write_receipt,
)
from vidpose.types.findings import Finding
from vidpose.types.grades import Grade

KEY = "11" * 32
GRADES = (Grade("gait", "no", "oblique view"),)
FACTS = AnalysisFacts(
    (Finding("low_frame_rate", "24 frames/s"),),
    n_frames=12,
    n_found=11,
    n_people=1,
    grades=(Grade("gait", "no", "oblique view"),),
)
STORED = {
    "findings": [FACTS.findings[0].as_dict()],
    "n_frames": 12,
    "n_found": 11,
    "n_people": 1,
    "grades": [GRADES[0].as_dict()],
}


@pytest.fixture
def receipt(tmp_path):
    """A receipt over two files."""
    files = [tmp_path / "angles.csv", tmp_path / "größe.json"]
    files[0].write_bytes(b"time_s,knee\n0.0,1.5\n")
    files[1].write_bytes(b"{}")
    path = tmp_path / "analysis.receipt.json"
    write_receipt(path, KEY, files, FACTS)
    return path


def test_it_reads_back_what_was_written(receipt):
    again = read_receipt(receipt)
    csv = receipt.parent / "angles.csv"
    assert again == Receipt(KEY, again.files, StageFacts(FACTS.findings, 12, grades=FACTS.grades))
    assert json.loads(receipt.read_bytes())["facts"] == STORED
    assert list(again.files) == ["angles.csv", "größe.json"]
    assert again.files["angles.csv"] == ReceiptFile(file_sha256(csv), 20)


@pytest.mark.parametrize("verify", [False, True])
def test_untouched_work_stands(receipt, verify):
    assert why_not_current(receipt, KEY, verify=verify) is None


def test_no_receipt_means_not_done(tmp_path):
    assert why_not_current(tmp_path / "none.json", KEY) == "not done yet"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b'{"key": "1"}', b'{"files": {}, "facts": {}}', b"null"]
)
def test_a_damaged_receipt_counts_as_none(receipt, content):
    receipt.write_bytes(content)
    assert read_receipt(receipt) is None
    assert why_not_current(receipt, KEY) == "not done yet"


def test_another_key_means_other_settings(receipt):
    assert why_not_current(receipt, "22" * 32) == "video, settings or model changed"


def test_a_missing_file_is_named(receipt):
    (receipt.parent / "größe.json").unlink()
    assert why_not_current(receipt, KEY) == "größe.json is missing"


def test_a_folder_in_the_place_of_a_file_is_missing(receipt):
    (receipt.parent / "angles.csv").unlink()
    (receipt.parent / "angles.csv").mkdir()
    assert why_not_current(receipt, KEY) == "angles.csv is missing"


@pytest.mark.parametrize("content", [b"", b"time_s,knee\n0.0,1.5\n\n"])
def test_another_size_is_seen_at_once(receipt, content):
    (receipt.parent / "angles.csv").write_bytes(content)
    assert why_not_current(receipt, KEY) == "angles.csv was changed"


@pytest.mark.parametrize("place", [0, 10, 19])
def test_a_flipped_bit_is_seen_by_verify_only(receipt, place):
    csv = receipt.parent / "angles.csv"
    content = bytearray(csv.read_bytes())
    content[place] ^= 1
    csv.write_bytes(content)
    assert why_not_current(receipt, KEY) is None, "sizes are equal: that is what verify is for"
    assert why_not_current(receipt, KEY, verify=True) == "angles.csv was changed"


def test_facts_without_json_are_refused_and_leave_the_old_receipt(receipt):
    before = receipt.read_bytes()
    with pytest.raises(ValueError, match="Out of range float"):
        write_receipt(receipt, KEY, [], StageFacts((), float("nan")))
    assert receipt.read_bytes() == before


def test_the_file_is_canonical_json(receipt):
    text = receipt.read_text()
    assert json.dumps(json.loads(text), indent=1, sort_keys=True) == text


@pytest.mark.parametrize(
    "files", [["angles.csv"], {"angles.csv": None}, {"angles.csv": {"bytes": 20}}, {"angles.csv": [20]}, None]
)
def test_a_receipt_of_another_shape_is_none(receipt, files):
    receipt.write_text(json.dumps({"key": KEY, "files": files, "facts": STORED}))
    assert read_receipt(receipt) is None
    assert why_not_current(receipt, KEY) == "not done yet"
