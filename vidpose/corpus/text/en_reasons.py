"""Why a metric is withheld, in English, and what would help; the first reason of each is the one for tables."""

from __future__ import annotations

from vidpose.corpus.text.grammar import Rules

REASONS: Rules = {
    "no_data": (
        "no frame shows the landmarks that it needs",
        "the landmarks behind it were (never|nowhere) (seen|found|in view)",
        (
            "the landmarks it is built from (do not appear in any frame|are out of the picture throughout|stay "
            "hidden from start to end)"
        ),
        "(the camera|the video) never shows (the body parts|the joints) that go into it",
        "(what it is measured on|the body part in question) stays (out of frame|out of sight|hidden)",
    ),
    "low_confidence": (
        "too few of the samples can be trusted",
        "the pose estimate was too unsure too often",
        "(most of the samples|too many frames) failed the confidence check",
        "the tracking was (too shaky|not steady enough) (for a number|to rely on)",
        "the landmarks (jump about too much|were found too unreliably)",
        "(I|we) cannot trust enough of the frames",
    ),
    "too_short": (
        "the movement was seen for too short a time",
        "the usable stretch of video is too short",
        "there is not enough footage of the movement",
        "the clip (ends too soon|is too brief|does not last long enough)",
        "(only a brief moment|too brief a stretch) of the movement is (usable|on film)",
    ),
    "irregular_times": (
        "the frames are too unevenly spaced in time",
        "the time between frames varies too much",
        "the video's timing is too irregular",
        "the camera (did not keep|kept no) steady pace between frames",
    ),
    "frame_rate": (
        "the frame rate is too low",
        "the camera took too few frames for that",
        "with so few frames it cannot be resolved in time",
        "the camera is (too slow|not fast enough) for it",
        "the movement is too fast for (this frame rate|what this camera setting can catch)",
        "(it takes|it needs) the slow-motion setting of the camera",
    ),
    "view": (
        "the camera does not see the plane that it is measured in",
        "it takes (a different|another) camera angle",
        "from this viewpoint the plane of the movement is hidden",
        "the view does not allow it",
        "the camera is (in the wrong place|at the wrong angle) for it",
        "(from where|from the spot where) the camera stands, it cannot be seen",
        "(this view|the camera angle) hides it",
    ),
    "one_side_hidden": (
        "the body hides a side that this metric needs",
        "the far side is covered by the body",
        "the sides cannot be seen equally well from here",
        "one side of the body is (hidden behind|covered by) the other",
        "the camera sees (the near side well and the far side badly|the near side only)",
    ),
    "no_height": (
        "it needs the person's height, which was not given",
        "without the body height there is no scale in metres",
        "the person's height was not entered",
        "the (body height|person's height) is (missing|not known), and metres (need|depend on) it",
    ),
    "no_feet": (
        "the pose model gives no feet",
        "heels and toes are missing from the pose model",
        "it cannot do without foot landmarks, and the pose model has none",
        "this pose model (stops at the ankles|does not track the feet)",
    ),
    "no_world": (
        "the pose model gives no world landmarks",
        "there are no landmarks in space, only in the picture",
        "the pose model (works in the picture only|knows no depth)",
    ),
    "no_events": (
        "too few of the events that it is computed from were detected",
        "the events behind it hardly occur in the video",
        "the steps or jumps that it is computed from were not detected often enough",
        "(not enough|too few) (steps or jumps|repetitions) could be (picked out|detected)",
        "the clip shows too few (steps or jumps|such events) to go on",
    ),
    "not_static": (
        "it needs a person who stands still",
        "the person moved, and it is defined for quiet standing",
        "the video shows no quiet standing",
        "the (person|athlete) never stands still for long enough",
        "it only makes sense for quiet standing, and the (person|athlete) keeps moving",
    ),
    "not_cyclic": (
        "the movement does not repeat itself",
        "it applies to cyclic movements, and this is not one of them",
        "no separate cycles could be identified",
        "(it takes|it needs) a movement that repeats, and none was found",
        "there is no (regular rhythm|repeating pattern) in the movement",
    ),
    "in_place": (
        "the body stays in place in the picture, so there are no distances",
        "on a treadmill, or with a camera that follows, the distance covered is unknown",
        "the person does not travel through the picture",
        "the (athlete|person) does not move across the picture, as on a treadmill",
    ),
    "not_moving": (
        "the point or joint hardly moves",
        "there is too little movement here",
        "the part that should move stays nearly still",
        "this (joint|body part) (is almost at rest|barely moves) here",
    ),
    "undefined": (
        "the formula has no value here",
        "it would mean a division by almost nothing",
        "the computation breaks down for these data",
        "(the arithmetic|the formula) does not work out with these data",
    ),
    "scale": (
        "the person's size in the picture changes, so lengths cannot be compared",
        "the scale of the picture is not constant",
        "the camera's distance or pitch distorts the lengths",
        "the person comes nearer or moves away, so lengths (do not compare|cannot be trusted)",
    ),
    "below_noise": (
        "the difference does not clear the measurement noise",
        "the measurement cannot resolve such a small difference",
        "it (drowns|is lost) in the measurement noise",
    ),
}
REMEDIES: Rules = {
    "no_data": (
        "film so that the whole body stays in the picture",
        "keep the (body|athlete) in full view",
        "step back with the camera until head and feet are in the picture",
        "(check|make sure) that no (limb|part of the body) leaves the frame",
    ),
    "low_confidence": (
        "use good light and plain clothes",
        "film with light from the front and a calm background",
        "(choose|look for) (a brighter place|clothes that stand out from the background)",
        "avoid baggy clothes and backlight",
    ),
    "too_short": (
        "film for a longer time",
        "record a longer stretch of the movement",
        "let the camera run (before and after|well past) the movement",
    ),
    "irregular_times": (
        "record with a constant frame rate",
        "switch off the variable frame rate",
    ),
    "frame_rate": (
        "record with a higher frame rate",
        "choose the fast setting of the camera",
        "switch the camera to (its slow-motion mode|a higher frame rate)",
    ),
    "view": (
        "place the camera in the plane that the metric asks for",
        "turn the camera towards the plane in question",
        "move the camera to (the matching side|the view that it needs)",
    ),
    "one_side_hidden": (
        "film from the front or from behind",
        "choose a view in which neither side is covered",
        "use a view that shows both sides",
    ),
    "no_height": (
        "enter the person's height",
        "give the standing height along with the video",
        "(measure|note) the person's height and enter it",
    ),
    "no_feet": (
        "use a pose model with feet",
        "choose a pose estimator that finds heels and toes",
    ),
    "no_world": (
        "use a pose model with world landmarks",
        "choose a pose estimator that gives depth",
    ),
    "no_events": (
        "film further steps or jumps",
        "record a longer series of the movement",
        "(keep going|go on) for several steps or jumps in front of the camera",
    ),
    "not_static": (
        "have the person stand still for a while",
        "film quiet standing",
        "(stand|let the athlete stand) still in front of the camera for a while",
    ),
    "not_cyclic": (
        "film a series of the same movement",
        "repeat the movement several times in a row",
        "do several repetitions without a break",
    ),
    "in_place": (
        "use a fixed camera and let the person pass by",
        "film overground with the camera at rest",
        "put the camera on a tripod and walk or run past it",
    ),
    "not_moving": (
        "film a movement that uses this joint",
        "choose an exercise in which this joint works",
    ),
    "undefined": (
        "film a movement that is clearly visible",
        "perform the movement over its full range",
    ),
    "scale": (
        "keep the camera level and the distance constant",
        "film from the side, level, at a constant distance",
        "put the camera on a level tripod and keep the distance",
    ),
    "below_noise": (
        "film closer and for a longer time",
        "repeat the recording and compare again",
    ),
}
