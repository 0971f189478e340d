"""The cohort of all videos of a run, made when a video or its tables changed."""

from __future__ import annotations

import filecmp
from collections.abc import Iterator, Sequence

from vidpose.planning.keys import fingerprint
from vidpose.results.cohort import COHORT_FILES, WITH_RESULTS, CohortVideo, write_cohort
from vidpose.results.cohort_columns import COHORT_VERSION
from vidpose.results.csv_files import TableSettings
from vidpose.state.atomic import remove_folder
from vidpose.state.layout import COHORT_RECEIPT, Layout
from vidpose.state.receipts import StageFacts, why_not_current, write_receipt
from vidpose.types.left_out import LeftOut
from vidpose.workflow.video_job import VideoRecord


def update_cohort(
    records: Sequence[VideoRecord], left_out: Sequence[LeftOut], layout: Layout, tables: TableSettings, *, verify: bool
) -> None:
    """Write the cohort of all videos, unless it is that of the same tables; files that would not change are left alone.

    Parameters
    ----------
    records
        What became of the videos, in the order of the rows.
    left_out
        What looks like a video and was not processed.
    layout
        Where results are.
    tables
        How tables are written.
    verify
        Hash the cohort that is there instead of comparing sizes.
    """
    key = fingerprint(
        version=COHORT_VERSION, videos=[_taken_from(record) for record in records], left_out=left_out, tables=tables
    )
    receipt = layout.models / COHORT_RECEIPT
    if why_not_current(receipt, key, verify=verify) is None:
        return
    scratch = layout.state / "cohort"  # the same one in every run, so that none stays
    remove_folder(scratch)
    try:
        for path in write_cohort(scratch, _videos(records, layout), left_out, tables):
            final = layout.models / path.name
            if not (final.is_file() and filecmp.cmp(path, final, shallow=False)):
                path.replace(final)
    finally:
        remove_folder(scratch)
    files = [layout.models / name for name in COHORT_FILES]
    write_receipt(receipt, key, files, StageFacts((), sum(record.n_frames for record in records)))


def _taken_from(record: VideoRecord) -> str:
    """Return a fingerprint of what the cohort takes from one video."""
    state = "done" if record.state in WITH_RESULTS else record.state
    findings = [finding.as_dict() for finding in record.findings]
    return fingerprint(video=record.relative, state=state, findings=findings, tables=record.tables)


def _videos(records: Sequence[VideoRecord], layout: Layout) -> Iterator[CohortVideo]:
    for record in records:
        folder = layout.tables_folder(record.name)
        yield CohortVideo(record.relative, folder, record.state, tuple(record.findings))
