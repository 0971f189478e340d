"""What limits the results of one input: a stable code, a sentence with numbers, and advice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

Severity = Literal["info", "warning", "fatal"]

CODES: Final[dict[str, str]] = {
    # fatal: the input is quarantined
    "empty_file": "The file is empty. Copy it again from the camera.",
    "not_a_video": "ffmpeg does not recognise the file as a video. Check it, or convert it to MP4.",
    "recording_not_finished": "Copy it again from the camera. If it is the same there, untrunc can repair it, with an "
    "intact video of the same camera.",
    "web_page": "A site sent this instead of the video, often a page to log in. Download the video again in a browser.",
    "content_not_fetched": "Fetch the content: git lfs pull for Git LFS, git annex get for git-annex.",
    "content_missing": "An unfinished copy, or content that is still in the cloud. Copy or download it again.",
    "other_content": "Unpack or rename the file, and put the video itself into the folder.",
    "no_access": "Give yourself the right to read it (chmod u+r, or its properties), or copy it to your own folder.",
    "no_video_stream": "The file contains no video stream. Remove it from the folder, or supply the video instead.",
    "unreadable": "The file cannot be opened. Check its permissions and the disk.",
    "no_frames": "No frame could be decoded. Copy the file again or re-encode it.",
    "too_large": "A frame does not fit in the memory limit. Raise --memory_limit or scale the video down.",
    "beyond_limit": "Cut or shrink the video, or raise that limit in a configuration file.",
    "too_small": "No person can be recognised in so small a picture. Use the original video.",
    "no_memory_left": "Other programs left too little memory. Close some or raise --memory_limit, and run again.",
    "changed_during_run": "The file changed while it was being read. Run again when no program writes to it.",
    "no_landmark_file": "There is no landmark file for the video. Put it beside the video, or set pose_files.",
    "landmark_file_unusable": "The landmark file does not fit this video. Export it again, or remove it.",
    "link_in_results": "Remove it and run again: results are only written into folders and files of their own.",
    "not_posed": "No stored poses were found. Run vidpose run first, with the same pose options.",
    "worker_lost": "The worker process died repeatedly. See the log; re-encode the video.",
    "stalled": "No progress for too long. See the log; re-encode the video.",
    "failed": "An unexpected error; the log contains the traceback. Please report it.",
    # warnings: the results stand, with these limitations
    "decode_gaps": "All results are empty at these times. Copy the file again from the camera, or re-encode it.",
    "corrupt_frames": "The landmarks of damaged frames are rejected. Copy the file again from the camera.",
    "ends_early": "What came after is in no result. Copy the file again from the camera.",
    "timestamps_assumed": "A constant frame rate was assumed; check it, as speeds and times depend on it.",
    "mirrored": "Left and right are those of the picture as shown; they are exchanged where writing reads backwards.",
    "other_video_stream": "Choose another stream with --video_stream, and other --output and --models for its results.",
    "interlaced": "Add --split_fields: each field becomes a frame, at twice the rate. Or film with progressive frames.",
    "fields_split": "Every second line of a field is interpolated: read heights to two lines. Film progressive frames.",
    "hdr": "The annotated video shows it for usual screens (BT.709). For the best poses, film without HDR.",
    "edit_list": "Nothing is joined across a jump. Use the original recording, or export the video without edits.",
    "slow_motion_declared": "All speeds and durations are wrong by that factor, unless you add --slow_motion auto.",
    "timestamps_repaired": "They were sorted. Check speeds and times, or re-encode the video.",
    "estimator_replaced": "Install openvino (pip install openvino) and run again, or choose --estimator mediapipe.",
    "rotation_unsupported": "The frames were left as stored. Rotate the video by a multiple of 90 degrees.",
    "size_changes": "All frames were scaled to the first size. Cut the video where the size changes.",
    "no_person": "There are no results. Film the whole person, larger in the picture and in better light.",
    "person_rarely_found": "Ranges and means lack what was not seen. Film the whole person, larger, in better light.",
    "person_changed": "Nothing is joined across it, and means may mix two people. Film one person, in one shot.",
    "pictures_repeated": "Speeds come from the different pictures alone. Export the video at its own frame rate.",
    "picture_cut": "Numbers of one shot say nothing of another. To follow a person, film without cuts.",
    "main_person_unclear": "The annotated video shows who is person 0; --person N or --person_at X,Y@SECONDS chooses.",
    "person_not_there": "Look up number, or place in pixels and time, of the person in the annotated video.",
    "objects_left_out": "If it is the athlete after all, choose with --person_at, and film in better light.",
    "people_not_followed": "If one of them matters, raise --max_people.",
    "people_seen_too_short": "People who were visible too briefly are not analysed; see people.min_seen_s.",
    "single_frame": "There are no velocities and no filtering. Film a movement of several frames.",
    "low_frame_rate": "Angles and speeds are noisier. Film with more frames per second, or set a lower cutoff_hz.",
    "cutoff_found": "The cut-off frequency was determined from the data. Set --cutoff_hz to choose it.",
    "frames_sampled": "Poses were estimated in a subset of frames, as requested; the others are interpolated.",
    "seam_repaired": "The tracker followed different people on the two sides of a segment border; it was recomputed.",
    "seam_disagrees": "The poses on the two sides of a segment border differ; nothing is joined across it.",
    "errors_not_fitted": "Use the full network, the default, or check a few clips against a reference.",
    "cut_by_edge": "A joint outside the picture is guessed, not seen. Film the whole body with room on all sides.",
    "view_oblique": "Angles in the image can be off by 15 degrees and more. Film at a right angle to the movement.",
    "view_frontal": "Angles of the sagittal plane are not given. Film from the side.",
    "sides_swapped": "Values of left and right may be exchanged there. Check the video, or use --repair_swaps.",
    "skeleton_implausible": "Angles at these segments can be further off than stated. Film nearer, nothing in front.",
    "scale_changes": "Lengths and speeds hold near the median distance only. Film across the movement, from afar.",
    "camera_moves": "Film from a tripod; or show more of a background with detail, and move the camera slowly.",
    "floor_moves": "Speeds and positions are relative to the image, not to the floor. Put the camera on a tripod.",
    "view_from_above": "Upright lengths appear too short, angles to the vertical are off. Film level, from hip height.",
    "camera_rolled": "Segment angles are off by the slope. Level the camera, or subtract the slope from them.",
    "audio_transcoded": "MP4 cannot carry the audio codec; the sound was re-encoded to AAC.",
    "audio_dropped": "The sound could not be kept; the annotated video is silent.",
    "landmarks_not_estimated": "For the values that need them, use a pose model or layout that has them, as blazepose.",
    "upside_down": "Is y counted downwards, from the upper edge of the picture? If not, subtract it from the height.",
    "times_doubtful": "Are the times in seconds? Speeds, filters and metrics depend on them.",
    "not_annotated": "The annotated video could not be written; the numerical results are complete.",
}
"""Every finding code with its advice."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One limitation of the results of one input.

    Attributes
    ----------
    code
        Key of :data:`CODES`.
    message
        What was observed, with numbers.
    severity
        ``"fatal"`` quarantines the input.
    details
        Plain JSON values: counts, time spans in seconds.
    """

    code: str
    message: str
    severity: Severity = "warning"
    details: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"unknown finding code {self.code!r}; add it to CODES with its advice")

    @property
    def advice(self) -> str:
        """What the user can do about it."""
        return CODES[self.code]

    @classmethod
    def from_dict(cls, entry: dict[str, Any]) -> Finding:
        """Build a finding from what :meth:`as_dict` returned; its advice is today's."""
        return cls(entry["code"], entry["message"], entry["severity"], entry["details"])

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "advice": self.advice,
            "details": dict(self.details),
        }
