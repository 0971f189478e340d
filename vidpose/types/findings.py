"""What a run has to say about an input: a stable code, a sentence and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

Severity = Literal["info", "warning", "fatal"]

CODES: Final[dict[str, str]] = {
    # fatal: the input is quarantined
    "empty_file": "The file has no bytes. Copy it again from the camera.",
    "not_a_video": "ffmpeg does not recognise this as a video. Check the file, or convert it to MP4.",
    "no_video_stream": "The file holds no picture. Remove it from the folder, or replace it by the video.",
    "unreadable": "The file cannot be opened. Check its permissions and the disk.",
    "no_frames": "No frame could be decoded. Copy the file again or re-encode it.",
    "too_large": "A frame does not fit in the memory limit. Raise --memory_limit or scale the video down.",
    "changed_during_run": "The file changed while it was read. Run again when no program writes to it.",
    "no_landmark_file": "The estimator file found no landmarks for the video. Put them beside it, or set pose_files.",
    "landmark_file_unusable": "The landmark file cannot be used for this video. Make it again, or remove it.",
    "not_posed": "Run vidpose run first, with the same options for poses; analyse uses what that has stored.",
    "worker_lost": "The process that worked on it died repeatedly. See the log; re-encode the video.",
    "stalled": "No progress for too long. See the log; re-encode the video.",
    "failed": "An unexpected error; the log holds the traceback. Please report it.",
    # warnings: the result stands, with these reservations
    "decode_gaps": "Some frames could not be decoded; their time is empty in all results.",
    "corrupt_frames": "The decoder marked frames as damaged; their landmarks are rejected.",
    "ends_early": "The video ends before the duration in its header. It may be truncated.",
    "timestamps_assumed": "The stream carries no time stamps; a constant frame rate was assumed.",
    "timestamps_repaired": "Time stamps did not increase; they were corrected.",
    "estimator_replaced": "Install openvino (pip install openvino) and run again, or choose --estimator mediapipe.",
    "rotation_unsupported": "The display matrix is no multiple of 90 degrees; the frame was left as stored.",
    "size_changes": "The picture size changes inside the video; frames were scaled to the first size.",
    "no_person": "No person was found in any frame.",
    "person_rarely_found": "A person was found in few frames only; use the numbers with care.",
    "person_changed": "The tracker jumped to another place or person; nothing is joined across it. Film one person.",
    "main_person_unclear": "Two people are about equally prominent. Check in the annotated video who is person 0.",
    "people_seen_too_short": "People were seen too briefly to be counted. Lower people.min_seen_s to include them.",
    "single_frame": "The video has one frame: there are no speeds and no filtering.",
    "low_frame_rate": "The frame rate is too low for the filter's cut-off; affected series are unfiltered.",
    "cutoff_found": "The cut-off was chosen by the data. Give --cutoff_hz to choose it.",
    "frames_sampled": "Poses were estimated in some frames only, as asked for; the others are interpolated.",
    "seam_repaired": "At a segment border the tracker followed another person; the segment was estimated again.",
    "seam_disagrees": "At a segment border the two sides show different poses; nothing is joined across it.",
    "view_oblique": "The side view is turned by more than 30 degrees; angles in the image can be far off the joint's.",
    "view_frontal": "The person faces the camera or away; angles that need a side view are withheld there.",
    "sides_swapped": "Left and right limbs are exchanged for a while. Look at the video there, or ask for the repair.",
    "skeleton_implausible": "Body segments change their length more than a body can. Use the numbers there with care.",
    "scale_changes": "The person comes nearer or goes away; metres hold near the median distance. Film across the way.",
    "floor_moves": "The camera, or a treadmill, moves: speeds and places are those in the picture. Use a tripod.",
    "view_from_above": "The camera looks down or up at the person; lengths are foreshortened. Film from hip height.",
    "camera_rolled": "The floor slopes in the picture. Level the camera, or take the slope off angles to the vertical.",
    "audio_transcoded": "The sound's codec cannot be carried by MP4; it was re-encoded to AAC.",
    "audio_dropped": "The sound could not be kept; the annotated video is silent.",
    "landmarks_not_estimated": "The estimator lacks some landmarks; use yolo+blazepose or blazepose for all of them.",
    "not_annotated": "The annotated video could not be written; numbers are complete.",
}
"""Every reason code with its advice."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about one input.

    Attributes
    ----------
    code
        Key of :data:`CODES`.
    message
        What was seen, with numbers.
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
        """What to do about it."""
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
