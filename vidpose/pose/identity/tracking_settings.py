"""Every threshold of following several people, in one place.

"Ours" stands for: chosen on rendered clips with people who cross and on real clips with one to six people, so that
no identity was exchanged and nobody was counted twice; ``benchmarks/people.py`` and ``benchmarks/people_real.py``
print the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrackingSettings:
    """How people are found, kept apart and found again.

    Lengths in "sizes" are shares of the body's size, the longest of torso, thigh and shank in the picture.

    Attributes
    ----------
    calm_interval_s
        Time between two searches while all is calm; each looks at one view of the picture. Ours: costs 3 %.
    alert_interval_s
        The same while somebody is out of sight, or newly found; the search is where they are expected. Ours.
    alert_s
        For how long a person who is out of sight is searched for where they are expected. Ours.
    parts
        Whether parts of the picture are searched as well. BlazePose's detector needs that; one that sees small people
        in the whole picture, such as YOLO, does not.
    small_views
        Views per longer side of the picture in the first search, for people who are small in the picture. Ours.
    small_overlap
        Share by which those views overlap. Ours: with less, people at the back of a street are cut and missed.
    sure_score, sure_presence
        Confidence of detection and of landmarks from which on somebody gets a number at once. Ours.
    n_confirming
        How often anybody else must be detected again, in other views or later frames, before they get a number.
        Ours.
    same_region, same_detection
        Distance of two regions as a share of their side below which they show one person, for a detection and somebody
        followed, and for two detections. Ours: detections of one person differ more, and a mistake costs only a look.
    same_body
        Median distance of landmarks in sizes below which two tracks follow one body. Ours: people who stand behind
        each other are further apart unless one hides the other.
    same_newcomer
        The same between somebody newly detected and anybody followed. Ours: the first pose is less exact.
    near, apart
        Distance of trunks in sizes below which people are about to hide each other, and above which no more. Ours.
    motion_window_s
        Time over which position and velocity are fitted. Ours: a third of a stride.
    max_forecast_s
        Time for which somebody out of sight is expected to go on moving. Ours: crossing a person takes half a second.
    max_drift, drift_growth_per_s
        How far from the expected place, in sizes, somebody can be found again, at once and per second more. Ours.
    max_size_ratio
        How much larger or smaller they can be when found again within ``alert_s``. Ours.
    max_appearance_distance
        Distance of looks, 0 to 1, up to which somebody is known again, wherever they are. Ours: the same person
        differs by 0.05 to 0.25 from earlier looks, others by 0.3 and more.
    max_own_distance
        Distance of looks above which somebody in company is taken for a mixture of two bodies, and their pose is left
        out. Ours.
    own_limb, other_limb
        Half the thickness of limbs, in sizes, with which somebody's own body is spared and another one near them is
        veiled before their landmarks are read. Ours: with 0.2 and 0.25 for the own body, errors rose in some
        clips.
    max_jump
        Distance from the expected place, in sizes, beyond which a landmark of somebody in company jumped; it is
        reported with visibility 0. Ours: 0.25 to 0.35 did equally well on the rendered clips.
    max_doubt_s
        Time after which such a landmark is believed all the same. Ours: a third of a stride.
    drift_scale, appearance_scale
        What counts as one unit of evidence: sizes off the expected place, difference of looks. Ours.
    min_swap_evidence
        Units of evidence that it takes to take two numbers for exchanged. Ours.
    n_swap_samples
        Looks at both people after they separated before they are compared. Ours.
    appearance_interval_s
        Time between two looks at what somebody who is in full view wears. Ours.
    max_remembered
        People out of sight who are remembered. Ours.
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
