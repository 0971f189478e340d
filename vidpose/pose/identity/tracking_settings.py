"""Thresholds of following several people.

"Ours" means chosen on rendered clips with people who cross and on real clips with one to six people, so that no
identity was exchanged and no person was counted twice; ``benchmarks/people.py`` and ``benchmarks/people_real.py`` print
the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrackingSettings:
    """How people are detected, told apart and recognised.

    Lengths in "sizes" are shares of the body's size, the longest of torso, thigh and shank in the picture.

    Attributes
    ----------
    calm_interval_s
        Time between two searches while all people are visible; each covers one view of the picture. Ours: costs 3 %.
    alert_interval_s
        The same while a person is out of sight or newly detected; the search covers where they are expected. Ours.
    alert_s
        How long a person out of sight is searched for where they are expected. Ours.
    parts
        Whether parts of the picture are searched as well. BlazePose's detector needs that; one that detects small
        people in the whole picture, such as YOLO, does not.
    small_views
        Views per longer side of the picture in the first search, for people who are small in the picture. Ours.
    small_overlap
        Share by which those views overlap. Ours: with less, people far from the camera are cut and missed.
    sure_score, sure_presence
        Confidence of detection and of landmarks above which a person gets a number at once. Ours.
    n_confirming
        How often other people must be detected again, in other views or later frames, before they get a number. Ours.
    same_region, same_detection
        Distance between two regions as a share of their side below which they show one person: for a detection and a
        person followed, and for two detections. Ours: detections of one person differ more, and a mistake only costs
        one reading of landmarks.
    same_body
        Median distance between landmarks in sizes below which two tracks follow one body. Ours: people behind each
        other are further apart unless one hides the other.
    same_newcomer
        The same between a newly detected person and a person followed. Ours: the first pose is less exact.
    near, apart
        Distance between trunks in sizes below which an encounter begins, and above which it ends. Ours.
    motion_window_s
        Time over which position and velocity are fitted. Ours: a third of a stride.
    max_forecast_s
        Time for which a person out of sight is expected to keep moving. Ours: passing behind a person takes half a
        second.
    max_drift, drift_growth_per_s
        Distance from the expected place, in sizes, within which a person can be found again: at once, and additionally
        per second. Ours.
    max_size_ratio
        Largest ratio of sizes of a person found again within ``alert_s``. Ours.
    max_appearance_distance
        Distance between appearances, 0 to 1, up to which a person is recognised anywhere in the picture. Ours: one
        person differs by 0.05 to 0.25 from before, other people by 0.3 or more.
    max_own_distance
        Distance between appearances above which the pose of a person near another one is taken for a mixture of two
        bodies and left out. Ours.
    own_limb, other_limb
        Half the thickness of limbs, in sizes, with which a person's own body is spared and other bodies nearby are
        masked before landmarks are read. Ours: with 0.2 and 0.25 for the own body, errors rose in some clips.
    max_jump
        Distance from the expected place, in sizes, beyond which a landmark of a person near others has jumped; it is
        reported with visibility 0. Ours: 0.25 to 0.35 did equally well on the rendered clips.
    max_doubt_s
        Time after which such a landmark is accepted all the same. Ours: a third of a stride.
    drift_scale, appearance_scale
        What counts as one unit of evidence: sizes from the expected place, difference of appearance. Ours.
    min_swap_evidence
        Units of evidence needed to conclude that two numbers were exchanged. Ours.
    n_swap_samples
        Samples of appearance taken of both people after they parted before they are compared. Ours.
    appearance_interval_s
        Time between two samples of the appearance of a person in full view. Ours.
    max_remembered
        Number of people out of sight who are remembered. Ours.
    """

    calm_interval_s: float = 0.75
    alert_interval_s: float = 0.1
    alert_s: float = 2.0
    parts: bool = True
    small_views: int = 3
    small_overlap: float = 0.5
    sure_score: float = 0.75
    sure_presence: float = 0.9
    n_confirming: int = 2
    same_region: float = 0.08
    same_detection: float = 0.15
    same_body: float = 0.3
    same_newcomer: float = 0.5
    near: float = 1.2
    apart: float = 1.5
    motion_window_s: float = 0.3
    max_forecast_s: float = 1.0
    max_drift: float = 1.0
    drift_growth_per_s: float = 1.5
    max_size_ratio: float = 1.6
    max_appearance_distance: float = 0.3
    max_own_distance: float = 0.4
    own_limb: float = 0.3
    other_limb: float = 0.25
    max_jump: float = 0.25
    max_doubt_s: float = 0.3
    drift_scale: float = 0.5
    appearance_scale: float = 0.1
    min_swap_evidence: float = 1.0
    n_swap_samples: int = 4
    appearance_interval_s: float = 0.1
    max_remembered: int = 50
